package dev.sardonyx.runtime.kernels;

/**
 * What is fixed in a convolution tile.
 *
 * @param pixels output pixels
 * @param channels output channels: the panel's width
 * @param rows taps that are {@code rowStride} apart
 * @param columns taps that are {@code columnStride} apart within each row
 * @param pitch from one output pixel's window to the next, in the input
 * @param activation the activation's name and values
 */
public record TileShape(int pixels, int channels, int rows, int columns, int pitch, Clamp activation) {

    /**
     * An activation as y = min(max(x, min), max), or y = slope·x for negative x where {@code slope} is not 0.
     */
    public record Clamp(float min, float max, float slope) {

        public static final Clamp RELU = new Clamp(0, Float.POSITIVE_INFINITY, 0);

        float apply(float x) {
            return slope != 0 ? (x < 0 ? slope * x : x) : Math.min(Math.max(x, min), max);
        }
    }
}
