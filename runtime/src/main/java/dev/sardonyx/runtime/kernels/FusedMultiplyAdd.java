package dev.sardonyx.runtime.kernels;

/**
 * Whether this machine multiplies and adds in one instruction. x86 without AVX2 usually has none, and many virtual machines hide theirs. The JVM
 * then computes {@code fma} by {@code BigDecimal}, thousands of times slower than a multiplication and an addition.
 */
public final class FusedMultiplyAdd {

    private static final int CALLS = 16;
    private static final int ROUNDS = 8;

    /** Interpreted, the instruction takes 0.5 µs for all calls; compiled, {@code BigDecimal} takes 18 for these numbers. */
    private static final long LIMIT_NANOS = 5000;

    /** Whether it does. A constant to the JVM's compilers. */
    public static final boolean FAST = shortestRound() < LIMIT_NANOS;

    private FusedMultiplyAdd() {}

    /** No flag or property tells it to a program, so this takes the time, and the least, since others may have had the processor. */
    private static long shortestRound() {
        long shortest = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            float sum = 1e30f;
            long start = System.nanoTime();
            for (int call = 0; call < CALLS; call++) {
                sum = Math.fma(1e-19f, 1e-19f, sum); // far apart, which makes for long numbers
            }
            long time = System.nanoTime() - start;
            shortest = Math.min(shortest, sum > 0 ? time : Long.MAX_VALUE);
        }
        return shortest;
    }
}
