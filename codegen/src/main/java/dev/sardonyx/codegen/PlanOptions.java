package dev.sardonyx.codegen;

import dev.sardonyx.runtime.opencl.Precision;
import java.util.Set;

/**
 * What a target may do.
 *
 * @param exact whether convolutions are computed only as the sums that define them; algorithms that need fewer multiplications,
 *     Winograd's, round differently
 * @param disabled what is left out
 * @param precision what the OpenCL target computes in; the SIMD target knows float32 alone
 */
public record PlanOptions(boolean exact, Set<Planning> disabled, Precision precision) {

    /** Everything allowed. */
    public static final PlanOptions DEFAULTS = new PlanOptions(false, Set.of(), Precision.FP32);

    public PlanOptions {
        disabled = Set.copyOf(disabled);
    }

    /** Whether this is planned. */
    public boolean plans(Planning planning) {
        return !disabled.contains(planning);
    }
}
