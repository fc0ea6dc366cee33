package dev.sardonyx.compiler.passes;

import static dev.sardonyx.compiler.passes.GraphAssert.assertGraph;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Value;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SimplifyActivationsTest {

    private static final float INFINITY = Float.POSITIVE_INFINITY;

    private static Graph simplify(Graph graph) {
        return new SimplifyActivations().apply(graph);
    }

    @ParameterizedTest
    @MethodSource
    void makesTwoOne(Op first, Op second, Op expected) {
        Net net = new Net(1);
        Graph graph = net.build(net.node(second, net.node(first, net.input(100))));

        Graph simplified = simplify(graph);

        assertGraph(simplified).computesTheSameAs(graph);
        assertThat(simplified.nodes()).singleElement().extracting("op").isEqualTo(expected);
    }

    static Stream<Arguments> makesTwoOne() {
        return Stream.of(
                Arguments.of(new Op.Relu(), new Op.Relu(), new Op.Relu()),
                Arguments.of(new Op.Relu(), new Op.Clip(-1, 1), new Op.Clip(0, 1)),
                Arguments.of(new Op.Clip(-1, 1), new Op.Relu(), new Op.Clip(0, 1)),
                Arguments.of(new Op.Clip(0, INFINITY), new Op.Clip(-INFINITY, 1), new Op.Clip(0, 1)),
                Arguments.of(new Op.Clip(-INFINITY, 1), new Op.Clip(-1, INFINITY), new Op.Clip(-1, 1)),
                Arguments.of(new Op.Clip(-2, -1), new Op.Relu(), new Op.Clip(0, 0)));
    }

    @Property(tries = 200)
    void theBoundsMayBeAnything(
            @ForAll @FloatRange(min = -2, max = 2) float min,
            @ForAll @FloatRange(min = -2, max = 2) float max,
            @ForAll @FloatRange(min = -2, max = 2) float secondMin,
            @ForAll @FloatRange(min = -2, max = 2) float secondMax) {
        Net net = new Net(2);
        Graph graph =
                net.build(net.node(new Op.Clip(secondMin, secondMax), net.node(new Op.Clip(min, max), net.input(50))));

        assertGraph(simplify(graph)).hasOps("Clip").computesTheSameAs(graph);
    }

    @Test
    void aClipFromZeroIsARelu() {
        Net net = new Net(3);
        Graph graph = net.build(net.node(new Op.Clip(0, INFINITY), net.input(100)));

        assertGraph(simplify(graph)).hasOps("Relu").computesTheSameAs(graph);
    }

    @Test
    void aPReluWithOneSlopeIsALeakyRelu() {
        Net net = new Net(4);
        Graph graph = net.build(net.node(new Op.PRelu(), net.input(2, 3, 4, 4), net.scale(1, 1, 1)));

        assertGraph(simplify(graph)).hasOps("LeakyRelu").computesTheSameAs(graph);
    }

    @Test
    void leavesAPReluWithSlopesByChannel() {
        Net net = new Net(5);
        Graph graph = net.build(net.node(new Op.PRelu(), net.input(2, 3, 4, 4), net.scale(3, 1, 1)));

        assertThat(simplify(graph)).isSameAs(graph);
    }

    @Test
    void leavesAPReluWithComputedSlope() {
        Net net = new Net(6);
        Graph graph = net.build(net.node(new Op.PRelu(), net.input(2, 3), net.input(1)));

        assertThat(simplify(graph)).isSameAs(graph);
    }

    @Test
    void leavesTwoIfOthersReadTheValueBetween() {
        Net net = new Net(7);
        Value between = net.relu(net.input(100));
        Graph graph = net.output(between).build(net.node(new Op.Clip(-1, 1), between));

        assertThat(simplify(graph)).isSameAs(graph);
    }

    @Test
    void leavesBoundsThatAreNotNumbers() {
        Net net = new Net(8);
        Value between = net.relu(net.input(100));
        Graph graph = net.build(net.node(new Op.Clip(Float.NaN, 1), between));

        assertThat(simplify(graph)).isSameAs(graph);
    }

    @Test
    void leavesOtherActivations() {
        Net net = new Net(9);
        Value y = net.relu(net.node(new Op.LeakyRelu(0.1f), net.input(1, 1, 2, 2)));
        Graph graph = net.build(net.node(new Op.Clip(0, 1), net.node(new Op.Reshape(Shape.of(4)), y)));

        assertThat(simplify(graph)).isSameAs(graph);
    }
}
