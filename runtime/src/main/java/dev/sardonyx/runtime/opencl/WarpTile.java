package dev.sardonyx.runtime.opencl;

import java.util.Locale;

/**
 * How a work-group cuts a convolution's matrix product for tensor cores, which multiply for 32 work-items together, a warp.
 *
 * @param rows output pixels of a work-group, a multiple of {@code warpRows}
 * @param columns output channels of a work-group, a multiple of {@code warpColumns}
 * @param depth length of the pieces of the sums that local memory holds, in words of 32 bits, a multiple of 8
 * @param warpRows output pixels of a warp, a multiple of 16
 * @param warpColumns output channels of a warp, a multiple of 8
 */
record WarpTile(int rows, int columns, int depth, int warpRows, int warpColumns) implements Tiling {

    private static final int WARP = 32;

    /** Of what the tensor cores multiply at once, in words. */
    private static final int FRAGMENT_ROWS = 16;

    private static final int FRAGMENT_COLUMNS = 8;

    private static final int FRAGMENT_DEPTH = 8;

    @Override
    public int threads() {
        return rows / warpRows * (columns / warpColumns) * WARP;
    }

    /** Two pieces of both matrices, as tensor.cl declares them. */
    @Override
    public long localMemory() {
        return 2L * (rows * (depth + 4) + depth * (columns + 8)) * Integer.BYTES;
    }

    @Override
    public boolean isEven() {
        return warpRows % FRAGMENT_ROWS == 0
                && warpColumns % FRAGMENT_COLUMNS == 0
                && depth % FRAGMENT_DEPTH == 0
                && rows % warpRows == 0
                && columns % warpColumns == 0
                && warpRows * warpColumns <= MOST_SUMS * WARP
                && loadsEvenly();
    }

    @Override
    public String kernel() {
        return "convolution_tensor";
    }

    @Override
    public String options() {
        return String.format(
                Locale.ROOT,
                "-DTILE_ROWS=%d -DTILE_COLUMNS=%d -DTILE_WORDS=%d -DWARP_ROWS=%d -DWARP_COLUMNS=%d",
                rows,
                columns,
                depth,
                warpRows,
                warpColumns);
    }

    @Override
    public String toString() {
        return "by tensor cores " + rows + "x" + columns + "x" + depth + "/" + warpRows + "x" + warpColumns;
    }
}
