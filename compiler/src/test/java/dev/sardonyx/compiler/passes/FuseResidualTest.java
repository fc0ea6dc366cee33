package dev.sardonyx.compiler.passes;

import static dev.sardonyx.compiler.passes.GraphAssert.assertGraph;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FuseResidualTest {

    private static Graph fuse(Graph graph) {
        return new FuseResidual().apply(graph);
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void fusesAnIdentityShortcut(boolean bias, boolean convFirst) {
        Net net = new Net(1);
        Value x = net.input(2, 3, 4, 4);
        Value conv = net.conv(x, 3, Window.of(1, 1), 1, bias);
        Graph graph = net.build(convFirst ? net.add(conv, x) : net.add(x, conv));

        assertGraph(fuse(graph)).hasOps("Conv").computesTheSameAs(graph);
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void ofTwoConvsTheLaterTakesTheAdd(boolean laterFirst) {
        Net net = new Net(2);
        Value x = net.input(1, 2, 4, 4);
        Value earlier = net.conv(x, 3);
        Value later = net.conv(x, 3, Window.of(1, 1), 1, true);
        Graph graph = net.build(laterFirst ? net.add(later, earlier) : net.add(earlier, later));

        Graph fused = fuse(graph);

        assertGraph(fused).hasOps("Conv", "Conv").computesTheSameAs(graph);
        assertThat(fused.nodes().getLast().origins()).containsExactly("Conv1", "Add2");
    }

    @Test
    void theEarlierConvTakesItIfTheLaterCannot() {
        Net net = new Net(3);
        Value x = net.input(1, 2, 4, 4);
        Value earlier = net.conv(x, 3);
        Value later = net.conv(x, 3, Window.of(1, 1), 1, true);
        Graph graph = net.output(later).build(net.add(earlier, later));

        Graph fused = fuse(graph);

        assertGraph(fused).hasOps("Conv", "Conv").computesTheSameAs(graph);
        assertThat(fused.nodes().getLast().origins()).containsExactly("Conv0", "Add2");
    }

    @Test
    void theResidualMayBeComputedAfterTheConv() {
        Net net = new Net(4);
        Value x = net.input(1, 3, 4, 4);
        Value conv = net.conv(x, 3);
        Graph graph = net.build(net.add(conv, net.relu(x)));

        assertGraph(fuse(graph)).hasOps("Relu", "Conv").computesTheSameAs(graph);
    }

    @Test
    void aConvTakesOneAdd() {
        Net net = new Net(5);
        Value x = net.input(1, 3, 4, 4);
        Graph graph = net.build(net.add(net.add(net.conv(x, 3), x), x));

        assertGraph(fuse(graph)).hasOps("Conv", "Add").computesTheSameAs(graph);
    }

    @Test
    void leavesAConvAddedToItself() {
        Net net = new Net(6);
        Value conv = net.conv(net.input(1, 3, 4, 4), 3);
        Graph graph = net.build(net.add(conv, conv));

        assertThat(fuse(graph)).isSameAs(graph);
    }

    @Test
    void leavesAConvWithASecondReader() {
        Net net = new Net(7);
        Value x = net.input(1, 3, 4, 4);
        Value conv = net.conv(x, 3);
        Graph graph = net.output(net.add(conv, x)).build(net.relu(conv));

        assertThat(fuse(graph)).isSameAs(graph);
    }

    @Test
    void leavesAConvThatIsAnOutput() {
        Net net = new Net(8);
        Value x = net.input(1, 3, 4, 4);
        Value conv = net.conv(x, 3);
        Graph graph = net.output(conv).build(net.add(conv, x));

        assertThat(fuse(graph)).isSameAs(graph);
    }

    @ParameterizedTest
    @CsvSource({"1,3,1,1", "3,1,1,1", "3,3,1,4", "1,1,4,4"})
    void leavesAResidualThatBroadcasts(int n, int c, int h, int w) {
        Net net = new Net(9);
        Value residual = net.input(n, c, h, w);
        Graph graph = net.build(net.add(net.conv(net.input(3, 2, 4, 4), 3), residual));

        assertThat(fuse(graph)).isSameAs(graph);
    }

    @Test
    void leavesAConvThatBroadcasts() {
        Net net = new Net(10);
        Graph graph = net.build(net.add(net.conv(net.input(1, 2, 4, 4), 3), net.input(2, 3, 4, 4)));

        assertThat(fuse(graph)).isSameAs(graph);
    }

    @Test
    void leavesAConvThatIsActivatedAlready() {
        Net net = new Net(11);
        Value x = net.input(1, 3, 4, 4);
        Graph graph = new FuseActivation().apply(net.build(net.add(net.relu(net.conv(x, 3)), x)));

        assertThat(fuse(graph)).isSameAs(graph);
    }

    @Test
    void leavesAConstant() {
        Net net = new Net(12);
        Graph graph = net.build(net.add(net.conv(net.input(1, 2, 4, 4), 3), net.shift(1, 3, 4, 4)));

        assertThat(fuse(graph)).isSameAs(graph);
    }

    @Test
    void leavesOtherOperators() {
        Net net = new Net(13);
        Value x = net.input(1, 3, 4, 4);
        Graph graph = net.build(net.node(new Op.Sub(), net.conv(x, 3), x));

        assertThat(fuse(graph)).isSameAs(graph);
    }
}
