package dev.sardonyx.runtime.kernels;

/**
 * An activation as y = min(max(x, min), max), or y = slope·x for negative x where {@code slope} is not 0. NaN stays NaN, and -0
 * stays -0: C2 takes two instructions for a comparison and a choice, where Math.max and Math.min take five.
 */
public record Clamp(float min, float max, float slope) {

    /** Changes nothing. */
    public static final Clamp NONE = new Clamp(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, 0);

    public static final Clamp RELU = new Clamp(0, Float.POSITIVE_INFINITY, 0);

    float apply(float x) {
        if (slope != 0) {
            return x < 0 ? slope * x : x;
        }
        float y = x < min ? min : x;
        return y > max ? max : y;
    }
}
