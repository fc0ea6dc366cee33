package dev.sardonyx.codegen.simd;

import com.palantir.javapoet.CodeBlock;
import java.util.List;
import java.util.function.Function;

/**
 * One step of a network, ready to be written.
 *
 * @param name what it computes, for people; without the nodes' names
 * @param origins the ONNX nodes that it covers
 * @param algorithm how it computes it
 * @param multiplyAccumulates operations of one run
 * @param bytes bytes that it reads and writes
 * @param accuracy what there is to say of its error, for people; mostly empty
 * @param computation estimate of what it computes besides waiting for them, in the unit of {@link Roofline}
 * @param constructor the expression that creates the step, given the slots and the expression of its StepInfo
 */
record PlannedStep(
        String name,
        List<String> origins,
        String algorithm,
        String accuracy,
        long multiplyAccumulates,
        long bytes,
        double computation,
        Constructor constructor) {

    PlannedStep {
        origins = List.copyOf(origins);
    }

    /** A step of whose error there is nothing to say. */
    PlannedStep(
            String name,
            List<String> origins,
            String algorithm,
            long multiplyAccumulates,
            long bytes,
            double computation,
            Constructor constructor) {
        this(name, origins, algorithm, "", multiplyAccumulates, bytes, computation, constructor);
    }

    /** A step that computes nothing worth mentioning but its multiply-accumulates. */
    PlannedStep(
            String name,
            List<String> origins,
            String algorithm,
            long multiplyAccumulates,
            long bytes,
            Constructor constructor) {
        this(name, origins, algorithm, multiplyAccumulates, bytes, (double) multiplyAccumulates, constructor);
    }

    /** The same step, which runs once for each of {@code images} images. */
    PlannedStep times(int images) {
        return new PlannedStep(
                name,
                origins,
                algorithm + ", for each of %d images".formatted(images),
                accuracy,
                images * multiplyAccumulates,
                images * bytes,
                images * computation,
                constructor);
    }

    /** How long it takes, estimated, in the unit of {@code roofline}. */
    double time(Roofline roofline) {
        return computation + roofline.memory((double) bytes);
    }

    /** Writes the expression that creates a step. */
    interface Constructor {
        CodeBlock write(Slots slots, CodeBlock info);
    }

    /** A constructor that needs no slots but those of its operands. */
    static Constructor of(Function<Slots, CodeBlock> arguments, Class<?> step) {
        return (slots, info) -> CodeBlock.of("new $T($L, $L)", step, info, arguments.apply(slots));
    }
}
