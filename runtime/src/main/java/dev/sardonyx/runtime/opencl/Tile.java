package dev.sardonyx.runtime.opencl;

import java.util.Locale;

/**
 * How a work-group cuts a convolution's matrix product.
 *
 * @param rows output pixels of a work-group, a multiple of {@code threadRows}
 * @param columns output channels of a work-group, a multiple of {@code threadColumns}
 * @param depth length of the pieces of the sums that local memory holds, a multiple of 4
 * @param threadRows output pixels of a work-item, a multiple of 4
 * @param threadColumns output channels of a work-item, a multiple of 4
 */
record Tile(int rows, int columns, int depth, int threadRows, int threadColumns) implements Tiling {

    @Override
    public int threads() {
        return rows / threadRows * (columns / threadColumns);
    }

    /** Two pieces of both matrices, as convolution.cl declares them. */
    @Override
    public long localMemory() {
        return 2L * depth * (rows + 4 + columns) * Float.BYTES;
    }

    @Override
    public boolean isEven() {
        return threadRows % LANES == 0
                && threadColumns % LANES == 0
                && depth % LANES == 0
                && rows % threadRows == 0
                && columns % threadColumns == 0
                && threadRows * threadColumns <= MOST_SUMS
                && loadsEvenly();
    }

    @Override
    public String kernel() {
        return "convolution_product";
    }

    @Override
    public String options() {
        return String.format(
                Locale.ROOT,
                "-DTILE_ROWS=%d -DTILE_COLUMNS=%d -DTILE_DEPTH=%d -DTHREAD_ROWS=%d -DTHREAD_COLUMNS=%d",
                rows,
                columns,
                depth,
                threadRows,
                threadColumns);
    }

    @Override
    public String toString() {
        return rows + "x" + columns + "x" + depth + "/" + threadRows + "x" + threadColumns;
    }
}
