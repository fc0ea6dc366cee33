package dev.sardonyx.codegen;

import java.util.OptionalDouble;

/**
 * One kernel of a compiled network, for people.
 *
 * @param name what it computes and the ONNX nodes that it covers
 * @param algorithm how, on the widest vectors
 * @param multiplyAccumulates operations of one run
 * @param bytes bytes of tensors and weights that it reads and writes
 * @param time how long it takes, estimated, in multiply-accumulates at the peak of a core; empty where the target has no estimate
 * @param accuracy what there is to say of its error; mostly empty
 */
public record KernelReport(
        String name, String algorithm, long multiplyAccumulates, long bytes, OptionalDouble time, String accuracy) {

    /** The share of the peak that is predicted; empty where nothing is, or where it multiplies nothing. */
    public OptionalDouble predictedShare() {
        return time.isPresent() && multiplyAccumulates > 0
                ? OptionalDouble.of(multiplyAccumulates / time.getAsDouble())
                : OptionalDouble.empty();
    }
}
