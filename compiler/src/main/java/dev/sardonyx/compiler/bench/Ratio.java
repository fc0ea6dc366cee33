package dev.sardonyx.compiler.bench;

import java.util.Arrays;

/**
 * Paired ratios of two tasks' times.
 *
 * @param median the median
 * @param p10 the 10th percentile
 * @param p90 the 90th percentile
 */
public record Ratio(double median, double p10, double p90) {

    static Ratio of(double[] ratios) {
        double[] sorted = ratios.clone();
        Arrays.sort(sorted);
        return new Ratio(percentile(sorted, 0.5), percentile(sorted, 0.1), percentile(sorted, 0.9));
    }

    /** Linear between the two nearest ranks, as NumPy does. */
    private static double percentile(double[] sorted, double share) {
        double rank = share * (sorted.length - 1);
        int below = (int) rank;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
    }
}
