package dev.sardonyx.codegen.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Program;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.codegen.simd.KernelChoice.WinogradChoice;
import dev.sardonyx.codegen.winograd.ErrorBudget;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KernelChoiceTest {

    private static final int VALUES = 36;
    private static final ErrorBudget BUDGET =
            ErrorBudget.of(new Program(List.of(), List.of(), List.of(), List.of()), ErrorBudget.Products.FLOAT32);

    /**
     * 590 KB of weights do not fit in half a megabyte; read for each of nine units they are still less than
     * 3.6 MB of matrices that leave the cache and come back.
     */
    @Test
    void winograd_goes_block_by_block_where_the_weights_are_less_than_the_matrices() {
        assertThat(choice(512 * 1024).winograd(VALUES, 14 * 14, 64, 64)).isEqualTo(new WinogradChoice(2, false));
    }

    @Test
    void winograd_goes_stage_by_stage_where_the_weights_are_more() {
        assertThat(choice(512 * 1024).winograd(VALUES, 7 * 7, 128, 128).stagewise())
                .isTrue();
    }

    @Test
    void winograd_leaves_half_of_the_cache_to_weights_that_fit() {
        assertThat(choice(1024 * 1024).winograd(VALUES, 28 * 28, 64, 64)).isEqualTo(new WinogradChoice(2, true));
        assertThat(choice(1024 * 1024).winograd(VALUES, 4, 64, 64).stagewise()).isTrue();
    }

    /** F(2×2) saves a third of the multiplications and reads 16.8 instead of 9.4 MB of weights, which only a slower core has time for. */
    @Test
    void narrow_vectors_filter_where_wide_ones_would_wait_for_the_weights() {
        Buffer image = new Buffer(0, List.of(1, 512, 7, 7));
        float[] weights = new float[512 * 512 * 9];
        Arrays.fill(weights, 0.01f);
        Kernel.Convolution convolution = new Kernel.Convolution(
                Window.of(3, 3).withPads(1, 1, 1, 1),
                1,
                new Constant(List.of(512, 512, 3, 3), weights),
                Optional.empty(),
                false,
                Activation.NONE);

        assertThat(new KernelChoice(512, false, BUDGET, 1024 * 1024)
                        .algorithm(convolution, image, image)
                        .m())
                .isZero();
        assertThat(choice(512 * 1024).algorithm(convolution, image, image).m()).isEqualTo(2);
    }

    /** Few tiles a panel, so that waiting for the next one is much of the time; but not a lone row, which multiplies no faster than it waits. */
    @Test
    void tiles_read_ahead_where_panels_have_few_of_them() {
        assertThat(List.of(1, 5, 6, 49, 96, 97, 196).stream()
                        .filter(choice(512 * 1024)::readsAhead)
                        .toList())
                .containsExactly(6, 49, 96);
        assertThat(new KernelChoice(512, false, BUDGET, 1024 * 1024).readsAhead(49))
                .isFalse();
    }

    private static KernelChoice choice(int cacheBytes) {
        return new KernelChoice(256, false, BUDGET, cacheBytes);
    }
}
