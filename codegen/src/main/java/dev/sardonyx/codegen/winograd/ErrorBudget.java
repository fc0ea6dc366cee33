package dev.sardonyx.codegen.winograd;

import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Program;
import dev.sardonyx.codegen.program.Window;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How far Winograd's filtering may err in each convolution of a network. Answers may differ from the exact ones by 1e-4 of the largest
 * ({@code verify}'s default); half of that is for these convolutions. Their errors are independent, so their squares add up, and each of n
 * convolutions may use up 1/√n of it. One thread at a time.
 */
public final class ErrorBudget {

    /** The error of the network's outputs, by their scale: the largest error is to the largest output as are their mean squares. */
    public static final double NETWORK = 0.5e-4;

    /** The largest error of one convolution, by its output's scale. */
    private final double limit;

    private final Products products;

    private final Map<Filtering, Double> estimates = new HashMap<>();

    private record Filtering(int m, Constant weights) {}

    private ErrorBudget(double limit, Products products) {
        this.limit = limit;
        this.products = products;
    }

    /** How transformed values are multiplied. */
    public enum Products {
        /** By fma in float32, rounded as sums only. */
        FLOAT32(0),
        /**
         * By tensor cores in two parts of 11 bits each. What each factor loses when its lower part is rounded, and the lower parts' product,
         * have a root mean square of 2^-24.6 of the product each; the sum of a fragment's eight cuts off up to 2^-23 of the largest of
         * them, twice the others on average, which gives 2^-22.8. In squares of 2^-25 this is 3 · 1.7 + 21. Sums of eight are then
         * added in float32, an eighth as often as the estimate has it, which so holds for devices that do it all in float32 instead, too.
         */
        TF32X3(27);

        /** Variance of the relative error of a product, by that of one rounding. */
        final double roundings;

        Products(double roundings) {
            this.roundings = roundings;
        }
    }

    /** The budget of a program's convolutions. */
    public static ErrorBudget of(Program program, Products products) {
        long convolutions = program.calls().stream()
                .filter(call -> call.kernel() instanceof Kernel.Convolution convolution && canFilter(convolution))
                .count();
        return new ErrorBudget(NETWORK / Math.sqrt((double) convolutions), products);
    }

    /** Whether Winograd's filtering can compute this convolution. */
    public static boolean canFilter(Kernel.Convolution convolution) {
        Window window = convolution.window();
        return window.kernelH() == 3
                && window.kernelW() == 3
                && window.equals(window.withStrides(1, 1).withDilations(1, 1))
                && convolution.groups() == 1;
    }

    /** The estimated error of tiles of m × m outputs. Costs a pass over the weights, once. */
    public double estimate(int m, Constant weights) {
        return estimates.computeIfAbsent(new Filtering(m, weights), f -> WinogradError.estimate(m, weights, products));
    }

    /** Whether {@code error} may be. An error that is not a number may not. */
    public boolean allows(double error) {
        return error <= limit;
    }

    /** What to say of tiles that are not allowed. */
    public String refusal(int m, double error) {
        return "F(%1$dx%1$d) refused, %2$s > %3$s".formatted(m, text(error), text(limit));
    }

    /** An error, for people. */
    public static String text(double error) {
        return String.format(Locale.ROOT, "%.1e", error);
    }
}
