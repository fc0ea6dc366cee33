package dev.sardonyx.codegen.simd;

import dev.sardonyx.runtime.kernels.MatrixTile;
import dev.sardonyx.runtime.kernels.Strips;

/**
 * How a tile's loop is written. {@code TileBenchmark} measures any form at any size.
 *
 * @param columns columns that are multiplied before the loop counts, a divisor of {@link Strips#STEP}
 * @param ordered whether C2 has to load in the order of the statements, and to check a step's first and last index of the input only
 */
record TileForm(int columns, boolean ordered) {

    /**
     * The form of a network's tiles. With 256 bits 16 registers have to do, of which the sums and the weights take 14. Then C2 must not load
     * many values before it multiplies the first, and counting and checking should take few instructions, since they are as many as the
     * multiplications. Where sums are added four columns take C2 longer than they gain. A single row's loop is unrolled at all widths,
     * for each of its columns has sums of its own.
     */
    static TileForm of(int bits, MatrixTile tile) {
        if (tile.rows() == 1) {
            return new TileForm(Strips.STEP, false);
        }
        if (bits != 256) {
            return new TileForm(1, false);
        }
        return new TileForm(tile.adds() ? 2 : Strips.STEP, true);
    }
}
