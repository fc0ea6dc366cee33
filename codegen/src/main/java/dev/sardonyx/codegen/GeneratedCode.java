package dev.sardonyx.codegen;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.JavaFile;
import java.util.List;
import java.util.Set;

/**
 * What a target makes of a network.
 *
 * @param sources the classes behind the model's API
 * @param engine expression that creates the {@link dev.sardonyx.runtime.Engine} in the model's {@code load(options)}
 * @param weights the constants
 * @param kernels the kernels in order, for reports
 * @param memory what a session takes, for reports
 * @param resources what else the generated code reads
 * @param parts what it needs of the runtime
 */
public record GeneratedCode(
        List<JavaFile> sources,
        CodeBlock engine,
        List<WeightBlob> weights,
        List<KernelReport> kernels,
        MemoryPlan memory,
        List<Resource> resources,
        Set<RuntimePart> parts) {
    public GeneratedCode {
        sources = List.copyOf(sources);
        weights = List.copyOf(weights);
        kernels = List.copyOf(kernels);
        resources = List.copyOf(resources);
        parts = Set.copyOf(parts);
    }
}
