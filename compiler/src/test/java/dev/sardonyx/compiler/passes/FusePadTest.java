package dev.sardonyx.compiler.passes;

import static dev.sardonyx.compiler.passes.GraphAssert.assertGraph;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Value;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FusePadTest {

    private static final Window THREE = Window.of(3, 3);

    private static Graph fuse(Graph graph) {
        return new FusePad().apply(graph);
    }

    private static Value pad(Net net, Value x, float value, int top, int left, int bottom, int right) {
        return net.node(
                new Op.Pad(List.of(0, 0, top, left), List.of(0, 0, bottom, right), Op.Pad.Mode.CONSTANT, value), x);
    }

    @Property(tries = 50)
    void fusesIntoAConv(
            @ForAll long seed,
            @ForAll @IntRange(max = 4) int top,
            @ForAll @IntRange(max = 4) int left,
            @ForAll @IntRange(max = 4) int bottom,
            @ForAll @IntRange(max = 4) int right,
            @ForAll @IntRange(max = 1) int own,
            @ForAll @IntRange(min = 1, max = 2) int stride,
            @ForAll @IntRange(min = 1, max = 2) int dilation) {
        Net net = new Net(seed);
        Value x = pad(net, net.input(2, 2, 6, 5), 0, top, left, bottom, right);
        Window window =
                THREE.withPads(own, 0, 0, own).withStrides(stride, stride).withDilations(dilation, dilation);
        Graph graph = net.build(net.conv(x, 3, window, 1, true));

        assertGraph(fuse(graph)).hasOps("Conv").computesTheSameAs(graph);
    }

    @Property(tries = 50)
    void fusesIntoAnAveragePoolThatCountsIt(
            @ForAll long seed,
            @ForAll @IntRange(max = 2) int top,
            @ForAll @IntRange(max = 2) int left,
            @ForAll @IntRange(max = 2) int bottom,
            @ForAll @IntRange(max = 2) int right,
            @ForAll @IntRange(min = 1, max = 2) int stride) {
        Net net = new Net(seed);
        Value x = pad(net, net.input(1, 2, 6, 5), 0, top, left, bottom, right);
        Window window = THREE.withStrides(stride, stride);
        Value unpadded = net.node(new Op.AveragePool(window, false, false), x);
        Value counting = net.node(new Op.AveragePool(window, false, true), x);
        Graph graph = net.output(unpadded).build(counting);

        assertGraph(fuse(graph)).hasOps("AveragePool", "AveragePool").computesTheSameAs(graph);
    }

    @Test
    void fusesIntoAnAveragePoolWithCountedPaddingOfItsOwn() {
        Net net = new Net(1);
        Value x = pad(net, net.input(1, 2, 6, 5), 0, 1, 0, 1, 0);
        Graph graph = net.build(net.node(new Op.AveragePool(THREE.withPads(0, 1, 0, 1), false, true), x));

        assertGraph(fuse(graph)).hasOps("AveragePool").computesTheSameAs(graph);
    }

    @ParameterizedTest
    @MethodSource
    void fusesZerosIntoAMaxPoolOfWhatIsNotNegative(Op op) {
        Net net = new Net(2);
        Value x = pad(net, net.node(op, net.input(2, 3, 7, 7)), 0, 1, 1, 1, 1);
        Graph graph = net.build(net.node(new Op.MaxPool(THREE.withStrides(2, 2), false), x));

        assertGraph(fuse(graph)).hasOps(op.name(), "MaxPool").computesTheSameAs(graph);
    }

    static Stream<Op> fusesZerosIntoAMaxPoolOfWhatIsNotNegative() {
        return Stream.of(new Op.Relu(), new Op.Clip(0, 6), new Op.Clip(1, 2), new Op.Sigmoid(), new Op.Softmax(1, 2));
    }

    @Test
    void seesWhatIsNotNegativeThroughPoolingsAndFusedActivations() {
        Net net = new Net(3);
        Value x = net.relu(net.conv(net.input(1, 2, 8, 8), 3));
        x = net.node(new Op.AveragePool(Window.of(2, 2), false, false), x);
        Graph graph = net.build(net.node(new Op.MaxPool(THREE, false), pad(net, x, 0, 1, 1, 1, 1)));

        assertGraph(fuse(new FuseActivation().apply(graph)))
                .hasOps("Conv", "AveragePool", "MaxPool")
                .computesTheSameAs(graph);
    }

    @Test
    void fusesMinusInfinityIntoAnyMaxPool() {
        Net net = new Net(4);
        Value x = pad(net, net.input(2, 3, 7, 7), Float.NEGATIVE_INFINITY, 1, 0, 0, 1);
        Graph graph = net.build(net.node(new Op.MaxPool(THREE.withStrides(2, 2), false), x));

        assertGraph(fuse(graph)).hasOps("MaxPool").computesTheSameAs(graph);
    }

    @Test
    void thePadStaysForOtherReaders() {
        Net net = new Net(5);
        Value x = pad(net, net.input(1, 2, 4, 4), 0, 1, 1, 1, 1);
        Graph graph = net.output(net.conv(x, 3, THREE, 1, false)).build(net.relu(x));

        assertGraph(fuse(graph)).hasOps("Pad", "Conv", "Relu").computesTheSameAs(graph);
    }

    @Test
    void fusesOnePadAfterTheOther() {
        Net net = new Net(6);
        Value x = pad(net, pad(net, net.input(1, 2, 4, 4), 0, 1, 1, 1, 1), 0, 0, 1, 1, 0);
        Graph graph = net.build(net.conv(x, 3, THREE, 1, false));

        assertGraph(fuse(graph)).hasOps("Conv").computesTheSameAs(graph);
    }

    @ParameterizedTest
    @MethodSource
    void leavesOtherPads(Op.Pad pad) {
        Net net = new Net(7);
        Graph graph = net.build(net.conv(net.node(pad, net.input(1, 2, 4, 4)), 3, THREE, 1, false));

        assertThat(fuse(graph)).isSameAs(graph);
    }

    static Stream<Op.Pad> leavesOtherPads() {
        List<Integer> none = List.of(0, 0, 0, 0);
        List<Integer> image = List.of(0, 0, 1, 1);
        return Stream.of(
                new Op.Pad(image, image, Op.Pad.Mode.CONSTANT, 1),
                new Op.Pad(image, image, Op.Pad.Mode.REFLECT, 0),
                new Op.Pad(image, image, Op.Pad.Mode.EDGE, 0),
                new Op.Pad(List.of(1, 0, 0, 0), none, Op.Pad.Mode.CONSTANT, 0),
                new Op.Pad(none, List.of(0, 1, 0, 0), Op.Pad.Mode.CONSTANT, 0));
    }

    @Test
    void leavesZerosBeforeAMaxPoolOfAnything() {
        Net net = new Net(8);
        Graph graph = net.build(net.node(new Op.MaxPool(THREE, false), pad(net, net.input(1, 2, 4, 4), 0, 1, 1, 1, 1)));

        assertThat(fuse(graph)).isSameAs(graph);
    }

    @Test
    void leavesZerosBeforeAMaxPoolOfALeakyRelu() {
        Net net = new Net(9);
        Value x = net.node(new Op.LeakyRelu(0.1f), net.input(1, 2, 4, 4));
        Graph graph = net.build(net.node(new Op.MaxPool(THREE, false), pad(net, x, 0, 1, 1, 1, 1)));

        assertThat(fuse(graph)).isSameAs(graph);
    }

    @ParameterizedTest
    @ValueSource(floats = {0, Float.NEGATIVE_INFINITY})
    void leavesAMaxPoolWithWindowsInThePaddingAlone(float value) {
        Net net = new Net(10);
        Value x = pad(net, net.relu(net.input(1, 2, 4, 4)), value, 3, 0, 0, 0);
        Graph graph = net.build(net.node(new Op.MaxPool(THREE, false), x));

        assertThat(fuse(graph)).isSameAs(graph);
    }

    @Test
    void leavesAnAveragePoolWhoseOwnPaddingDoesNotCount() {
        Net net = new Net(11);
        Value x = pad(net, net.input(1, 2, 4, 4), 0, 1, 1, 1, 1);
        Graph graph = net.build(net.node(new Op.AveragePool(THREE.withPads(1, 1, 1, 1), false, false), x));

        assertThat(fuse(graph)).isSameAs(graph);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void leavesPoolingsThatRoundUp(boolean max) {
        Net net = new Net(12);
        Value x = pad(net, net.relu(net.input(1, 2, 4, 4)), 0, 0, 0, 1, 1);
        Window window = Window.of(2, 2).withStrides(2, 2);
        Graph graph =
                net.build(net.node(max ? new Op.MaxPool(window, true) : new Op.AveragePool(window, true, true), x));

        assertThat(fuse(graph)).isSameAs(graph);
    }
}
