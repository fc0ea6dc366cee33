package dev.sardonyx.compiler.passes;

import static dev.sardonyx.compiler.passes.GraphAssert.assertGraph;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Value;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GemmToConvTest {

    private static Graph convert(Graph graph) {
        return new GemmToConv().apply(graph);
    }

    @ParameterizedTest
    @CsvSource({"false, 1, 1", "true, 1, 1", "false, 0.5, 2", "true, -2, 0"})
    void convertsAGemm(boolean transposed, float alpha, float beta) {
        Net net = new Net(1);
        Value weights = transposed ? net.scale(4, 5) : net.scale(5, 4);
        Op gemm = new Op.Gemm(alpha, beta, false, transposed);
        Graph graph = net.build(net.node(gemm, net.input(3, 5), weights, net.shift(4)));

        Graph converted = convert(graph);

        assertGraph(converted).hasOps("Reshape", "Conv", "Reshape").computesTheSameAs(graph);
        assertThat(converted.nodes())
                .allSatisfy(node -> assertThat(node.origins()).containsExactly("Gemm0"));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 4", "2, 1", "2, 4"})
    void anyBiasByColumnWill(int rank, int size) {
        Net net = new Net(2);
        int[] dims = rank == 1 ? new int[] {size} : new int[] {1, size};
        Graph graph =
                net.build(net.node(new Op.Gemm(1, 1, false, false), net.input(3, 5), net.scale(5, 4), net.shift(dims)));

        assertGraph(convert(graph)).hasOps("Reshape", "Conv", "Reshape").computesTheSameAs(graph);
    }

    @Test
    void convertsAMatMul() {
        Net net = new Net(3);
        Graph graph = net.build(net.node(new Op.MatMul(), net.input(3, 5), net.scale(5, 4)));

        assertGraph(convert(graph)).hasOps("Reshape", "Conv", "Reshape").computesTheSameAs(graph);
    }

    @Test
    void leavesComputedWeights() {
        Net net = new Net(4);
        Graph graph = net.build(net.node(new Op.MatMul(), net.input(3, 5), net.input(5, 4)));

        assertThat(convert(graph)).isSameAs(graph);
    }

    @Test
    void leavesComputedBias() {
        Net net = new Net(5);
        Op gemm = new Op.Gemm(1, 1, false, false);
        Graph graph = net.build(net.node(gemm, net.input(3, 5), net.scale(5, 4), net.input(4)));

        assertThat(convert(graph)).isSameAs(graph);
    }

    @Test
    void leavesATransposedInput() {
        Net net = new Net(6);
        Graph graph = net.build(net.node(new Op.Gemm(1, 1, true, false), net.input(5, 3), net.scale(5, 4)));

        assertThat(convert(graph)).isSameAs(graph);
    }

    @Test
    void leavesABiasByRow() {
        Net net = new Net(7);
        Op gemm = new Op.Gemm(1, 1, false, false);
        Graph graph = net.build(net.node(gemm, net.input(3, 5), net.scale(5, 4), net.shift(3, 1)));

        assertThat(convert(graph)).isSameAs(graph);
    }

    @Test
    void leavesOtherRanks() {
        Net net = new Net(8);
        Graph graph = net.output(net.node(new Op.MatMul(), net.input(2, 3, 5), net.scale(5, 4)))
                .output(net.node(new Op.MatMul(), net.input(5), net.scale(5, 4)))
                .output(net.node(new Op.MatMul(), net.input(3, 5), net.scale(5)))
                .build();

        assertThat(convert(graph)).isSameAs(graph);
    }

    @Test
    void inThePipelineFullyConnectedLayersFuseLikeConvs() {
        Net net = new Net(9);
        Value y = net.node(new Op.GlobalAveragePool(), net.input(2, 6, 4, 4));
        y = net.node(new Op.Reshape(Shape.of(2, 6)), y);
        y = net.relu(net.add(net.node(new Op.MatMul(), y, net.scale(6, 5)), net.shift(5)));
        y = net.relu(net.batchNorm(net.node(new Op.Gemm(1, 1, false, true), y, net.scale(4, 5), net.shift(4))));
        Graph graph = net.build(net.node(new Op.Gemm(1, 1, false, true), y, net.scale(3, 4), net.shift(3)));

        Graph optimised = PassPipeline.run(graph, PassOptions.ALL).graph();

        assertGraph(optimised)
                .hasOps("GlobalAveragePool", "Conv", "Conv", "Conv", "Reshape")
                .computesTheSameAs(graph);
        assertThat(optimised.nodes())
                .extracting("origins")
                .element(2)
                .isEqualTo(List.of("Gemm5", "BatchNormalization6", "Relu7"));
    }
}
