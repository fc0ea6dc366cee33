package dev.sardonyx.compiler.bench;

import java.util.Arrays;

/**
 * Where the middle of several measurements lies, and most of them.
 *
 * @param median the median
 * @param p10 the 10th percentile
 * @param p90 the 90th percentile
 */
public record Spread(double median, double p10, double p90) {

    /** Summarises {@code values}, at least one. */
    public static Spread of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Spread(percentile(sorted, 0.5), percentile(sorted, 0.1), percentile(sorted, 0.9));
    }

    /** Linear between the two nearest ranks, as NumPy does. */
    private static double percentile(double[] sorted, double share) {
        double rank = share * (sorted.length - 1);
        int below = (int) rank;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
    }
}
