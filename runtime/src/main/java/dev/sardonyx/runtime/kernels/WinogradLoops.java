package dev.sardonyx.runtime.kernels;

/**
 * The transforms of Winograd's minimal filtering F(m×m, 3×3), m = 2 or 4, over vectors of channels (A. Lavin, S. Gray: Fast
 * Algorithms for Convolutional Neural Networks, 2015; points 0, ±1 and for m = 4 also ±2). Both are one-dimensional passes down
 * the columns and then along the rows of a tile. The (m+2)² values of a transformed tile lie {@code plane} apart, row by row.
 */
public interface WinogradLoops {

    /**
     * Transforms the (m+2)² input pixels of a tile: Bᵀ d B.
     *
     * @param m output pixels of a tile in each direction
     * @param first offset of the first channel of the tile's first input pixel
     * @param out receives the transformed tile, from {@code o} on
     * @param channels a multiple of the vector's lanes
     */
    void input(
            int m, float[] in, int first, int rowStride, int pixelStride, float[] out, int o, int plane, int channels);

    /**
     * Transforms a tile back, Aᵀ M A; the m² results lie where the first m values of the first m rows did.
     *
     * @param values the transformed tile, from {@code v} on; overwritten
     */
    void output(int m, float[] values, int v, int plane, int channels);

    /**
     * Ends one output pixel: out = activation(values + bias + residual).
     *
     * @param epilogue see {@link ConvolutionTiles#run}
     */
    void finish(
            float[] values,
            int v,
            float[] bias,
            float[] residual,
            int residualOffset,
            float[] out,
            int outOffset,
            int epilogue,
            TileShape.Clamp activation,
            int channels);
}
