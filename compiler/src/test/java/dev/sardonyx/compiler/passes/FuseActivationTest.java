package dev.sardonyx.compiler.passes;

import static dev.sardonyx.compiler.passes.GraphAssert.assertGraph;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Value;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FuseActivationTest {

    private static Graph fuse(Graph graph) {
        return new FuseActivation().apply(graph);
    }

    @ParameterizedTest
    @MethodSource
    void fuses(Op op, Activation activation) {
        Net net = new Net(1);
        Graph graph = net.build(net.node(op, net.conv(net.input(2, 3, 5, 5), 4)));

        Graph fused = fuse(graph);

        assertGraph(fused).hasOps("Conv").computesTheSameAs(graph);
        assertThat(((Op.Conv) fused.nodes().getFirst().op()).activation()).isEqualTo(activation);
    }

    static Stream<Arguments> fuses() {
        return Stream.of(
                Arguments.of(new Op.Relu(), new Activation.Relu()),
                Arguments.of(new Op.Clip(0, 6), new Activation.Clip(0, 6)),
                Arguments.of(new Op.Clip(-0.5f, 0.25f), new Activation.Clip(-0.5f, 0.25f)),
                Arguments.of(new Op.LeakyRelu(0.1f), new Activation.LeakyRelu(0.1f)));
    }

    @ParameterizedTest
    @MethodSource
    void leavesOthers(Op op) {
        Net net = new Net(2);
        Graph graph = net.build(net.node(op, net.conv(net.input(1, 3, 5, 5), 4)));

        assertThat(fuse(graph)).isSameAs(graph);
    }

    static Stream<Op> leavesOthers() {
        return Stream.of(new Op.Sigmoid(), new Op.Tanh(), new Op.Softmax(1, 2), new Op.GlobalAveragePool());
    }

    @Test
    void aConvHasOneActivation() {
        Net net = new Net(3);
        Value y = net.relu(net.conv(net.input(1, 2, 4, 4), 3));
        Graph graph = net.build(net.node(new Op.LeakyRelu(0.5f), y));

        assertGraph(fuse(graph)).hasOps("Conv", "LeakyRelu").computesTheSameAs(graph);
    }

    @Test
    void leavesAConvWithASecondReader() {
        Net net = new Net(4);
        Value conv = net.conv(net.input(1, 2, 4, 4), 3);
        Graph graph = net.build(net.add(net.relu(conv), conv));

        assertThat(fuse(graph)).isSameAs(graph);
    }

    @Test
    void leavesAConvThatIsAnOutput() {
        Net net = new Net(5);
        Value conv = net.conv(net.input(1, 2, 4, 4), 3);
        Graph graph = net.output(conv).build(net.relu(conv));

        assertThat(fuse(graph)).isSameAs(graph);
    }

    @Test
    void comesAfterTheResidual() {
        Net net = new Net(6);
        Value x = net.input(1, 3, 4, 4);
        Graph graph = net.build(net.relu(net.add(net.conv(x, 3), x)));

        assertGraph(fuse(new FuseResidual().apply(graph))).hasOps("Conv").computesTheSameAs(graph);
    }
}
