package dev.sardonyx.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.codegen.opencl.OpenClTarget;
import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Program;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.codegen.simd.SimdTarget;
import dev.sardonyx.runtime.ModelInfo;
import dev.sardonyx.runtime.opencl.Precision;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Winograd's filtering is not used where the weights would make it err too much. */
class WinogradRefusalTest {

    private static final int CHANNELS = 32;
    private static final List<Integer> SHAPE = List.of(1, CHANNELS, 24, 24);

    /** So many that each one's share of the error is small. */
    private static final int LAYERS = 20;

    private final Random random = new Random(3);

    /** Random from channel to channel; taps that are times {@code taps}. */
    private Constant weights(double... taps) {
        float[] values = new float[CHANNELS * CHANNELS * 9];
        for (int pair = 0; pair < CHANNELS * CHANNELS; pair++) {
            double factor = random.nextGaussian();
            for (int tap = 0; tap < 9; tap++) {
                values[9 * pair + tap] = (float) (factor * taps[tap]);
            }
        }
        return new Constant(List.of(CHANNELS, CHANNELS, 3, 3), values);
    }

    private Constant trained() {
        float[] values = new float[CHANNELS * CHANNELS * 9];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new Constant(List.of(CHANNELS, CHANNELS, 3, 3), values);
    }

    /** A chain of convolutions, of which all but one have {@link #trained} weights. */
    private List<KernelReport> convolutions(Constant odd) {
        return convolutions(odd, new SimdTarget(), PlanOptions.DEFAULTS);
    }

    private List<KernelReport> convolutions(Constant odd, Target target, PlanOptions options) {
        ProgramSketch sketch = new ProgramSketch();
        Buffer x = sketch.input(SHAPE);
        for (int layer = 0; layer < LAYERS; layer++) {
            Kernel kernel = new Kernel.Convolution(
                    Window.of(3, 3).withPads(1, 1, 1, 1),
                    1,
                    layer == 3 ? odd : trained(),
                    Optional.empty(),
                    false,
                    new Activation.Relu());
            x = sketch.call(kernel, SHAPE, x);
        }
        Program program = sketch.build(x);
        ModelInfo info = new ModelInfo("Net", "0".repeat(64), "none", "test", List.of(), List.of(), 0, 0);
        return target.generate(new Compilation(program, info, "models.test", options)).kernels().stream()
                .filter(kernel -> kernel.multiplyAccumulates() > 0)
                .toList();
    }

    @Test
    void trained_weights_are_filtered_and_the_error_is_told() {
        assertThat(convolutions(trained())).hasSize(LAYERS).allSatisfy(kernel -> {
            assertThat(kernel.algorithm()).startsWith("Winograd F(4x4,3x3)");
            assertThat(kernel.accuracy()).matches("[1-9]\\.\\de-06");
        });
    }

    @Test
    void taps_that_cancel_take_smaller_tiles() {
        List<KernelReport> convolutions = convolutions(weights(1, -2, 1, -2, 4, -2, 1, -2, 1));

        assertThat(convolutions)
                .filteredOn(kernel -> kernel.algorithm().startsWith("Winograd F(4x4,3x3)"))
                .hasSize(LAYERS - 1);
        KernelReport odd = convolutions.get(3);
        assertThat(odd.algorithm()).startsWith("Winograd F(2x2,3x3)");
        assertThat(odd.accuracy()).matches(".\\..e-06; F\\(4x4\\) refused, 1\\..e-05 > 1\\.1e-05");
    }

    @Test
    void weights_that_are_not_finite_are_summed_directly() {
        Constant broken = trained();
        broken.values()[7] = Float.POSITIVE_INFINITY;
        KernelReport odd = convolutions(broken).get(3);

        assertThat(odd.algorithm()).startsWith("direct");
        assertThat(odd.accuracy()).endsWith("F(4x4) refused, NaN > 1.1e-05");
    }

    @Test
    void opencl_devices_are_told_the_largest_tiles() {
        List<KernelReport> convolutions =
                convolutions(weights(1, -2, 1, -2, 4, -2, 1, -2, 1), new OpenClTarget(), PlanOptions.DEFAULTS);

        assertThat(convolutions)
                .filteredOn(kernel -> kernel.algorithm().endsWith("up to Winograd F(4x4,3x3)"))
                .hasSize(LAYERS - 1)
                .allSatisfy(kernel -> assertThat(kernel.accuracy()).matches("[1-9]\\.\\de-06"));
        KernelReport odd = convolutions.get(3);
        assertThat(odd.algorithm()).endsWith("up to Winograd F(2x2,3x3)");
        assertThat(odd.accuracy()).matches(".\\..e-06; F\\(4x4\\) refused, 1\\..e-05 > 1\\.1e-05");
    }

    @ParameterizedTest
    @CsvSource({"true, FP32", "false, FP16_STORAGE", "false, FP16"})
    void nothing_is_filtered_that_is_to_be_exact_or_stored_as_half(boolean exact, Precision precision) {
        PlanOptions options = new PlanOptions(exact, Set.of(), precision);

        assertThat(convolutions(trained(), new OpenClTarget(), options))
                .hasSize(LAYERS)
                .allSatisfy(kernel -> {
                    assertThat(kernel.algorithm()).isEqualTo("chosen on the device");
                    assertThat(kernel.accuracy()).isEmpty();
                });
    }
}
