package dev.sardonyx.runtime.kernels;

/** Arithmetic on strided index spaces. */
final class Strides {

    private Strides() {}

    /** Offset of element {@code index} (row-major) of a space with the given dimensions and strides. */
    static int offset(int index, int[] dims, int[] strides) {
        int offset = 0;
        int rest = index;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            offset += rest % dims[axis] * strides[axis];
            rest /= dims[axis];
        }
        return offset;
    }

    static int product(int[] dims) {
        int product = 1;
        for (int dim : dims) {
            product *= dim;
        }
        return product;
    }
}
