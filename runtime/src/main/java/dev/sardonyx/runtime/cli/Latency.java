package dev.sardonyx.runtime.cli;

import java.util.Arrays;

/**
 * Wall-clock times of repeated runs.
 *
 * @param runs how many runs were measured
 * @param warmupRuns how many went before them
 * @param minMs the shortest, in milliseconds
 * @param medianMs the median
 * @param p10Ms the 10th percentile
 * @param p90Ms the 90th percentile
 * @param meanMs the mean
 */
public record Latency(
        int runs, int warmupRuns, double minMs, double medianMs, double p10Ms, double p90Ms, double meanMs) {

    private static final double NANOS_PER_MS = 1e6;

    /**
     * Summarises {@code nanos}, the duration of each run.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static Latency of(long[] nanos, int warmupRuns) {
        if (nanos.length == 0) {
            throw new IllegalArgumentException("no run was measured");
        }
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Latency(
                nanos.length,
                warmupRuns,
                sorted[0] / NANOS_PER_MS,
                percentile(sorted, 0.5),
                percentile(sorted, 0.1),
                percentile(sorted, 0.9),
                Arrays.stream(sorted).average().orElseThrow() / NANOS_PER_MS);
    }

    /** Linear between the two nearest ranks, as NumPy does. */
    private static double percentile(long[] sorted, double share) {
        double rank = share * (sorted.length - 1);
        int below = (int) rank;
        int above = Math.min(below + 1, sorted.length - 1);
        return (sorted[below] + (rank - below) * (sorted[above] - sorted[below])) / NANOS_PER_MS;
    }
}
