package dev.sardonyx.runtime.kernels;

/**
 * The generated inner kernels of all convolutions of a network: each tile computes a few neighbouring pixels times a panel
 * of output channels with the sums in registers. What C2 needs as a literal (pixel pitch, tile size, number of kernel rows) is
 * fixed in the tile; everything else is a parameter, so that layers share tiles and few methods need compiling.
 */
public interface ConvolutionTiles {

    /** Bit of {@code epilogue}: add the residual. */
    int RESIDUAL = 1;

    /** Bit of {@code epilogue}: apply the activation. */
    int ACTIVATE = 2;

    /**
     * Computes one tile.
     *
     * @param tile which tile
     * @param in input array; {@code inOffset} is where the first pixel's window begins
     * @param rowStride from one kernel row to the next
     * @param columnStride from one kernel column to the next, where the tile treats columns one by one
     * @param depth how many contiguous input values each tap sums
     * @param weights packed weights ({@link ConvolutionPacking}); {@code weightOffset} is where the panel begins
     * @param out output array; {@code outOffset} is the first pixel's first channel of this panel
     * @param outPitch from output pixel to output pixel
     * @param residual array added before the activation, with its own offset and pitch
     * @param epilogue sum of {@link #RESIDUAL} and {@link #ACTIVATE}
     * @param count how many of the tile's pixels to store, from 1
     */
    void run(
            int tile,
            float[] in,
            int inOffset,
            int rowStride,
            int columnStride,
            int depth,
            float[] weights,
            int weightOffset,
            float[] out,
            int outOffset,
            int outPitch,
            float[] residual,
            int residualOffset,
            int residualPitch,
            int epilogue,
            int count);
}
