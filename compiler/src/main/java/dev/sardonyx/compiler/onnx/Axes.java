package dev.sardonyx.compiler.onnx;

import java.util.Arrays;
import java.util.List;

/** Axes as ONNX writes them: negative ones count from the end. */
final class Axes {

    private Axes() {}

    /** @throws IllegalArgumentException if a tensor of that rank has no such axis */
    static int resolve(long axis, int rank) {
        if (axis < -rank || axis >= rank) {
            throw new IllegalArgumentException("axis %d is not an axis of a tensor of rank %d".formatted(axis, rank));
        }
        return (int) (axis < 0 ? axis + rank : axis);
    }

    /** As {@link #resolve(long, int)}, one by one; none may repeat. */
    static List<Integer> resolve(long[] axes, int rank) {
        List<Integer> resolved =
                Arrays.stream(axes).mapToObj(axis -> resolve(axis, rank)).toList();
        if (resolved.stream().distinct().count() != resolved.size()) {
            throw new IllegalArgumentException("axes " + Arrays.toString(axes) + " repeat");
        }
        return resolved;
    }

    /** An axis that may also be the one past the last. */
    static int resolveBoundary(long axis, int rank) {
        return axis == rank ? rank : resolve(axis, rank);
    }
}
