package dev.sardonyx.codegen;

import dev.sardonyx.codegen.program.Constant;

/**
 * A constant as a jar holds it.
 *
 * @param order the order of its values
 */
public record StoredConstant(Constant constant, Order order) {

    /** An order of values. */
    public enum Order {
        /** Row-major, as the program has them. */
        ROW_MAJOR,
        /** The first axis last: the weights of a convolution, for each input channel and tap a row of output channels. */
        FIRST_AXIS_LAST
    }

    public static StoredConstant rowMajor(Constant constant) {
        return new StoredConstant(constant, Order.ROW_MAJOR);
    }

    public static StoredConstant firstAxisLast(Constant constant) {
        return new StoredConstant(constant, Order.FIRST_AXIS_LAST);
    }

    /** Number of values. */
    int size() {
        return constant.values().length;
    }

    /** The values in their order; not to be changed. */
    float[] values() {
        return switch (order) {
            case ROW_MAJOR -> constant.values();
            case FIRST_AXIS_LAST -> transposed(constant.values(), constant.dim(0));
        };
    }

    /** Swaps the axes of a matrix of {@code rows} rows, a few rows at a time, so that what is read and written stays in the cache. */
    private static float[] transposed(float[] matrix, int rows) {
        int band = 16;
        int columns = rows == 0 ? 0 : matrix.length / rows;
        float[] transposed = new float[matrix.length];
        for (int first = 0; first < rows; first += band) {
            int end = Math.min(first + band, rows);
            for (int column = 0; column < columns; column++) {
                for (int row = first; row < end; row++) {
                    transposed[column * rows + row] = matrix[row * columns + column];
                }
            }
        }
        return transposed;
    }
}
