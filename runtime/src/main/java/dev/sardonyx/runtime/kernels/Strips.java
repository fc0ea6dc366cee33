package dev.sardonyx.runtime.kernels;

/**
 * How the left matrix of a product is packed. A strip is as many rows as one or a few tiles compute; within it come blocks of 64
 * columns, and in a block the rows one after another. So the distance between two rows is one and the same in every layer of every
 * network (C2 needs it as a literal to keep the tile's sums in registers), and a tile reads memory from front to end.
 *
 * @param rows rows of a strip
 * @param depth columns of the matrix
 */
public record Strips(int rows, int depth) {

    /** Columns of a block; also the floats from row to row. A multiple of every vector's lanes. */
    public static final int BLOCK = 64;

    /** Floats from block to block. */
    int blockStride() {
        return rows * BLOCK;
    }

    /** Floats in a strip. */
    public int size() {
        return (depth + BLOCK - 1) / BLOCK * blockStride();
    }

    /** Strips of a matrix of {@code total} rows. */
    public int count(int total) {
        return (total + rows - 1) / rows;
    }

    /** Where column {@code k} of the first row lies. */
    int column(int k) {
        return k / BLOCK * blockStride() + k % BLOCK;
    }
}
