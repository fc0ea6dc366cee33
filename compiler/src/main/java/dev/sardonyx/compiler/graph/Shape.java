package dev.sardonyx.compiler.graph;

import java.util.List;
import java.util.stream.IntStream;

/** Known dimensions, outermost first; a scalar has none. The number of elements fits an int. */
public record Shape(List<Integer> dims) {

    public Shape {
        dims = List.copyOf(dims);
        long product = 1;
        for (int dim : dims) {
            if (dim < 0) {
                throw new IllegalArgumentException("negative dimension in " + dims);
            }
            product *= dim;
            if (product > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("more than 2^31 - 1 elements in " + dims);
            }
        }
    }

    public static Shape of(int... dims) {
        return new Shape(IntStream.of(dims).boxed().toList());
    }

    public int rank() {
        return dims.size();
    }

    public int dim(int axis) {
        return dims.get(axis);
    }

    /** Number of elements. */
    public int elements() {
        return product(0, rank());
    }

    /** Product of the dimensions {@code from} to {@code to} (exclusive). */
    public int product(int from, int to) {
        int product = 1;
        for (int dim : dims.subList(from, to)) {
            product *= dim;
        }
        return product;
    }

    /** Row-major strides, in elements. */
    public int[] strides() {
        int[] strides = new int[rank()];
        int stride = 1;
        for (int axis = rank() - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= Math.max(dim(axis), 1);
        }
        return strides;
    }

    public int[] toArray() {
        return dims.stream().mapToInt(Integer::intValue).toArray();
    }

    /**
     * The shape to which both broadcast by ONNX's (NumPy's) rules.
     *
     * @throws IllegalArgumentException if they do not
     */
    public static Shape broadcast(Shape a, Shape b) {
        int rank = Math.max(a.rank(), b.rank());
        int[] dims = new int[rank];
        for (int axis = 0; axis < rank; axis++) {
            int left = a.fromEnd(rank - axis);
            int right = b.fromEnd(rank - axis);
            if (left != right && left != 1 && right != 1) {
                throw new IllegalArgumentException(a + " and " + b + " do not broadcast");
            }
            dims[axis] = left == 1 ? right : left;
        }
        return of(dims);
    }

    private int fromEnd(int distance) {
        return distance > rank() ? 1 : dim(rank() - distance);
    }

    @Override
    public String toString() {
        return dims.toString();
    }
}
