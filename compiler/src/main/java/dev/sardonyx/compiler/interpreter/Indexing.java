package dev.sardonyx.compiler.interpreter;

import dev.sardonyx.compiler.graph.Shape;
import java.util.function.IntUnaryOperator;

/** Row-major indices and coordinates. */
final class Indexing {

    private Indexing() {}

    /** The coordinates of a row-major index. */
    static int[] coordinates(Shape shape, int index) {
        int[] coordinates = new int[shape.rank()];
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            coordinates[axis] = index % shape.dim(axis);
            index /= shape.dim(axis);
        }
        return coordinates;
    }

    /** The row-major index of coordinates. */
    static int index(Shape shape, int[] coordinates) {
        int index = 0;
        for (int axis = 0; axis < shape.rank(); axis++) {
            index = index * shape.dim(axis) + coordinates[axis];
        }
        return index;
    }

    /** From an index in {@code to} to the index in {@code from} that ONNX's broadcasting reads there. */
    static IntUnaryOperator broadcast(Shape from, Shape to) {
        if (from.equals(to)) {
            return i -> i;
        }
        int missing = to.rank() - from.rank();
        return i -> {
            int[] coordinates = coordinates(to, i);
            int[] source = new int[from.rank()];
            for (int axis = 0; axis < source.length; axis++) {
                source[axis] = from.dim(axis) == 1 ? 0 : coordinates[missing + axis];
            }
            return index(from, source);
        };
    }
}
