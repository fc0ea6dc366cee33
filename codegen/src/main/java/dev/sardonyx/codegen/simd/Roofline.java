package dev.sardonyx.codegen.simd;

/**
 * How long a step takes, estimated by {@link KernelChoice} to choose and by reports to predict: what a core computes, plus what it
 * waits for memory. The two add up, for little of the waiting is hidden behind the computing (docs/performance.md). The unit of time is a
 * multiply-accumulate at the FMA peak. So multiply-accumulates divided by the time are the share of the peak.
 *
 * <p>The numbers were measured on a core with 512-bit vectors that does 87e9 multiply-accumulates a second, and what a byte costs also on
 * one with 256-bit vectors that does 50e9. For 128-bit vectors it is half of that, which was not measured.
 *
 * @param macsPerByte what a core does while one byte arrives from beyond its second-level cache, at 15e9 bytes a second
 */
public record Roofline(double macsPerByte) {

    /** What transforming one value of a Winograd tile costs: 170 ns for 36 × 16 values of an input, 91 ns back. */
    private static final double MACS_PER_TRANSFORMED_VALUE = 20;

    /** What packing one value of a patch costs. */
    private static final double MACS_PER_PACKED_VALUE = 3;

    /** A core with vectors of {@code bits} bits: memory is as fast for narrower ones, so waiting for it costs fewer multiplications. */
    public static Roofline of(int bits) {
        return switch (bits) {
            case 512 -> new Roofline(6);
            case 256 -> new Roofline(3.3);
            default -> new Roofline(1.7);
        };
    }

    /** Waiting for {@code bytes}. */
    double memory(double bytes) {
        return bytes * macsPerByte;
    }

    /** Packing {@code values} values of patches. */
    static double packing(double values) {
        return values * MACS_PER_PACKED_VALUE;
    }

    /** Transforming {@code values} values of Winograd tiles. */
    static double transforms(double values) {
        return values * MACS_PER_TRANSFORMED_VALUE;
    }
}
