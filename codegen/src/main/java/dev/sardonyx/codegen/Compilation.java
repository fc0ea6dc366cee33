package dev.sardonyx.codegen;

import dev.sardonyx.codegen.program.Program;
import dev.sardonyx.runtime.ModelInfo;

/**
 * What to compile, and under which name.
 *
 * @param program the network
 * @param info what the model says of itself; its name is the generated class's simple name
 * @param packageName Java package of the generated classes, and the name of the jar's module
 */
public record Compilation(Program program, ModelInfo info, String packageName) {

    public String className() {
        return info.name();
    }
}
