package dev.sardonyx.runtime.cli;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/** Warms a task up until it no longer gets faster, then measures it. */
public final class Stopwatch {

    /** A window of warm-up holds at least so many runs and so much time. */
    private static final int WINDOW_RUNS = 3;

    private static final long WINDOW_NANOS = 200_000_000L;

    /** Stable: so many windows in a row were not faster than the best one before by this share. */
    private static final int CALM_WINDOWS = 3;

    private static final double FASTER = 0.98;

    /** How many runs are measured where no number is asked for: as many as fit into the time, within these bounds. */
    private static final long MEASURED_NANOS = 5_000_000_000L;

    private static final int LEAST_RUNS = 5;
    private static final int MOST_RUNS = 1000;

    private final Runnable task;
    private final LongSupplier clock;
    private int warmupRuns;

    /** {@code clock} counts nanoseconds. */
    public Stopwatch(Runnable task, LongSupplier clock) {
        this.task = task;
        this.clock = clock;
    }

    /** Runs the task, at least once, until its time is stable or {@code limitNanos} have passed. */
    public void warmUp(long limitNanos) {
        long end = clock.getAsLong() + limitNanos;
        long best = Long.MAX_VALUE;
        int calm = 0;
        while (calm < CALM_WINDOWS && (warmupRuns == 0 || clock.getAsLong() < end)) {
            long median = windowMedian(end);
            calm = median < FASTER * best ? 0 : calm + 1;
            best = Math.min(best, median);
        }
    }

    private long windowMedian(long end) {
        long windowEnd = clock.getAsLong() + WINDOW_NANOS;
        long[] times = new long[WINDOW_RUNS];
        int count = 0;
        do {
            if (count == times.length) {
                times = Arrays.copyOf(times, 2 * count);
            }
            times[count++] = time();
            warmupRuns++;
        } while (clock.getAsLong() < end && (count < WINDOW_RUNS || clock.getAsLong() < windowEnd));
        Arrays.sort(times, 0, count);
        return times[count / 2];
    }

    /** How often the task ran before the measurement. */
    public int warmupRuns() {
        return warmupRuns;
    }

    /**
     * Measures.
     *
     * @param runs how often; where empty, for five seconds, but 5 to 1000 times
     */
    Latency measure(OptionalInt runs) {
        int most = runs.orElse(MOST_RUNS);
        int least = runs.orElse(LEAST_RUNS);
        long end = clock.getAsLong() + MEASURED_NANOS;
        long[] times = new long[most];
        int count = 0;
        while (count < least || (count < most && clock.getAsLong() < end)) {
            times[count++] = time();
        }
        return Latency.of(Arrays.copyOf(times, count), warmupRuns);
    }

    private long time() {
        long start = clock.getAsLong();
        task.run();
        return clock.getAsLong() - start;
    }
}
