package dev.sardonyx.codegen.opencl;

import dev.sardonyx.codegen.PlanOptions;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Program;
import dev.sardonyx.codegen.winograd.ErrorBudget;
import dev.sardonyx.runtime.opencl.Precision;
import java.util.ArrayList;
import java.util.List;

/**
 * Which convolutions may be computed by Winograd's filtering, and by how large tiles: those whose error, estimated from the weights, is
 * within the budget. Whether they are is decided on the device.
 */
final class WinogradChoice {

    private static final List<Integer> TILES = List.of(2, 4);

    private final boolean mayBe;
    private final ErrorBudget budget;

    /** Nothing where all is to be exact, nor in half or tf32, whose roundings the transforms would magnify beyond any budget. */
    WinogradChoice(Program program, PlanOptions options) {
        Precision precision = options.precision();
        mayBe = !options.exact() && (precision == Precision.FP32 || precision == Precision.TF32X3);
        budget = ErrorBudget.of(
                program, precision == Precision.TF32X3 ? ErrorBudget.Products.TF32X3 : ErrorBudget.Products.FLOAT32);
    }

    /**
     * What is allowed.
     *
     * @param m output pixels of the largest tiles in each direction; 0 where none are allowed
     * @param accuracy their estimated error, and what is refused, for people
     */
    record Limit(int m, String accuracy) {}

    /** The largest tiles that may compute a convolution. */
    Limit of(Kernel.Convolution convolution) {
        int largest = 0;
        List<String> accuracy = new ArrayList<>();
        for (int m : mayBe && ErrorBudget.canFilter(convolution) ? TILES : List.<Integer>of()) {
            double estimate = budget.estimate(m, convolution.weights());
            if (!budget.allows(estimate)) {
                accuracy.add(budget.refusal(m, estimate));
                break; // larger tiles err more
            }
            largest = m;
            accuracy.clear();
            accuracy.add(ErrorBudget.text(estimate));
        }
        return new Limit(largest, String.join("; ", accuracy));
    }
}
