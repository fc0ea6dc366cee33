package dev.sardonyx.runtime.kernels;

import java.util.Arrays;

/**
 * The tiles without the Vector API: the sums are kept in the output array, and the loop over a panel's columns is left to
 * the JVM's own vectorisation. Several times slower than the generated tiles.
 */
public final class PlainMatrixTiles implements MatrixTiles {

    private final MatrixTile[] tiles;

    public PlainMatrixTiles(MatrixTile... tiles) {
        this.tiles = tiles.clone();
    }

    @Override
    public void multiply(
            int number,
            float[] strips,
            int s,
            float[] panels,
            int p,
            int depth,
            float[] out,
            int o,
            int ahead,
            int pace) {
        MatrixTile tile = tiles[number];
        for (int row = 0; row < tile.rows(); row++) {
            int sums = o + row * tile.pitch();
            if (!tile.adds()) {
                Arrays.fill(out, sums, sums + tile.channels(), 0);
            }
            accumulate(strips, s + row * Strips.PITCH, depth, panels, p, out, sums, tile.channels());
        }
    }

    private static void accumulate(
            float[] x, int i, int count, float[] panels, int p, float[] out, int o, int columns) {
        for (int k = 0; k < count; k++) {
            float value = x[i + k];
            int line = p + k * columns;
            for (int c = 0; c < columns; c++) {
                out[o + c] += value * panels[line + c];
            }
        }
    }
}
