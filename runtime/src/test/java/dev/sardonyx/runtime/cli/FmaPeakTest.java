package dev.sardonyx.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.runtime.kernels.FusedMultiplyAdd;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class FmaPeakTest {

    /** Two units of 16 lanes at 8 GHz, in GFLOP/s: no core does more. */
    private static final double NO_CORE_DOES_MORE = 2 * 16 * 2 * 8;

    /** The more often it runs the more C2 knows, also that nobody needs a result, if nobody does. */
    @Test
    void is_within_reach_of_a_core_however_often_it_is_measured() {
        for (int i = 0; i < 8; i++) {
            OptionalDouble peak = FmaPeak.measure(1);
            assertThat(peak.isPresent()).isEqualTo(FusedMultiplyAdd.FAST);
            assertThat(peak.orElse(1)).isPositive().isLessThan(NO_CORE_DOES_MORE);
        }
    }
}
