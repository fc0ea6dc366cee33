package dev.sardonyx.compiler.passes;

import static dev.sardonyx.compiler.passes.GraphAssert.assertGraph;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FuseBiasTest {

    private static Graph fuse(Graph graph) {
        return new FuseBias().apply(graph);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fusesIntoAConv(boolean biasBefore) {
        Net net = new Net(1);
        Value conv = net.conv(net.input(2, 3, 5, 5), 4, Window.of(3, 3), 1, biasBefore);
        Graph graph = net.build(net.add(net.shift(1, 4, 1, 1), net.node(new Op.Sub(), conv, net.shift(4, 1, 1))));

        assertGraph(fuse(graph)).hasOps("Conv").computesTheSameAs(graph);
    }

    @Test
    void fusesIntoMatrices() {
        Net net = new Net(2);
        Value y = net.add(net.node(new Op.MatMul(), net.input(3, 5), net.scale(5, 4)), net.shift(4));
        y = net.add(
                net.node(new Op.Gemm(2, 3, false, true), net.relu(y), net.scale(2, 4), net.shift(2)), net.shift(1, 2));
        Graph graph = net.build(y);

        assertGraph(fuse(graph)).hasOps("Gemm", "Relu", "Gemm").computesTheSameAs(graph);
    }

    @Test
    void keepsTheWeights() {
        Net net = new Net(3);
        Graph graph = net.build(net.add(net.conv(net.input(1, 3, 5, 5), 4), net.shift(4, 1, 1)));

        assertThat(fuse(graph).nodes().getFirst().input(1))
                .isEqualTo(graph.nodes().getFirst().input(1));
    }

    @Test
    void leavesAConvWithASecondReader() {
        Net net = new Net(4);
        Value conv = net.conv(net.input(1, 2, 4, 4), 3);
        Graph graph = net.output(net.add(conv, net.shift(3, 1, 1))).build(net.relu(conv));

        assertThat(fuse(graph)).isSameAs(graph);
    }

    @Test
    void leavesAConvThatIsAnOutput() {
        Net net = new Net(5);
        Value conv = net.conv(net.input(1, 2, 4, 4), 3);
        Graph graph = net.output(conv).build(net.add(conv, net.shift(3, 1, 1)));

        assertThat(fuse(graph)).isSameAs(graph);
    }

    @Test
    void leavesABiasThatVariesInTheImage() {
        Net net = new Net(6);
        Graph graph = net.build(net.add(net.conv(net.input(1, 2, 4, 4), 3), net.shift(3, 4, 4)));

        assertThat(fuse(graph)).isSameAs(graph);
    }

    @Test
    void leavesABiasThatMakesTheResultLarger() {
        Net net = new Net(7);
        Value one = net.conv(net.input(1, 2, 4, 4), 1);
        Graph graph = net.build(net.add(one, net.shift(3, 1, 1)));

        assertThat(fuse(graph)).isSameAs(graph);
    }

    @Test
    void leavesAGemmWhoseOwnBiasVariesByRow() {
        Net net = new Net(8);
        Value gemm = net.node(new Op.Gemm(1, 1, false, false), net.input(3, 2), net.scale(2, 4), net.shift(3, 1));
        Graph graph = net.build(net.add(gemm, net.shift(4)));

        assertThat(fuse(graph)).isSameAs(graph);
    }

    @Test
    void leavesProductsOfManyMatrices() {
        Net net = new Net(9);
        Value y = net.node(new Op.MatMul(), net.input(2, 3, 5), net.scale(5, 4));
        Graph graph = net.build(net.add(y, net.shift(4)));

        assertThat(fuse(graph)).isSameAs(graph);
    }
}
