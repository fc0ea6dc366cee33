package dev.sardonyx.compiler.lowering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IndexRunTest {

    @ParameterizedTest(name = "{1}")
    @MethodSource
    void splits_indices_of_ten(long[] indices, List<IndexRun> expected) {
        assertThat(IndexRun.of(indices, 10)).isEqualTo(expected);
    }

    static Stream<Arguments> splits_indices_of_ten() {
        return Stream.of(
                arguments(indices(), List.of()),
                arguments(indices(4), List.of(new IndexRun(0, 4, 1, 1))),
                arguments(indices(3, 4, 5, 6), List.of(new IndexRun(0, 3, 1, 4))),
                arguments(indices(9, 6, 3, 0), List.of(new IndexRun(0, 9, -3, 4))),
                arguments(indices(7, 7, 7), List.of(new IndexRun(0, 7, 0, 3))),
                arguments(indices(-2, -1), List.of(new IndexRun(0, 8, 1, 2))),
                arguments(indices(-1, 0, 1), List.of(new IndexRun(0, 9, -9, 2), new IndexRun(2, 1, 1, 1))),
                arguments(indices(0, 2, 4, 5), List.of(new IndexRun(0, 0, 2, 3), new IndexRun(3, 5, 1, 1))));
    }

    private static long[] indices(long... indices) {
        return indices;
    }
}
