package dev.sardonyx.compiler.passes;

import static dev.sardonyx.compiler.passes.GraphAssert.assertGraph;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Op;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RecogniseGlobalPoolsTest {

    /** On an input [2, 3, 5, 4]. */
    @ParameterizedTest
    @MethodSource
    void recognises(Op op, List<String> expected) {
        Net net = new Net(1);
        Graph graph = net.build(net.node(op, net.input(2, 3, 5, 4)));

        assertGraph(new RecogniseGlobalPools().apply(graph))
                .hasOps(expected.toArray(String[]::new))
                .computesTheSameAs(graph);
    }

    static Stream<Arguments> recognises() {
        Window all = Window.of(5, 4);
        return Stream.of(
                Arguments.of(new Op.AveragePool(all, false, false), List.of("GlobalAveragePool")),
                Arguments.of(new Op.AveragePool(all.withStrides(5, 4), true, true), List.of("GlobalAveragePool")),
                Arguments.of(new Op.MaxPool(all, false), List.of("GlobalMaxPool")),
                Arguments.of(new Op.ReduceMean(List.of(2, 3), true), List.of("GlobalAveragePool")),
                Arguments.of(new Op.ReduceMean(List.of(3, 2), false), List.of("GlobalAveragePool", "Reshape")));
    }

    /** On an input [2, 3, 5, 4]. */
    @ParameterizedTest
    @MethodSource
    void leaves(Op op) {
        Net net = new Net(1);
        Graph graph = net.build(net.node(op, net.input(2, 3, 5, 4)));

        assertThat(new RecogniseGlobalPools().apply(graph)).isSameAs(graph);
    }

    static Stream<Op> leaves() {
        return Stream.of(
                new Op.AveragePool(Window.of(5, 3), false, false),
                new Op.AveragePool(Window.of(4, 4), false, false),
                new Op.AveragePool(Window.of(5, 4).withPads(1, 0, 0, 0), false, false),
                new Op.AveragePool(Window.of(5, 4).withPads(0, 0, 0, 1).withStrides(2, 2), false, true),
                new Op.MaxPool(Window.of(3, 4).withDilations(2, 1), false),
                new Op.ReduceMean(List.of(3), true),
                new Op.ReduceMean(List.of(1, 2), false),
                new Op.ReduceMean(List.of(1, 2, 3), false));
    }

    @Test
    void leavesMeansOfOtherRanks() {
        Net net = new Net(2);
        Graph graph = net.build(net.node(new Op.ReduceMean(List.of(2, 3), true), net.input(2, 3, 5, 4, 2)));

        assertThat(new RecogniseGlobalPools().apply(graph)).isSameAs(graph);
    }
}
