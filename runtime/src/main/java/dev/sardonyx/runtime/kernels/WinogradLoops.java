package dev.sardonyx.runtime.kernels;

/**
 * The transforms of Winograd's minimal filtering F(m×m, 3×3), m = 2 or 4, over vectors of channels (A. Lavin, S. Gray: Fast
 * Algorithms for Convolutional Neural Networks, 2015; points 0, ±1 and for m = 4 also ±2). Both are one-dimensional passes down
 * the columns and then along the rows of a tile. The (m+2)² values of a transformed tile lie {@code plane} apart, row by row.
 */
public interface WinogradLoops extends Exercised {

    /** Lanes of the widest vectors. */
    int MAX_LANES = 16;

    /**
     * Transforms the (m+2)² input pixels of a tile: Bᵀ d B.
     *
     * @param m output pixels of a tile in each direction
     * @param first offset of the first channel of the tile's first input pixel
     * @param out receives the transformed tile, from {@code o} on
     * @param block from one block of {@link Strips#BLOCK} channels to the next in the output
     * @param plane from value to value in the output
     * @param channels a multiple of the vector's lanes
     * @param scratch room for (m+2)² vectors, from {@code t} on
     */
    void input(
            int m,
            float[] in,
            int first,
            int rowStride,
            int pixelStride,
            float[] out,
            int o,
            int block,
            int plane,
            int channels,
            float[] scratch,
            int t);

    /**
     * Transforms a tile back, Aᵀ M A.
     *
     * @param sums the transformed tile, from {@code v} on
     * @param width channels of a panel
     * @param panel from panel to panel
     * @param plane from value to value
     * @param channels a multiple of the vector's lanes
     * @param scratch receives the m² pixels, {@code channels} each, from {@code t} on; room for (m+2)² vectors from
     *     {@code between} on
     */
    void output(
            int m,
            float[] sums,
            int v,
            int width,
            int panel,
            int plane,
            int channels,
            float[] scratch,
            int t,
            int between);
}
