package dev.sardonyx.codegen.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.codegen.program.Program;
import dev.sardonyx.codegen.simd.KernelChoice.WinogradChoice;
import dev.sardonyx.codegen.winograd.ErrorBudget;
import java.util.List;
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

    private static KernelChoice choice(int cacheBytes) {
        return new KernelChoice(256, false, BUDGET, cacheBytes);
    }
}
