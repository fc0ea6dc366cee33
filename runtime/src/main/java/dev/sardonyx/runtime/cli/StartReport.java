package dev.sardonyx.runtime.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Tells how a JVM that has just started gets going, to the process that started it and measures from then on:
 *
 * <pre>
 * first_answer              printed as soon as the first answer is there
 * ms_to_steady 812.300      from then until answers take at most {@value #NEAR} times as long as in the end
 * steady_ms 23.456          median time of an answer in the end, which is the last quarter
 * answers 345               how many in all
 * peak_resident_kb 312345   the most memory that the process had; only where the system has /proc
 * </pre>
 */
public final class StartReport {

    /** The first line. */
    public static final String FIRST = "first_answer";

    private static final double NEAR = 1.1;

    /** Near is where the median of so many answers in a row is: a single one may be lucky. */
    private static final int WINDOW = 5;

    private static final Path STATUS = Path.of("/proc/self/status");

    private StartReport() {}

    /**
     * Answers once and says so, then answers for {@code duration} more, at least {@value #WINDOW} times, and says the rest.
     *
     * @param answer computes an answer; a class rather than a lambda, whose bootstrap would be measured too
     */
    public static void print(Runnable answer, Duration duration, PrintStream out) {
        answer.run();
        out.println(FIRST);
        out.flush();
        Answers answers = Answers.time(answer, duration.toNanos(), System::nanoTime);
        out.printf(Locale.ROOT, "ms_to_steady %.3f%n", answers.nanosToSteady() / 1e6);
        out.printf(Locale.ROOT, "steady_ms %.3f%n", answers.steadyNanos() / 1e6);
        out.printf(Locale.ROOT, "answers %d%n", answers.nanos.length + 1);
        printPeak(out);
        out.flush();
    }

    private static void printPeak(PrintStream out) {
        if (!Files.isReadable(STATUS)) {
            return;
        }
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith("VmHWM:")) {
                    out.println("peak_resident_kb " + line.replaceAll("\\D", ""));
                }
            }
        } catch (IOException e) {
            // as if there were no /proc
        }
    }

    /** How long each answer took, in order, after the first. */
    record Answers(long[] nanos) {

        static Answers time(Runnable answer, long duration, LongSupplier clock) {
            long[] nanos = new long[1024];
            int count = 0;
            long start = clock.getAsLong();
            long last = start;
            while (count < WINDOW || last - start < duration) {
                answer.run();
                long now = clock.getAsLong();
                if (count == nanos.length) {
                    nanos = Arrays.copyOf(nanos, 2 * count);
                }
                nanos[count++] = now - last;
                last = now;
            }
            return new Answers(Arrays.copyOf(nanos, count));
        }

        /** The median of the last quarter of the time, {@value #WINDOW} answers at least. */
        long steadyNanos() {
            long total = Arrays.stream(nanos).sum();
            int from = nanos.length;
            long span = 0;
            while (from > 0 && (nanos.length - from < WINDOW || span < total / 4)) {
                span += nanos[--from];
            }
            return median(from, nanos.length);
        }

        /** From the first answer to the end of the first one that is near, and begins a window that is. */
        long nanosToSteady() {
            double near = NEAR * steadyNanos();
            long passed = 0;
            for (int i = 0; i + WINDOW <= nanos.length; i++) {
                passed += nanos[i];
                if (nanos[i] <= near && median(i, i + WINDOW) <= near) {
                    return passed;
                }
            }
            return passed;
        }

        private long median(int from, int to) {
            long[] sorted = Arrays.copyOfRange(nanos, from, to);
            Arrays.sort(sorted);
            return sorted[sorted.length / 2];
        }
    }
}
