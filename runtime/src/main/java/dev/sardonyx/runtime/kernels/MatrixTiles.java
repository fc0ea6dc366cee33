package dev.sardonyx.runtime.kernels;

/**
 * The generated inner kernels: products of a strip of rows ({@link Strips}) with a panel of columns. All convolutions of a
 * network, direct or by Winograd's filtering, run on these few methods, for C2 has to compile each of them before it is fast.
 */
public interface MatrixTiles {

    /**
     * Computes the products of a strip's leading rows with a panel.
     *
     * @param tile which tile
     * @param strips holds the strip, from {@code s} on
     * @param panels holds the panel, from {@code p} on: for each k the weights of its columns
     * @param depth length of the sums, a multiple of {@link Strips#STEP}, at most {@link Strips#BLOCK}; where it is 0, which no inference asks for, {@code out} may keep what it holds
     * @param out receives the sums, row by row, from {@code o} on, or has them added
     * @param ahead where a tile that reads ahead does so in {@code panels}; the others ignore it
     * @param pace floats that it reads ahead for each {@link Strips#STEP} columns
     */
    void multiply(
            int tile, float[] strips, int s, float[] panels, int p, int depth, float[] out, int o, int ahead, int pace);
}
