package dev.sardonyx.compiler.passes;

import static dev.sardonyx.compiler.passes.GraphAssert.assertGraph;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class MergeCopiesTest {

    private static final List<Integer> TO_NHWC = List.of(0, 2, 3, 1);
    private static final List<Integer> TO_NCHW = List.of(0, 3, 1, 2);

    private static Graph merge(Graph graph) {
        return new MergeCopies().apply(graph);
    }

    @Property(tries = 30)
    void mergesTransposes(@ForAll long seed) {
        Net net = new Net(seed);
        List<Integer> second = permutation(net.random());
        Value y = net.node(new Op.Transpose(permutation(net.random())), net.input(2, 3, 4, 5));
        y = net.node(new Op.Transpose(second), y);
        Graph graph = net.build(net.relu(y));

        Graph merged = merge(graph);

        assertGraph(merged).computesTheSameAs(graph);
        assertThat(merged.nodes()).hasSizeLessThan(3);
    }

    @Property(tries = 30)
    void mergesSlices(@ForAll long seed) {
        Net net = new Net(seed);
        Value y = net.input(4, 9, 7);
        y = net.node(slice(y, net.random()), y);
        y = net.node(slice(y, net.random()), y);
        Graph graph = net.build(y);

        assertGraph(merge(graph)).hasOps("Slice").computesTheSameAs(graph);
    }

    @Test
    void mergesPads() {
        Net net = new Net(1);
        Value y = net.node(new Op.Pad(List.of(0, 1), List.of(2, 3), Op.Pad.Mode.CONSTANT, 0.5f), net.input(3, 4));
        y = net.node(new Op.Pad(List.of(4, 0), List.of(1, 1), Op.Pad.Mode.CONSTANT, 0.5f), y);
        Graph graph = net.build(y);

        assertGraph(merge(graph)).hasOps("Pad").computesTheSameAs(graph);
    }

    @Test
    void leavesPadsOfDifferentKinds() {
        Net net = new Net(2);
        Value y = net.node(new Op.Pad(List.of(1), List.of(1), Op.Pad.Mode.CONSTANT, 0), net.input(4));
        y = net.node(new Op.Pad(List.of(1), List.of(1), Op.Pad.Mode.CONSTANT, 1), y);
        y = net.node(new Op.Pad(List.of(1), List.of(1), Op.Pad.Mode.EDGE, 1), y);
        y = net.node(new Op.Pad(List.of(1), List.of(1), Op.Pad.Mode.EDGE, 1), y);
        Graph graph = net.build(y);

        assertThat(merge(graph)).isSameAs(graph);
    }

    @Test
    void transposesThatUndoEachOtherVanish() {
        Net net = new Net(3);
        Value y = net.conv(net.input(1, 2, 4, 4), 3);
        y = net.node(new Op.Transpose(TO_NCHW), net.node(new Op.Transpose(TO_NHWC), y));
        Graph graph = net.build(net.batchNorm(y));

        assertGraph(merge(graph)).hasOps("Conv", "BatchNormalization").computesTheSameAs(graph);
    }

    @Test
    void theFirstStaysForOtherReaders() {
        Net net = new Net(4);
        Value first = net.node(new Op.Transpose(TO_NHWC), net.input(1, 2, 4, 4));
        Graph graph = net.output(net.relu(first)).build(net.node(new Op.Transpose(TO_NHWC), first));

        assertGraph(merge(graph)).hasOps("Transpose", "Relu", "Transpose").computesTheSameAs(graph);
    }

    @Test
    void stepsThatLeadNowhereMayBeHuge() {
        Net net = new Net(5);
        List<Integer> huge = List.of(1 << 16);
        Value y = net.node(new Op.Slice(List.of(3), huge, List.of(1)), net.input(5));
        y = net.node(new Op.Slice(List.of(0), huge, List.of(1)), y);
        Graph graph = net.build(y);

        assertGraph(merge(graph)).hasOps("Slice").computesTheSameAs(graph);
    }

    private static List<Integer> permutation(Random random) {
        List<Integer> axes = new ArrayList<>(List.of(0, 1, 2, 3));
        Collections.shuffle(axes, random);
        return axes;
    }

    private static Op.Slice slice(Value x, Random random) {
        List<Integer> steps = new ArrayList<>();
        List<Integer> starts = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        for (int dim : x.shape().dims()) {
            int start = random.nextInt(dim);
            int step = random.nextBoolean() ? random.nextInt(1, 3) : -random.nextInt(1, 3);
            int room = step > 0 ? dim - 1 - start : start;
            starts.add(start);
            steps.add(step);
            sizes.add(1 + random.nextInt(1 + room / Math.abs(step)));
        }
        return new Op.Slice(starts, steps, sizes);
    }
}
