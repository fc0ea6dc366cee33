package dev.sardonyx.codegen;

import dev.sardonyx.codegen.program.Program;
import dev.sardonyx.runtime.ModelInfo;

/**
 * What to compile, how, and under which name.
 *
 * @param program the network
 * @param info what the model says of itself; its name is the generated class's simple name
 * @param packageName Java package of the generated classes, and the name of the jar's module
 * @param options what the target may do
 */
public record Compilation(Program program, ModelInfo info, String packageName, PlanOptions options) {

    /** With everything allowed. */
    public Compilation(Program program, ModelInfo info, String packageName) {
        this(program, info, packageName, PlanOptions.DEFAULTS);
    }

    public String className() {
        return info.name();
    }
}
