package dev.sardonyx.runtime.cli;

import java.math.BigDecimal;
import java.util.OptionalDouble;

/**
 * How far a value a may lie from the reference b: {@code |a-b| <= absolute + relative*|b|}.
 *
 * @param absolute the absolute part; where empty, 1e-4 times the largest |b| of the output
 * @param relative the relative part
 */
public record Tolerance(OptionalDouble absolute, double relative) {

    /** {@code |a-b| <= 1e-4*max|b| + 1e-3*|b|}. */
    public static final Tolerance DEFAULT = new Tolerance(OptionalDouble.empty(), 1e-3);

    private static final double SHARE_OF_LARGEST = 1e-4;

    /**
     * @throws UsageException if a part is negative or not finite
     */
    public Tolerance {
        check("--rtol", relative);
        if (absolute.isPresent()) {
            check("--atol", absolute.getAsDouble());
        }
    }

    private static void check(String option, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new UsageException(option + " must be 0 or more, not " + value);
        }
    }

    /** The absolute part for an output whose largest finite reference value is {@code largest} in size. */
    double absoluteFor(double largest) {
        return absolute.orElse(SHARE_OF_LARGEST * largest);
    }

    @Override
    public String toString() {
        String part = absolute.isPresent() ? number(absolute.getAsDouble()) : number(SHARE_OF_LARGEST) + "*max|b|";
        return "|a-b| <= " + part + " + " + number(relative) + "*|b|";
    }

    private static String number(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
