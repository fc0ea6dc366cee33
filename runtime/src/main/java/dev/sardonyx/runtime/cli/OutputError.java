package dev.sardonyx.runtime.cli;

/**
 * How far an output lies from its reference.
 *
 * @param largestAbsolute the largest |a-b|; infinite where only one of the two is infinite, NaN where only one is NaN
 * @param largestRelative the largest |a-b|/|b| among the values with |b| above a thousandth of the largest |b|
 * @param shareOfTolerance the largest |a-b| divided by what is allowed there; above 1 means "no"
 * @param outside how many values lie outside the tolerance
 */
public record OutputError(double largestAbsolute, double largestRelative, double shareOfTolerance, int outside) {

    /** Smaller values would drown the relative error in rounding. */
    private static final double RELEVANT = 1e-3;

    /** Whether every value is within the tolerance. */
    public boolean withinTolerance() {
        return outside == 0;
    }

    /**
     * Compares value by value. Two NaNs are equal, and so are infinities of one sign.
     *
     * @param actual the values a
     * @param expected the values b, as many
     */
    public static OutputError of(float[] actual, float[] expected, Tolerance tolerance) {
        double largest = largestFinite(expected);
        double allowedAbsolute = tolerance.absoluteFor(largest);
        double absolute = 0;
        double relative = 0;
        double share = 0;
        int outside = 0;
        for (int i = 0; i < expected.length; i++) {
            float a = actual[i];
            float b = expected[i];
            if (a == b || (Float.isNaN(a) && Float.isNaN(b))) {
                continue;
            }
            double error = Math.abs((double) a - b);
            double allowed = allowedAbsolute + tolerance.relative() * Math.abs((double) b);
            boolean within = Float.isFinite(b) && error <= allowed;
            absolute = Math.max(absolute, error); // NaN wins
            share = Math.max(share, Float.isFinite(b) ? error / allowed : Double.POSITIVE_INFINITY);
            if (Float.isFinite(b) && Math.abs(b) > RELEVANT * largest) {
                relative = Math.max(relative, error / Math.abs((double) b));
            }
            outside += within ? 0 : 1;
        }
        return new OutputError(absolute, relative, share, outside);
    }

    private static double largestFinite(float[] values) {
        double largest = 0;
        for (float value : values) {
            if (Float.isFinite(value)) {
                largest = Math.max(largest, Math.abs(value));
            }
        }
        return largest;
    }
}
