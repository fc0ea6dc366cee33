package dev.sardonyx.compiler.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.compiler.bench.FusionLadder.Rung;
import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.driver.SardonyxCompiler;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FusionLadderTest {

    private static final CompileOptions BASE = CompileOptions.defaults().withDims(Map.of("batch", 2));

    private final List<Rung> rungs = FusionLadder.rungs(BASE);

    @Test
    void it_begins_with_nothing_and_ends_with_everything() {
        assertThat(rungs.getFirst().options().disabledFusions())
                .containsExactlyInAnyOrderElementsOf(SardonyxCompiler.fusions());
        assertThat(rungs.getFirst().options().exact()).isTrue();
        assertThat(rungs.getLast().options()).isEqualTo(BASE);
    }

    @Test
    void each_rung_adds_to_the_one_before() {
        for (int i = 1; i < rungs.size() - 1; i++) {
            assertThat(rungs.get(i).options().disabledFusions().size())
                    .as(rungs.get(i).name())
                    .isLessThan(rungs.get(i - 1).options().disabledFusions().size());
        }
    }

    /** A new fusion must find its rung, or Winograd would get the credit for it. */
    @Test
    void winograd_is_all_that_the_last_rung_adds() {
        assertThat(rungs.get(rungs.size() - 2).options()).isEqualTo(BASE.withExact(true));
    }
}
