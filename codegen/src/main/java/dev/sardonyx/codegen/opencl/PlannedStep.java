package dev.sardonyx.codegen.opencl;

import com.palantir.javapoet.CodeBlock;
import java.util.List;
import java.util.function.Function;

/**
 * A step of the plan.
 *
 * @param name what it computes
 * @param origins names of the ONNX nodes that it covers
 * @param algorithm how it computes it
 * @param accuracy what there is to say of its error; mostly empty
 * @param multiplyAccumulates operations of one run
 * @param bytes bytes of tensors and weights that one run reads and writes
 * @param constructor the expression that makes it, once slots are assigned; {@code $L} of the step's info comes first
 */
record PlannedStep(
        String name,
        List<String> origins,
        String algorithm,
        String accuracy,
        long multiplyAccumulates,
        long bytes,
        Constructor constructor) {

    /** Writes the expression that makes the step. */
    interface Constructor {
        CodeBlock write(Storages.Slots slots, CodeBlock info);
    }

    /** Of a step whose other arguments are {@code arguments}. */
    static Constructor of(Class<?> step, Function<Storages.Slots, CodeBlock> arguments) {
        return (slots, info) -> CodeBlock.of("new $T(\n$L,\n$L)", step, info, arguments.apply(slots));
    }
}
