package dev.sardonyx.compiler.passes;

import static dev.sardonyx.compiler.passes.GraphAssert.assertGraph;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Value;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FoldBatchNormBeforeTest {

    private static Graph fold(Graph graph) {
        return new FoldBatchNormBefore().apply(graph);
    }

    @Property(tries = 50)
    void foldsIntoAnyUnpaddedConv(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 3) int groups,
            @ForAll @IntRange(min = 1, max = 3) int inPerGroup,
            @ForAll @IntRange(min = 1, max = 3) int outPerGroup,
            @ForAll @IntRange(min = 1, max = 3) int kernel,
            @ForAll @IntRange(min = 1, max = 2) int stride,
            @ForAll boolean bias) {
        Net net = new Net(seed);
        Value x = net.batchNorm(net.input(2, groups * inPerGroup, 5, 4));
        Window window = Window.of(kernel, kernel).withStrides(stride, stride);
        Graph graph = net.build(net.conv(x, groups * outPerGroup, window, groups, bias));

        assertGraph(fold(graph)).hasOps("Conv").computesTheSameAs(graph);
    }

    @Test
    void foldsMulAndAdd() {
        Net net = new Net(1);
        Value x = net.node(new Op.Sub(), net.input(1, 3, 4, 4), net.shift(3, 1, 1));
        Graph graph = net.build(net.conv(net.mul(x, net.scale(1, 3, 1, 1)), 5, Window.of(3, 3), 1, true));

        assertGraph(fold(graph)).hasOps("Conv").computesTheSameAs(graph);
    }

    @Test
    void foldsIntoMatricesToo() {
        Net net = new Net(2);
        Value y = net.node(new Op.MatMul(), net.batchNorm(net.input(3, 5)), net.scale(5, 4));
        y = net.node(new Op.Gemm(0.5f, 2, false, true), net.batchNorm(net.relu(y)), net.scale(6, 4), net.shift(1, 6));
        Graph graph = net.build(y);

        assertGraph(fold(graph)).hasOps("Gemm", "Relu", "Gemm").computesTheSameAs(graph);
    }

    @Test
    void aShiftDoesNotPassPadding() {
        Net net = new Net(3);
        Graph graph = net.build(net.conv(net.batchNorm(net.input(1, 2, 4, 4)), 3));

        assertThat(fold(graph)).isSameAs(graph);
    }

    @Test
    void aMereScalePassesPadding() {
        Net net = new Net(4);
        Value shifted = net.add(net.input(1, 2, 4, 4), net.shift(2, 1, 1));
        Graph graph = net.build(net.conv(net.mul(shifted, net.scale(2, 1, 1)), 3));

        assertGraph(fold(graph)).hasOps("Add", "Conv").computesTheSameAs(graph);
    }

    @Test
    void leavesANormalizationWithASecondReader() {
        Net net = new Net(5);
        Value x = net.batchNorm(net.input(1, 2, 4, 4));
        Graph graph = net.output(net.conv(x, 3, Window.of(1, 1), 1, false)).build(net.relu(x));

        assertThat(fold(graph)).isSameAs(graph);
    }

    @Test
    void leavesANormalizationThatIsAnOutput() {
        Net net = new Net(6);
        Value x = net.batchNorm(net.input(1, 2, 4, 4));
        Graph graph = net.output(x).build(net.conv(x, 3, Window.of(1, 1), 1, false));

        assertThat(fold(graph)).isSameAs(graph);
    }

    @Test
    void leavesANormalizationBehindAnActivation() {
        Net net = new Net(7);
        Graph graph = net.build(net.conv(net.relu(net.batchNorm(net.input(1, 2, 4, 4))), 3, Window.of(1, 1), 1, false));

        assertThat(fold(graph)).isSameAs(graph);
    }

    @Test
    void leavesATransposedMatrix() {
        Net net = new Net(8);
        Value x = net.batchNorm(net.input(5, 3));
        Graph graph = net.build(net.node(new Op.Gemm(1, 1, true, false), x, net.scale(5, 4)));

        assertThat(fold(graph)).isSameAs(graph);
    }

    @Test
    void leavesWeightsThatWouldNotBeFinite() {
        Net net = new Net(9);
        Value x = net.mul(net.input(1, 2, 4, 4), net.constant(Shape.of(), Float.POSITIVE_INFINITY));
        Graph graph = net.build(net.conv(x, 3, Window.of(1, 1), 1, false));

        assertThat(fold(graph)).isSameAs(graph);
    }

    @Test
    void inThePipelineTheConvBeforeComesFirst() {
        Net net = new Net(10);
        Value y = net.batchNorm(net.conv(net.input(1, 2, 4, 4), 3));
        Graph graph = net.build(net.conv(y, 4, Window.of(1, 1), 1, false));

        Graph optimised = PassPipeline.run(graph, PassOptions.ALL).graph();

        assertGraph(optimised).hasOps("Conv", "Conv").computesTheSameAs(graph);
        assertThat(optimised.nodes().getFirst().origins()).containsExactly("Conv0", "BatchNormalization1");
    }
}
