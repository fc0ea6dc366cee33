package dev.sardonyx.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class StopwatchTest {

    private static final long MS = 1_000_000;
    private static final long SECOND = 1000 * MS;

    private long now;
    private long run;

    /** A task of which run number n takes so many nanoseconds. */
    private Stopwatch stopwatch(LongUnaryOperator duration) {
        return new Stopwatch(() -> now += duration.applyAsLong(run++), () -> now);
    }

    @Test
    void warmUpEndsWhenRunsNoLongerGetFaster() {
        Stopwatch stopwatch = stopwatch(n -> n < 300 ? 20 * MS - n * 50_000 : 5 * MS);

        stopwatch.warmUp(60 * SECOND);

        assertThat(run).isBetween(300L, 600L);
        assertThat(stopwatch.measure(OptionalInt.of(3)).warmupRuns()).isEqualTo((int) (run - 3));
    }

    @Test
    void warmUpIsBounded() {
        stopwatch(n -> SECOND / (n + 1)).warmUp(3 * SECOND);

        assertThat(now).isBetween(3 * SECOND, 4 * SECOND);
    }

    @Test
    void warmUpRunsOnceWhateverTheLimit() {
        stopwatch(n -> 10 * SECOND).warmUp(0);

        assertThat(run).isEqualTo(1);
    }

    @Test
    void measuresForFiveSecondsWithinBounds() {
        assertThat(stopwatch(n -> 100 * MS).measure(OptionalInt.empty()).runs()).isEqualTo(50);
        assertThat(stopwatch(n -> 20 * SECOND).measure(OptionalInt.empty()).runs())
                .isEqualTo(5);
        assertThat(stopwatch(n -> 1).measure(OptionalInt.empty()).runs()).isEqualTo(1000);
        assertThat(stopwatch(n -> 20 * SECOND).measure(OptionalInt.of(7)).runs())
                .isEqualTo(7);
    }

    @Test
    void summarisesAsNumPyDoes() {
        Latency latency = Latency.of(new long[] {4 * MS, 10 * MS, 0, 2 * MS, 9 * MS}, 9);

        assertThat(latency).isEqualTo(new Latency(5, 9, 0, 4, 0.8, 9.6, 5));
    }
}
