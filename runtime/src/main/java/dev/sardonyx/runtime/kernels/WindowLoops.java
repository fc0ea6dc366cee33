package dev.sardonyx.runtime.kernels;

/**
 * The inner loops of poolings: all channels of one output pixel, from a rectangle of input pixels. The JVM does not vectorise
 * them by itself, since source and target might overlap for all that it knows.
 */
public interface WindowLoops extends Exercised {

    /**
     * Maximum of a rectangle of pixels; NaN wins.
     *
     * @param first offset of the first channel of its first pixel
     * @param rows pixels downwards, at least 1
     * @param columns pixels sideways, at least 1
     * @param rowStride from pixel to pixel downwards
     * @param columnStride from pixel to pixel sideways
     * @param outOffset offset of the first channel of the output pixel
     */
    void maximum(
            float[] in,
            int first,
            int rows,
            int columns,
            int rowStride,
            int columnStride,
            float[] out,
            int outOffset,
            int channels);

    /** As {@link #maximum}, but the sum of the pixels times {@code factor}. */
    void sum(
            float[] in,
            int first,
            int rows,
            int columns,
            int rowStride,
            int columnStride,
            float[] out,
            int outOffset,
            int channels,
            float factor);
}
