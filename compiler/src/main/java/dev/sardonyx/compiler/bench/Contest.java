package dev.sardonyx.compiler.bench;

import dev.sardonyx.runtime.cli.Latency;
import dev.sardonyx.runtime.cli.Stopwatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Measures several tasks in alternating rounds, so that what else the machine does meets all of them alike. In a round each task has
 * one turn; every other round goes backwards. A turn begins with runs that do not count, for {@value #SETTLING_NANOS} nanoseconds: they
 * fill the caches and outlast threads of the other task that still spin (ONNX Runtime's do so for some 40 ms). Then come as many
 * runs as take {@value #TURN_NANOS} nanoseconds, one at least, whose mean counts.
 */
public final class Contest {

    private static final long SETTLING_NANOS = 100_000_000;
    private static final long TURN_NANOS = 10_000_000;
    private static final int MOST_REPEATS = 1000;

    private final LongSupplier clock;

    /** {@code clock} counts nanoseconds. */
    Contest(LongSupplier clock) {
        this.clock = clock;
    }

    public Contest() {
        this(System::nanoTime);
    }

    /**
     * A task that competes.
     *
     * @param name for people
     * @param run does it once
     */
    public record Task(String name, Runnable run) {}

    /** Is told how far it has come, for people. */
    @FunctionalInterface
    public interface Observer {
        void progress(String text);
    }

    /**
     * Warms each task up, then measures.
     *
     * @param rounds how many turns each task has, 1 or more
     * @param warmup the longest warm-up of each
     */
    public Result hold(List<Task> tasks, int rounds, Duration warmup, Observer observer) {
        List<Turn> turns = new ArrayList<>();
        for (Task task : tasks) {
            observer.progress("warming up " + task.name);
            turns.add(new Turn(task, warmup));
        }
        long[][] nanos = new long[tasks.size()][rounds];
        for (int round = 0; round < rounds; round++) {
            observer.progress("round " + (round + 1) + " of " + rounds);
            for (int i = 0; i < turns.size(); i++) {
                int task = round % 2 == 0 ? i : turns.size() - 1 - i;
                nanos[task][round] = turns.get(task).take();
            }
        }
        return new Result(
                nanos, turns.stream().mapToInt(turn -> turn.warmupRuns).toArray());
    }

    /** One task's turns. */
    private final class Turn {
        private final Runnable run;
        private final int repeats;
        private final int warmupRuns;

        Turn(Task task, Duration warmup) {
            run = task.run;
            Stopwatch stopwatch = new Stopwatch(run, clock);
            stopwatch.warmUp(warmup.toNanos());
            warmupRuns = stopwatch.warmupRuns();
            long once = time(1);
            repeats = Math.clamp(Math.ceilDiv(TURN_NANOS, Math.max(once, 1)), 1, MOST_REPEATS);
        }

        long take() {
            long start = clock.getAsLong();
            do {
                run.run();
            } while (clock.getAsLong() - start < SETTLING_NANOS);
            return time(repeats) / repeats;
        }

        private long time(int count) {
            long start = clock.getAsLong();
            for (int i = 0; i < count; i++) {
                run.run();
            }
            return clock.getAsLong() - start;
        }
    }

    /** The time of every turn. */
    public static final class Result {

        private final long[][] nanos;
        private final int[] warmupRuns;

        private Result(long[][] nanos, int[] warmupRuns) {
            this.nanos = nanos;
            this.warmupRuns = warmupRuns;
        }

        /** The times of task number {@code task}. */
        public Latency latency(int task) {
            return Latency.of(nanos[task], warmupRuns[task]);
        }

        /** How many times as long as {@code other} took {@code task} needed, round by round. */
        public Spread ratio(int task, int other) {
            double[] ratios = new double[nanos[task].length];
            for (int i = 0; i < ratios.length; i++) {
                ratios[i] = (double) nanos[task][i] / Math.max(nanos[other][i], 1);
            }
            return Spread.of(ratios);
        }
    }
}
