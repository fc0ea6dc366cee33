package dev.sardonyx.runtime.kernels;

/**
 * How the left matrix of a product is packed: as strips of rows, each as many as one or a few tiles compute. The distance between two
 * rows is one and the same in every layer of every network, since C2 needs it as a literal to keep the tile's sums in registers.
 * As many strips as fit into {@link #BLOCK} columns lie side by side; deeper ones are cut into blocks of so many columns, one after another.
 *
 * @param rows rows of a strip
 * @param depth columns of the matrix, those of zeros included that fill it up ({@link #filled})
 */
public record Strips(int rows, int depth) {

    /** Columns of a block, and the most that a tile multiplies at a time. */
    public static final int BLOCK = 1024;

    /** Floats from row to row. A cache line more than a block, or all rows of a strip would fall into one set of the cache. */
    public static final int PITCH = BLOCK + Arena.LINE;

    /** Columns that some tiles multiply in one step. */
    public static final int STEP = 4;

    /** {@code depth} columns and what fills them up to whole steps. */
    public static int filled(int depth) {
        return (depth + STEP - 1) / STEP * STEP;
    }

    /** Columns, up to whole cache lines. */
    private int width() {
        return (depth + Arena.LINE - 1) / Arena.LINE * Arena.LINE;
    }

    private int sideBySide() {
        return Math.max(1, BLOCK / Math.max(1, width()));
    }

    /** Floats from block to block. */
    int blockStride() {
        return rows * PITCH;
    }

    private int blocks() {
        return Math.max(1, (depth + BLOCK - 1) / BLOCK);
    }

    /** Where strip {@code strip} begins. */
    int at(int strip) {
        return strip / sideBySide() * blocks() * blockStride() + strip % sideBySide() * width();
    }

    /** Floats that {@code count} strips take. */
    public int size(int count) {
        return (count + sideBySide() - 1) / sideBySide() * blocks() * blockStride();
    }

    /** Strips of a matrix of {@code total} rows. */
    public int count(int total) {
        return (total + rows - 1) / rows;
    }

    /** Where column {@code k} of a strip's first row lies, from the strip's beginning. */
    int column(int k) {
        return k / BLOCK * blockStride() + k % BLOCK;
    }
}
