package dev.sardonyx.codegen;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.JavaFile;
import dev.sardonyx.codegen.program.Constant;
import java.util.List;

/**
 * What a target makes of a network.
 *
 * @param sources the classes behind the model's API
 * @param engine expression that creates the {@link dev.sardonyx.runtime.Engine} in the model's {@code load()}
 * @param weights the constants, in the order in which the generated code reads them
 * @param kernels the kernels in order, for reports
 * @param memory what a session takes, for reports
 */
public record GeneratedCode(
        List<JavaFile> sources,
        CodeBlock engine,
        List<Constant> weights,
        List<KernelReport> kernels,
        MemoryPlan memory) {
    public GeneratedCode {
        sources = List.copyOf(sources);
        weights = List.copyOf(weights);
        kernels = List.copyOf(kernels);
    }
}
