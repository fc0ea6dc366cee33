package dev.sardonyx.runtime.cli;

import dev.sardonyx.runtime.kernels.FusedMultiplyAdd;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.DoubleAdder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The most multiply-adds that this machine does in Java: a loop of fused multiply-adds on vectors that stay in registers, as wide as
 * the JVM prefers.
 */
public final class FmaPeak {

    /** So many sums cover the latency of two units (4 cycles each) and leave registers free where there are only 16. */
    private static final int SUMS = 12;

    /** What a window begins with; some hundredths of a second where nothing compiles vectors. */
    private static final int FEW_STEPS = 1000;

    /**
     * From then on the loop runs for so long at a time, so that it becomes hot and not its callers. Else C2 makes it a part of those one
     * day, and then it is half as fast, or gone where it sees that nobody needs its result.
     */
    private static final long LONG_NANOS = 2_000_000;

    private static final long WARMUP_NANOS = 400_000_000L;
    private static final long WINDOW_NANOS = 40_000_000L;
    private static final int WINDOWS = 15;

    private FmaPeak() {}

    /**
     * Measures, for a second.
     *
     * @param threads how many threads compute at the same time
     * @return GFLOP/s of all threads together in the best window, a multiply-add counted as two; empty where the JVM runs without the
     *     Vector API or the machine has no such instruction
     */
    public static OptionalDouble measure(int threads) {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty() || !FusedMultiplyAdd.FAST) {
            return OptionalDouble.empty();
        }
        window(threads, WARMUP_NANOS);
        double best = 0;
        for (int i = 0; i < WINDOWS; i++) {
            best = Math.max(best, window(threads, WINDOW_NANOS));
        }
        return OptionalDouble.of(best);
    }

    private static double window(int threads, long nanos) {
        DoubleAdder speeds = new DoubleAdder();
        Runnable work = () -> speeds.add(speed(nanos));
        Thread[] helpers = new Thread[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = Thread.ofPlatform().daemon().start(work);
        }
        work.run();
        for (Thread helper : helpers) {
            join(helper);
        }
        return speeds.sum();
    }

    /** GFLOP/s of this thread. */
    private static double speed(long nanos) {
        double flops = 0;
        int steps = FEW_STEPS;
        long start = System.nanoTime();
        long time = 0;
        while (time < nanos) {
            long before = time;
            Loop.run(steps);
            flops += 2.0 * SUMS * Loop.LANES * steps;
            time = System.nanoTime() - start;
            steps = time - before < LONG_NANOS ? 2 * steps : steps;
        }
        return flops / time;
    }

    private static void join(Thread helper) {
        boolean interrupted = false;
        while (helper.isAlive()) {
            try {
                helper.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Touches the incubator module, hence loaded only where it is there. */
    private static final class Loop {

        static final int LANES = FloatVector.SPECIES_PREFERRED.length();

        /** Adds to the sums, which then stay where they are: to add them to a constant would take a copy of it each time. */
        static float run(int steps) {
            FloatVector factor = FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, 0x1p-10f);
            FloatVector other = FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, 0x1p-11f);
            FloatVector zero = FloatVector.zero(FloatVector.SPECIES_PREFERRED);
            FloatVector a = zero;
            FloatVector b = zero;
            FloatVector c = zero;
            FloatVector d = zero;
            FloatVector e = zero;
            FloatVector f = zero;
            FloatVector g = zero;
            FloatVector h = zero;
            FloatVector i = zero;
            FloatVector j = zero;
            FloatVector k = zero;
            FloatVector l = zero;
            for (int step = 0; step < steps; step++) {
                a = factor.fma(other, a);
                b = factor.fma(other, b);
                c = factor.fma(other, c);
                d = factor.fma(other, d);
                e = factor.fma(other, e);
                f = factor.fma(other, f);
                g = factor.fma(other, g);
                h = factor.fma(other, h);
                i = factor.fma(other, i);
                j = factor.fma(other, j);
                k = factor.fma(other, k);
                l = factor.fma(other, l);
            }
            FloatVector sum = a.add(b)
                    .add(c)
                    .add(d)
                    .add(e)
                    .add(f)
                    .add(g)
                    .add(h)
                    .add(i)
                    .add(j)
                    .add(k)
                    .add(l);
            return sum.reduceLanes(VectorOperators.ADD);
        }
    }
}
