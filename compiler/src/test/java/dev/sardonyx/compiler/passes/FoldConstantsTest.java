package dev.sardonyx.compiler.passes;

import static dev.sardonyx.compiler.passes.GraphAssert.assertGraph;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.InvalidModelException;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

class FoldConstantsTest {

    private static Graph fold(Graph graph) {
        return new FoldConstants().apply(graph);
    }

    @Test
    void computesWhatDependsOnConstantsOnly() {
        Net net = new Net(1);
        Value weights = net.node(new Op.Transpose(List.of(1, 0)), net.mul(net.scale(4, 5), net.scale(5)));
        Graph graph = net.build(net.node(new Op.MatMul(), net.input(3, 5), weights));

        Graph folded = fold(graph);

        assertGraph(folded).hasOps("MatMul").computesTheSameAs(graph);
        assertThat(folded.constants()).hasSize(1);
    }

    @Test
    void anOutputMayBeAConstant() {
        Net net = new Net(2);
        Graph graph = net.build(net.relu(net.scale(3)));

        assertGraph(fold(graph)).hasOps().computesTheSameAs(graph);
    }

    @Test
    void leavesWhatWouldFillTheMemory() {
        Net net = new Net(3);
        Value column = net.constant(Shape.of(1 << 15, 1), new float[1 << 15]);
        Value row = net.constant(Shape.of(1 << 15), new float[1 << 15]);
        Graph graph = net.build(net.add(column, row));

        assertThat(fold(graph)).isSameAs(graph);
    }

    @Test
    void leavesWhatWouldTakeLong() {
        Net net = new Net(4);
        Value x = net.constant(Shape.of(1, 1, 1100, 1100), new float[1100 * 1100]);
        Value filtered = net.node(new Op.MaxPool(Window.of(255, 255), false), x);
        Graph graph = net.build(filtered);

        assertThat(fold(graph)).isSameAs(graph);
    }

    @Test
    void reshufflesConstantsOfAnySize() {
        Net net = new Net(5);
        Value large = net.constant(Shape.of(5000, 4000), new float[20_000_000]);
        Graph graph = net.build(net.node(new Op.Reshape(Shape.of(4000, 5000)), large));

        assertGraph(fold(graph)).hasOps();
    }

    @Test
    void namesTheNodeThatBreaksARule() {
        Net net = new Net(6);
        Value indices = net.constant(Tensor.of(Shape.of(1), 7L));
        Graph graph = net.build(net.node(new Op.Gather(0), net.scale(3), indices));

        assertThatThrownBy(() -> fold(graph))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageStartingWith("node 'Gather0': ");
    }

    /** Else a file of some kilobytes, a thousand nodes on one large constant, would keep the compiler busy for an hour. */
    @Test
    void theWorkIsLimitedInAll() {
        Net net = new Net(8);
        Value value = net.scale(1 << 23); // 1.7e7 operations a node
        for (int i = 0; i < 50; i++) {
            value = net.relu(value);
        }

        Graph folded = fold(net.build(value));

        assertThat(folded.nodes()).hasSizeBetween(20, 49);
    }
}
