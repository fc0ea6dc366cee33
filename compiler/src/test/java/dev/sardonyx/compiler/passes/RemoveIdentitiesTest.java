package dev.sardonyx.compiler.passes;

import static dev.sardonyx.compiler.passes.GraphAssert.assertGraph;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.runtime.ElementType;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RemoveIdentitiesTest {

    private static final List<Integer> NONE = List.of(0, 0, 0, 0);
    private static final List<Integer> ONES = List.of(1, 1, 1, 1);

    private static Graph remove(Graph graph) {
        return new RemoveIdentities().apply(graph);
    }

    /** On an input [2, 3, 1, 1]. */
    @ParameterizedTest
    @MethodSource
    void removesWhatChangesNothing(Op op) {
        Net net = new Net(1);
        Graph graph = net.build(net.node(new Op.Tanh(), net.node(op, net.input(2, 3, 1, 1))));

        assertGraph(remove(graph)).hasOps("Tanh").computesTheSameAs(graph);
    }

    static Stream<Op> removesWhatChangesNothing() {
        return Stream.of(
                new Op.Reshape(Shape.of(2, 3, 1, 1)),
                new Op.Transpose(List.of(0, 1, 2, 3)),
                new Op.Transpose(List.of(0, 1, 3, 2)),
                new Op.Cast(ElementType.FLOAT32),
                new Op.Pad(NONE, NONE, Op.Pad.Mode.CONSTANT, 5),
                new Op.Pad(NONE, NONE, Op.Pad.Mode.EDGE, 0),
                new Op.Slice(NONE, ONES, List.of(2, 3, 1, 1)),
                new Op.Slice(NONE, List.of(1, 1, 7, -1), List.of(2, 3, 1, 1)),
                new Op.Concat(1),
                new Op.Clip(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY),
                new Op.MaxPool(Window.of(1, 1), false),
                new Op.AveragePool(Window.of(1, 1), true, false),
                new Op.GlobalAveragePool(),
                new Op.GlobalMaxPool(),
                new Op.ReduceMean(List.of(2, 3), true));
    }

    /** On an input [2, 2, 2, 2]. */
    @ParameterizedTest
    @MethodSource
    void leavesWhatChangesSomething(Op op) {
        Net net = new Net(2);
        Graph graph = net.build(net.node(op, net.input(2, 2, 2, 2)));

        assertThat(remove(graph)).isSameAs(graph);
    }

    static Stream<Op> leavesWhatChangesSomething() {
        return Stream.of(
                new Op.Reshape(Shape.of(4, 4)),
                new Op.Transpose(List.of(1, 0, 2, 3)),
                new Op.Cast(ElementType.FLOAT64),
                new Op.Pad(NONE, ONES, Op.Pad.Mode.CONSTANT, 0),
                new Op.Slice(List.of(1, 0, 0, 0), List.of(-1, 1, 1, 1), List.of(2, 2, 2, 2)),
                new Op.Slice(NONE, ONES, List.of(2, 2, 2, 1)),
                new Op.Clip(Float.NEGATIVE_INFINITY, Float.MAX_VALUE),
                new Op.MaxPool(Window.of(1, 1).withStrides(2, 2), false),
                new Op.MaxPool(Window.of(3, 3).withPads(1, 1, 1, 1), false),
                new Op.GlobalAveragePool());
    }

    @Test
    void removesNeutralArithmetic() {
        Net net = new Net(3);
        Value zeros = net.constant(Shape.of(3, 1, 1), 0, -0f, 0);
        Value ones = net.constant(Shape.of(), 1);
        Value y = net.add(net.input(2, 3, 4, 4), zeros);
        y = net.add(zeros, y);
        y = net.mul(y, ones);
        y = net.mul(ones, y);
        y = net.node(new Op.Sub(), y, zeros);
        y = net.node(new Op.Div(), y, ones);
        Graph graph = net.build(net.relu(y));

        assertGraph(remove(graph)).hasOps("Relu").computesTheSameAs(graph);
    }

    @Test
    void leavesOtherArithmetic() {
        Net net = new Net(4);
        Value zero = net.constant(Shape.of(), 0);
        Value one = net.constant(Shape.of(), 1);
        Value y = net.add(net.input(3, 4), one);
        y = net.mul(y, zero);
        y = net.node(new Op.Sub(), zero, y);
        y = net.node(new Op.Div(), one, y);
        y = net.add(y, net.constant(Shape.of(4), 0, 0, 0, 1));
        Graph graph = net.build(y);

        assertThat(remove(graph)).isSameAs(graph);
    }

    @Test
    void leavesNeutralConstantsThatBroadcast() {
        Net net = new Net(5);
        Graph graph = net.build(net.add(net.input(1, 4), net.constant(Shape.of(3, 1), 0, 0, 0)));

        assertThat(remove(graph)).isSameAs(graph);
    }

    @Test
    void anOutputKeepsItsName() {
        Net net = new Net(6);
        Value x = net.input(2, 3);
        Graph graph = net.output(net.relu(x)).build(net.node(new Op.Reshape(Shape.of(2, 3)), x));

        Graph removed = remove(graph);

        assertGraph(removed).hasOps("Relu").computesTheSameAs(graph);
        assertThat(removed.outputs().getLast()).isEqualTo(new Graph.Output("out1", x));
    }
}
