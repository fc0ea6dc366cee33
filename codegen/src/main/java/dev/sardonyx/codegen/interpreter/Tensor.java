package dev.sardonyx.codegen.interpreter;

import java.util.List;

/** Row-major values with their shape. Not compared. */
record Tensor(List<Integer> shape, float[] values) {

    static Tensor zeros(List<Integer> shape) {
        return new Tensor(shape, new float[shape.stream().reduce(1, Math::multiplyExact)]);
    }

    int rank() {
        return shape.size();
    }

    int dim(int axis) {
        return shape.get(axis);
    }

    /** Product of the dimensions {@code from} to {@code to} (exclusive). */
    int product(int from, int to) {
        return shape.subList(from, to).stream().reduce(1, Math::multiplyExact);
    }

    /** The element at the given coordinates of an image [N, C, H, W]. */
    float at(int n, int c, int h, int w) {
        return values[((n * dim(1) + c) * dim(2) + h) * dim(3) + w];
    }

    /** The coordinates of a row-major index. */
    int[] coordinates(int index) {
        int[] coordinates = new int[rank()];
        for (int axis = rank() - 1; axis >= 0; axis--) {
            coordinates[axis] = index % dim(axis);
            index /= dim(axis);
        }
        return coordinates;
    }

    /** The row-major index of coordinates. */
    int index(int[] coordinates) {
        int index = 0;
        for (int axis = 0; axis < rank(); axis++) {
            index = index * dim(axis) + coordinates[axis];
        }
        return index;
    }

    /** The element that broadcasting reads at coordinates of a tensor of at least this rank. */
    float broadcast(int[] coordinates) {
        int[] own = new int[rank()];
        for (int axis = 0; axis < own.length; axis++) {
            own[axis] = dim(axis) == 1 ? 0 : coordinates[coordinates.length - own.length + axis];
        }
        return values[index(own)];
    }
}
