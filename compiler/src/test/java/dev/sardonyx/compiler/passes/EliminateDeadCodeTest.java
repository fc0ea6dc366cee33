package dev.sardonyx.compiler.passes;

import static dev.sardonyx.compiler.passes.GraphAssert.assertGraph;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Value;
import org.junit.jupiter.api.Test;

class EliminateDeadCodeTest {

    @Test
    void dropsNodesAndConstantsThatNoOutputDependsOn() {
        Net net = new Net(1);
        Value x = net.input(1, 2, 4, 4);
        Value y = net.relu(net.conv(x, 3));
        net.relu(net.conv(y, 5));
        Graph graph = net.build(y);

        Graph optimised = new EliminateDeadCode().apply(graph);

        assertGraph(optimised).hasOps("Conv", "Relu").computesTheSameAs(graph);
        assertThat(optimised.constants()).hasSize(1);
        assertThat(optimised.inputs()).isEqualTo(graph.inputs());
    }

    @Test
    void keepsWhatAnOutputReadsOnTheWay() {
        Net net = new Net(1);
        Value middle = net.conv(net.input(1, 2, 4, 4), 3);
        Value y = net.relu(middle);
        Graph graph = net.output(middle).build(y);

        assertThat(new EliminateDeadCode().apply(graph)).isSameAs(graph);
    }

    @Test
    void keepsInputsThatNobodyReads() {
        Net net = new Net(1);
        Value x = net.input(1, 2);
        net.input(7);
        Graph graph = net.build(net.relu(x));

        assertThat(new EliminateDeadCode().apply(graph).inputs()).hasSize(2);
    }
}
