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
