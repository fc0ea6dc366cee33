package dev.sardonyx.compiler.passes;

import static dev.sardonyx.compiler.passes.GraphAssert.assertGraph;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Value;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MergeReshapesTest {

    private static Graph merge(Graph graph) {
        return new MergeReshapes().apply(graph);
    }

    private static Value reshape(Net net, Value x, int... dims) {
        return net.node(new Op.Reshape(Shape.of(dims)), x);
    }

    @Test
    void mergesARun() {
        Net net = new Net(1);
        Value y = reshape(net, reshape(net, reshape(net, net.input(2, 3, 4), 24), 4, 6), 3, 8);
        Graph graph = net.build(net.relu(y));

        assertGraph(merge(graph)).hasOps("Relu", "Reshape").computesTheSameAs(graph);
    }

    @Test
    void aRunThatEndsWhereItBeganVanishes() {
        Net net = new Net(2);
        Value y = reshape(net, reshape(net, net.input(2, 12), 24), 2, 12);
        Graph graph = net.build(net.relu(y));

        assertGraph(merge(graph)).hasOps("Relu").computesTheSameAs(graph);
    }

    @ParameterizedTest
    @MethodSource
    void movesBehindActivations(Op activation) {
        Net net = new Net(3);
        Value x = net.input(2, 3, 1, 1);
        Graph graph = net.build(reshape(net, net.node(activation, reshape(net, x, 2, 3)), 2, 3, 1, 1));

        assertGraph(merge(graph)).hasOps(activation.name()).computesTheSameAs(graph);
    }

    static Stream<Op> movesBehindActivations() {
        return Stream.of(new Op.Relu(), new Op.LeakyRelu(0.1f), new Op.Clip(0, 1), new Op.Sigmoid(), new Op.Tanh());
    }

    @Test
    void theMovedNodesKeepTheirOrigins() {
        Net net = new Net(4);
        Graph graph = net.build(net.relu(reshape(net, net.input(2, 3), 6)));

        Graph merged = merge(graph);

        assertGraph(merged).hasOps("Relu", "Reshape").computesTheSameAs(graph);
        assertThat(merged.nodes().getFirst().origins()).containsExactly("Relu1");
        assertThat(merged.nodes().getLast().origins()).containsExactly("Reshape0");
    }

    @Test
    void staysBeforeAnActivationIfOthersReadIt() {
        Net net = new Net(5);
        Value flat = reshape(net, net.input(2, 3), 6);
        Graph graph = net.output(net.node(new Op.Tanh(), flat)).build(net.relu(flat));

        assertThat(merge(graph)).isSameAs(graph);
    }

    @Test
    void staysBeforeWhatDependsOnTheShape() {
        Net net = new Net(6);
        Graph graph = net.build(net.node(new Op.Softmax(0, 1), reshape(net, net.input(2, 3), 6)));

        assertThat(merge(graph)).isSameAs(graph);
    }

    @Test
    void aTransposeOfSingleElementsIsAReshape() {
        Net net = new Net(7);
        Value pooled = net.node(new Op.GlobalAveragePool(), net.input(2, 3, 4, 4));
        Value y = reshape(net, net.node(new Op.Transpose(List.of(0, 2, 3, 1)), pooled), 2, 3);
        Graph graph = net.build(y);

        assertGraph(merge(graph)).hasOps("GlobalAveragePool", "Reshape").computesTheSameAs(graph);
    }

    @Test
    void leavesATransposeThatMovesElements() {
        Net net = new Net(8);
        Graph graph = net.build(net.node(new Op.Transpose(List.of(0, 2, 3, 1)), net.input(1, 2, 3, 1)));

        assertThat(merge(graph)).isSameAs(graph);
    }
}
