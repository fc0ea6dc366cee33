package dev.sardonyx.runtime.kernels;

/**
 * An activation as y = min(max(x, min), max), or y = slope·x for negative x where {@code slope} is not 0. NaN stays NaN.
 */
public record Clamp(float min, float max, float slope) {

    /** Changes nothing. */
    public static final Clamp NONE = new Clamp(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, 0);

    public static final Clamp RELU = new Clamp(0, Float.POSITIVE_INFINITY, 0);

    float apply(float x) {
        return slope != 0 ? (x < 0 ? slope * x : x) : Math.min(Math.max(x, min), max);
    }
}
