package dev.sardonyx.compiler.passes;

import static dev.sardonyx.compiler.passes.GraphAssert.assertGraph;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Value;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FoldBatchNormTest {

    private static Graph fold(Graph graph) {
        return new FoldBatchNorm().apply(graph);
    }

    @Property(tries = 50)
    void foldsIntoAnyConv(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 3) int batch,
            @ForAll @IntRange(min = 1, max = 3) int groups,
            @ForAll @IntRange(min = 1, max = 3) int inPerGroup,
            @ForAll @IntRange(min = 1, max = 3) int outPerGroup,
            @ForAll @IntRange(min = 1, max = 3) int kernel,
            @ForAll @IntRange(min = 1, max = 2) int stride,
            @ForAll @IntRange(min = 0, max = 1) int pad,
            @ForAll boolean bias) {
        Net net = new Net(seed);
        Value x = net.input(batch, groups * inPerGroup, 5, 4);
        Window window = Window.of(kernel, kernel).withStrides(stride, stride).withPads(pad, 0, 0, pad);
        Graph graph = net.build(net.batchNorm(net.conv(x, groups * outPerGroup, window, groups, bias)));

        assertGraph(fold(graph)).hasOps("Conv").computesTheSameAs(graph);
    }

    @ParameterizedTest
    @MethodSource
    void foldsWhatExportersWriteForIt(Shape constant, boolean constantFirst) {
        Net net = new Net(2);
        Value conv = net.conv(net.input(2, 3, 5, 5), 4);
        Value scale = net.uniform(constant, 0.5, 1.5, true);
        Value shift = net.uniform(constant, 0.1, 1, true);
        Value y = constantFirst
                ? net.add(shift, net.mul(scale, conv))
                : net.node(new Op.Sub(), net.node(new Op.Div(), conv, scale), shift);
        Graph graph = net.build(y);

        assertGraph(fold(graph)).hasOps("Conv").computesTheSameAs(graph);
    }

    static Stream<Arguments> foldsWhatExportersWriteForIt() {
        return Stream.of(
                        Shape.of(4, 1, 1),
                        Shape.of(1, 4, 1, 1),
                        Shape.of(),
                        Shape.of(1),
                        Shape.of(1, 1, 1),
                        Shape.of(1, 1, 1, 1))
                .flatMap(shape -> Stream.of(Arguments.of(shape, true), Arguments.of(shape, false)));
    }

    @Test
    void foldsAWholeRunAtOnce() {
        Net net = new Net(3);
        Value y = net.conv(net.input(1, 2, 4, 4), 3);
        y = net.add(y, net.shift(3, 1, 1));
        y = net.batchNorm(y);
        y = net.mul(y, net.scale());
        y = net.node(new Op.Sub(), net.shift(1, 3, 1, 1), y);
        Graph graph = net.build(y);

        Graph folded = fold(graph);

        assertGraph(folded).hasOps("Conv").computesTheSameAs(graph);
        assertThat(folded.constants()).hasSize(2);
        assertThat(folded.nodes().getFirst().origins())
                .containsExactly("Conv0", "Add1", "BatchNormalization2", "Mul3", "Sub4");
    }

    @Test
    void foldsIntoMatricesToo() {
        Net net = new Net(4);
        Value x = net.input(3, 5);
        Value y = net.batchNorm(net.node(new Op.MatMul(), x, net.scale(5, 4)));
        y = net.batchNorm(net.node(new Op.Gemm(0.5f, 2, false, true), net.relu(y), net.scale(6, 4), net.shift(1, 6)));
        y = net.batchNorm(net.node(new Op.Gemm(2, 3, false, false), net.relu(y), net.scale(6, 2), net.shift()));
        y = net.mul(net.node(new Op.Gemm(2, 3, false, false), net.relu(y), net.scale(2, 3)), net.scale(3));
        Graph graph = net.build(y);

        assertGraph(fold(graph))
                .hasOps("Gemm", "Relu", "Gemm", "Relu", "Gemm", "Relu", "Gemm")
                .computesTheSameAs(graph);
    }

    @Test
    void sharedWeightsAreFoldedForEachReader() {
        Net net = new Net(5);
        Value x = net.input(1, 2, 4, 4);
        Value weights = net.scale(2, 2, 1, 1);
        Op conv = new Op.Conv(Window.of(1, 1), 1, false);
        Value first = net.batchNorm(net.node(conv, x, weights));
        Value second = net.batchNorm(net.node(conv, net.relu(first), weights));
        Value third = net.node(conv, net.relu(second), weights);
        Graph graph = net.build(third);

        assertGraph(fold(graph)).hasOps("Conv", "Relu", "Conv", "Relu", "Conv").computesTheSameAs(graph);
    }

    @Test
    void sharedWeightsAreNotCopiedWithoutLimit() {
        Net net = new Net(6);
        Value x = net.input(1, 1024, 1, 1);
        Value weights = net.constant(Shape.of(1024, 1024, 1, 1), new float[1 << 20]);
        Value y = x;
        for (int i = 0; i < 40; i++) {
            y = net.mul(net.node(new Op.Conv(Window.of(1, 1), 1, false), y, weights), net.scale());
        }
        Graph folded = fold(net.build(y));

        long elements = folded.constants().values().stream()
                .mapToLong(tensor -> tensor.shape().elements())
                .sum();
        assertThat(elements).isBetween(16L << 20, 18L << 20);
    }

    @Test
    void leavesAConvWithASecondReader() {
        Net net = new Net(7);
        Value conv = net.conv(net.input(1, 2, 4, 4), 3);
        Graph graph = net.output(net.batchNorm(conv)).build(net.relu(conv));

        assertThat(fold(graph)).isSameAs(graph);
    }

    @Test
    void leavesAConvThatIsAnOutput() {
        Net net = new Net(8);
        Value conv = net.conv(net.input(1, 2, 4, 4), 3);
        Graph graph = net.output(conv).build(net.batchNorm(conv));

        assertThat(fold(graph)).isSameAs(graph);
    }

    @Test
    void foldsUpToAValueThatOthersRead() {
        Net net = new Net(9);
        Value scaled = net.mul(net.conv(net.input(1, 2, 4, 4), 3), net.scale(3, 1, 1));
        Graph graph = net.output(scaled).build(net.add(scaled, net.shift(3, 1, 1)));

        assertGraph(fold(graph)).hasOps("Conv", "Add").computesTheSameAs(graph);
    }

    @Test
    void leavesMereShiftsToFuseBias() {
        Net net = new Net(10);
        Graph graph = net.build(net.add(net.conv(net.input(1, 2, 4, 4), 3), net.shift(3, 1, 1)));

        assertThat(fold(graph)).isSameAs(graph);
    }

    @ParameterizedTest
    @MethodSource("notByChannel")
    void leavesConstantsThatVaryOtherwise(int... dims) {
        Net net = new Net(11);
        Graph graph = net.build(net.mul(net.conv(net.input(2, 3, 4, 4), 4), net.scale(dims)));

        assertThat(fold(graph)).isSameAs(graph);
    }

    static Stream<int[]> notByChannel() {
        return Stream.of(
                new int[] {4},
                new int[] {4, 1},
                new int[] {1, 4, 4, 1},
                new int[] {2, 1, 1, 1},
                new int[] {2, 4, 1, 1},
                new int[] {4, 4, 4},
                new int[] {1, 2, 1, 1, 1});
    }

    @Test
    void leavesADivisionByTheConv() {
        Net net = new Net(12);
        Graph graph = net.build(net.node(new Op.Div(), net.scale(4, 1, 1), net.conv(net.input(1, 2, 3, 3), 4)));

        assertThat(fold(graph)).isSameAs(graph);
    }

    @Test
    void leavesComputedParameters() {
        Net net = new Net(13);
        Value computed = net.relu(net.input(3));
        Value conv = net.conv(net.input(1, 2, 4, 4), 3);
        Graph graph = net.build(
                net.node(new Op.BatchNormalization(1e-5f), conv, computed, net.shift(3), net.shift(3), net.scale(3)));

        assertThat(fold(graph)).isSameAs(graph);
    }

    /** The scale is infinite or NaN, or so large that weights overflow; the formula's own answer stays. */
    @ParameterizedTest
    @ValueSource(floats = {-1e-3f, -5, Float.NaN, Float.NEGATIVE_INFINITY})
    void leavesNormalizationsWhoseWeightsWouldNotBeFinite(float variance) {
        Net net = new Net(14);
        Value conv = net.conv(net.input(1, 2, 4, 4), 2);
        Graph graph = net.build(net.node(
                new Op.BatchNormalization(1e-3f),
                conv,
                net.scale(2),
                net.shift(2),
                net.shift(2),
                net.constant(Shape.of(2), 1, variance)));

        assertThat(fold(graph)).isSameAs(graph);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NaN})
    void leavesScalesWhoseWeightsWouldNotBeFinite(float scale) {
        Net net = new Net(15);
        Value weights = net.constant(Shape.of(1, 1, 1, 1), 2);
        Value conv = net.node(new Op.Conv(Window.of(1, 1), 1, false), net.input(1, 1, 2, 2), weights);
        Graph graph = net.build(net.mul(conv, net.constant(Shape.of(), scale)));

        assertThat(fold(graph)).isSameAs(graph);
    }

    @Test
    void aVarianceBelowZeroIsFoldedWhereEpsilonMakesUpForIt() {
        Net net = new Net(16);
        Value conv = net.conv(net.input(1, 2, 4, 4), 2);
        Value variance = net.constant(Shape.of(2), 1, -0.5f);
        Graph graph = net.build(
                net.node(new Op.BatchNormalization(1), conv, net.scale(2), net.shift(2), net.shift(2), variance));

        assertGraph(fold(graph)).hasOps("Conv").computesTheSameAs(graph);
    }

    @Test
    void leavesAConvWithAnEpilogue() {
        Net net = new Net(17);
        Value x = net.input(1, 2, 4, 4);
        Graph unfused = net.build(net.batchNorm(net.relu(net.conv(x, 3))));
        Graph graph = new FuseActivation().apply(unfused);

        assertGraph(fold(graph)).hasOps("Conv", "BatchNormalization");
    }

    @Test
    void aLongRunIsFoldedOnce() {
        Net net = new Net(18);
        Value y = net.conv(net.input(1, 2, 1, 1), 2, Window.of(1, 1), 1, true);
        for (int i : IntStream.range(0, 500).toArray()) {
            y = net.mul(y, net.constant(Shape.of(2, 1, 1), i % 2 == 0 ? 0.5f : 2, i % 2 == 0 ? 2 : 0.5f));
        }
        Graph graph = net.build(y);

        assertGraph(fold(graph)).hasOps("Conv").computesTheSameAs(graph);
    }
}
