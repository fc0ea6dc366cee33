package dev.sardonyx.compiler.interpreter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.compiler.graph.TestGraph;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.runtime.ElementType;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Operators against results computed by hand, or with NumPy where that is said. */
class InterpreterTest {

    private static final float NAN = Float.NaN;
    private static final float INF = Float.POSITIVE_INFINITY;

    /** 1 2 3 / 4 5 6 / 7 8 9. */
    private static final Tensor NINE = counting(1, 1, 3, 3);

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource({"convolutions", "products", "poolings", "reductions", "normalizations", "elementwise", "movements"})
    void computes(Op op, List<Tensor> inputs, Tensor expected) {
        Tensor actual = Interpreter.evaluate(op, inputs);
        assertThat(actual.type()).isEqualTo(expected.type());
        switch (expected) {
            case Tensor.Floats floats ->
                assertThat(((Tensor.Floats) actual).values()).containsExactly(floats.values());
            case Tensor.Integers integers ->
                assertThat(((Tensor.Integers) actual).values()).containsExactly(integers.values());
        }
    }

    static Stream<Arguments> convolutions() {
        Tensor sum = f(Shape.of(1, 1, 2, 2), 1, 1, 1, 1);
        Window two = Window.of(2, 2);
        return Stream.of(
                arguments(new Op.Conv(two, 1, false), List.of(NINE, sum), f(Shape.of(1, 1, 2, 2), 12, 16, 24, 28)),
                arguments(
                        new Op.Conv(two.withPads(1, 0, 0, 1), 1, true),
                        List.of(NINE, sum, f(Shape.of(1), 100)),
                        f(Shape.of(1, 1, 3, 3), 103, 105, 103, 112, 116, 109, 124, 128, 115)),
                arguments(
                        new Op.Conv(two.withStrides(1, 2).withPads(0, 1, 0, 0), 1, false),
                        List.of(NINE, sum),
                        f(Shape.of(1, 1, 2, 2), 5, 16, 11, 28)),
                arguments(
                        new Op.Conv(two.withDilations(2, 1), 1, false),
                        List.of(NINE, f(Shape.of(1, 1, 2, 2), 1, 10, 100, 1000)),
                        f(Shape.of(1, 1, 1, 2), 1 + 20 + 700 + 8000, 2 + 30 + 800 + 9000)),
                // Two groups of two channels, three filters each, all of one pixel.
                arguments(
                        new Op.Conv(Window.of(1, 1), 2, false),
                        List.of(
                                f(Shape.of(1, 4, 1, 1), 1, 2, 3, 4),
                                f(Shape.of(6, 2, 1, 1), 1, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1)),
                        f(Shape.of(1, 6, 1, 1), 1, 2, 3, 3, 4, 7)),
                arguments(
                        new Op.Conv(Window.of(1, 1), 1, true, true, new Activation.Relu()),
                        List.of(
                                f(Shape.of(2, 1, 1, 2), 1, 2, 3, 4),
                                f(Shape.of(1, 1, 1, 1), 2),
                                f(Shape.of(1), -5),
                                f(Shape.of(2, 1, 1, 2), 1, 2, 3, -4)),
                        f(Shape.of(2, 1, 1, 2), 0, 1, 4, 0)),
                arguments(
                        new Op.Conv(Window.of(1, 1), 1, false, false, new Activation.Clip(-1, 2)),
                        List.of(f(Shape.of(1, 1, 1, 3), -2, 1, 3), f(Shape.of(1, 1, 1, 1), 1)),
                        f(Shape.of(1, 1, 1, 3), -1, 1, 2)),
                arguments(
                        new Op.Conv(Window.of(1, 1), 1, false, false, new Activation.LeakyRelu(0.5f)),
                        List.of(f(Shape.of(1, 1, 1, 2), -2, 3), f(Shape.of(1, 1, 1, 1), 1)),
                        f(Shape.of(1, 1, 1, 2), -1, 3)),
                // 2^24 + 1 is no float: the sum must not be rounded on the way.
                arguments(
                        new Op.Conv(Window.of(1, 1), 1, false),
                        List.of(f(Shape.of(1, 3, 1, 1), 1 << 24, 1, 1 << 24), f(Shape.of(1, 3, 1, 1), 1, 1, -1)),
                        f(Shape.of(1, 1, 1, 1), 1)));
    }

    static Stream<Arguments> products() {
        Tensor a = counting(2, 3);
        Tensor b = counting(3, 2);
        return Stream.of(
                arguments(new Op.MatMul(), List.of(a, b), f(Shape.of(2, 2), 22, 28, 49, 64)),
                arguments(new Op.MatMul(), List.of(f(Shape.of(3), 1, 0, 1), b), f(Shape.of(2), 6, 8)),
                arguments(new Op.MatMul(), List.of(a, f(Shape.of(3), 1, 0, 1)), f(Shape.of(2), 4, 10)),
                arguments(new Op.MatMul(), List.of(f(Shape.of(2), 3, 4), f(Shape.of(2), 5, 6)), f(Shape.of(), 39)),
                // Two matrices on the left, three on the right, every pair.
                arguments(
                        new Op.MatMul(),
                        List.of(f(Shape.of(2, 1, 1, 1), 2, 3), f(Shape.of(3, 1, 1), 5, 7, 11)),
                        f(Shape.of(2, 3, 1, 1), 10, 14, 22, 15, 21, 33)),
                arguments(
                        new Op.Gemm(2, 3, false, false),
                        List.of(a, b, f(Shape.of(2), 1, 2)),
                        f(Shape.of(2, 2), 47, 62, 101, 134)),
                arguments(
                        new Op.Gemm(1, 1, true, true),
                        List.of(a, b, f(Shape.of(3, 1), 100, 200, 300)),
                        f(Shape.of(3, 3), 109, 119, 129, 212, 226, 240, 315, 333, 351)),
                arguments(new Op.Gemm(0.5f, 9, false, true), List.of(a, a), f(Shape.of(2, 2), 7, 16, 16, 38.5f)));
    }

    static Stream<Arguments> poolings() {
        Window two = Window.of(2, 2);
        return Stream.of(
                arguments(new Op.MaxPool(two, false), List.of(NINE), f(Shape.of(1, 1, 2, 2), 5, 6, 8, 9)),
                arguments(
                        new Op.MaxPool(two.withStrides(2, 2), true),
                        List.of(NINE),
                        f(Shape.of(1, 1, 2, 2), 5, 6, 8, 9)),
                arguments(new Op.MaxPool(two.withDilations(2, 2), false), List.of(NINE), f(Shape.of(1, 1, 1, 1), 9)),
                // Padding is never the maximum.
                arguments(
                        new Op.MaxPool(two.withStrides(2, 2).withPads(1, 1, 0, 0), false),
                        List.of(f(Shape.of(1, 1, 3, 3), -1, -2, -3, -4, -5, -6, -7, -8, -9)),
                        f(Shape.of(1, 1, 2, 2), -1, -2, -4, -5)),
                arguments(
                        new Op.MaxPool(Window.of(1, 2), false),
                        List.of(f(Shape.of(1, 1, 1, 3), NAN, 1, 2)),
                        f(Shape.of(1, 1, 1, 2), NAN, 2)),
                arguments(
                        new Op.AveragePool(two.withPads(1, 0, 0, 0), false, false),
                        List.of(NINE),
                        f(Shape.of(1, 1, 3, 2), 1.5f, 2.5f, 3, 4, 6, 7)),
                arguments(
                        new Op.AveragePool(two.withPads(1, 0, 0, 0), false, true),
                        List.of(NINE),
                        f(Shape.of(1, 1, 3, 2), 0.75f, 1.25f, 3, 4, 6, 7)),
                // What lies beyond the padding counts in neither mode; the padding itself only where it is included.
                arguments(
                        new Op.AveragePool(Window.of(1, 4).withStrides(1, 3).withPads(0, 0, 0, 1), true, true),
                        List.of(f(Shape.of(1, 1, 1, 5), 1, 2, 3, 6, 6)),
                        f(Shape.of(1, 1, 1, 2), 3, 4)),
                arguments(
                        new Op.AveragePool(Window.of(1, 4).withStrides(1, 3).withPads(0, 0, 0, 1), true, false),
                        List.of(f(Shape.of(1, 1, 1, 5), 1, 2, 3, 6, 6)),
                        f(Shape.of(1, 1, 1, 2), 3, 6)));
    }

    static Stream<Arguments> reductions() {
        Tensor x = counting(2, 2, 2);
        return Stream.of(
                arguments(
                        new Op.GlobalAveragePool(), List.of(counting(1, 2, 2, 2)), f(Shape.of(1, 2, 1, 1), 2.5f, 6.5f)),
                arguments(new Op.GlobalMaxPool(), List.of(counting(1, 2, 2, 2)), f(Shape.of(1, 2, 1, 1), 4, 8)),
                arguments(new Op.GlobalMaxPool(), List.of(f(Shape.of(1, 1, 2), NAN, 1)), f(Shape.of(1, 1, 1), NAN)),
                arguments(new Op.ReduceMean(List.of(1), true), List.of(x), f(Shape.of(2, 1, 2), 2, 3, 6, 7)),
                arguments(new Op.ReduceMean(List.of(2, 0), false), List.of(x), f(Shape.of(2), 3.5f, 5.5f)),
                arguments(new Op.ReduceMean(List.of(), true), List.of(x), x));
    }

    static Stream<Arguments> normalizations() {
        float third = 1 / 3f;
        return Stream.of(
                // (x − mean) / √(var + ε) · scale + B, by channel.
                arguments(
                        new Op.BatchNormalization(1),
                        List.of(
                                f(Shape.of(1, 2, 2), 1, 3, 5, 9),
                                f(Shape.of(2), 1, 10),
                                f(Shape.of(2), 0, 1),
                                f(Shape.of(2), 1, 5),
                                f(Shape.of(2), 3, 15)),
                        f(Shape.of(1, 2, 2), 0, 1, 1, 11)),
                arguments(new Op.Softmax(1, 2), List.of(f(Shape.of(2, 1), 5, 7)), f(Shape.of(2, 1), 1, 1)),
                arguments(
                        new Op.Softmax(0, 1),
                        List.of(f(Shape.of(3, 1), 9, 9, 9)),
                        f(Shape.of(3, 1), third, third, third)),
                // Opset 12 and before: all axes from the given one are one.
                arguments(
                        new Op.Softmax(1, 3),
                        List.of(f(Shape.of(1, 2, 2), 9, 9, 9, 9)),
                        f(Shape.of(1, 2, 2), 0.25f, 0.25f, 0.25f, 0.25f)),
                arguments(new Op.Softmax(0, 1), List.of(f(Shape.of(2), 1000, -1000)), f(Shape.of(2), 1, 0)),
                arguments(new Op.LogSoftmax(0, 1), List.of(f(Shape.of(2), 1000, -1000)), f(Shape.of(2), 0, -2000)),
                arguments(
                        new Op.LogSoftmax(1, 2),
                        List.of(f(Shape.of(1, 2), 3, 3)),
                        f(Shape.of(1, 2), (float) -Math.log(2), (float) -Math.log(2))),
                // size 2: the channel and the next one; size 3: one on each side.
                arguments(
                        new Op.LRN(2, 2, 1, 1),
                        List.of(f(Shape.of(1, 3, 1), 1, 2, 3)),
                        f(Shape.of(1, 3, 1), 1 / 6f, 2 / 14f, 3 / 10f)),
                arguments(
                        new Op.LRN(3, 3, 1, 1),
                        List.of(f(Shape.of(1, 3, 1), 1, 2, 3)),
                        f(Shape.of(1, 3, 1), 1 / 6f, 2 / 15f, 3 / 14f)));
    }

    static Stream<Arguments> elementwise() {
        Tensor row = f(Shape.of(2), 10, 20);
        Tensor column = f(Shape.of(2, 1), 1, 2);
        return Stream.of(
                arguments(new Op.Relu(), List.of(f(Shape.of(4), -1, 0, 2, NAN)), f(Shape.of(4), 0, 0, 2, NAN)),
                arguments(new Op.LeakyRelu(0.25f), List.of(f(Shape.of(3), -4, 0, 4)), f(Shape.of(3), -1, 0, 4)),
                arguments(
                        new Op.PRelu(),
                        List.of(f(Shape.of(2, 2), -1, -2, -3, 4), f(Shape.of(2, 1), 0.5f, 2)),
                        f(Shape.of(2, 2), -0.5f, -1, -6, 4)),
                arguments(
                        new Op.Clip(-1, 1),
                        List.of(f(Shape.of(4), -INF, 0.5f, 3, NAN)),
                        f(Shape.of(4), -1, 0.5f, 1, NAN)),
                arguments(new Op.Clip(2, 1), List.of(f(Shape.of(2), 0, 9)), f(Shape.of(2), 1, 1)),
                arguments(new Op.Sigmoid(), List.of(f(Shape.of(3), 0, 1000, -1000)), f(Shape.of(3), 0.5f, 1, 0)),
                arguments(new Op.Tanh(), List.of(f(Shape.of(3), 0, 1000, -1000)), f(Shape.of(3), 0, 1, -1)),
                arguments(new Op.Sqrt(), List.of(f(Shape.of(2), 9, -1)), f(Shape.of(2), 3, NAN)),
                arguments(new Op.Add(), List.of(row, column), f(Shape.of(2, 2), 11, 21, 12, 22)),
                arguments(new Op.Sub(), List.of(row, column), f(Shape.of(2, 2), 9, 19, 8, 18)),
                arguments(new Op.Mul(), List.of(column, row), f(Shape.of(2, 2), 10, 20, 20, 40)),
                arguments(new Op.Div(), List.of(row, f(Shape.of(2), 0, -8)), f(Shape.of(2), INF, -2.5f)),
                arguments(new Op.Add(), List.of(f(Shape.of(0, 1)), row), f(Shape.of(0, 2))),
                arguments(new Op.Div(), List.of(i(7, -7), i(2)), i(3, -3)),
                arguments(new Op.Mul(), List.of(i(3, 1L << 40), i(5)), i(15, 5L << 40)),
                arguments(
                        new Op.Add(),
                        List.of(typed(ElementType.INT32, Integer.MAX_VALUE), typed(ElementType.INT32, 1)),
                        typed(ElementType.INT32, Integer.MIN_VALUE)),
                arguments(
                        new Op.Sub(),
                        List.of(typed(ElementType.UINT8, 3), typed(ElementType.UINT8, 5)),
                        typed(ElementType.UINT8, 254)),
                arguments(
                        new Op.Max(),
                        List.of(f(Shape.of(3), -1, 2, NAN), f(Shape.of(1), 0)),
                        f(Shape.of(3), 0, 2, NAN)),
                arguments(
                        new Op.Min(),
                        List.of(f(Shape.of(3), -1, 2, NAN), f(Shape.of(1), 0)),
                        f(Shape.of(3), -1, 0, NAN)),
                arguments(new Op.Max(), List.of(i(-1, 2), i(1, 1)), i(1, 2)),
                arguments(
                        new Op.Cast(ElementType.INT64),
                        List.of(f(Shape.of(4), 2.9f, -2.9f, NAN, INF)),
                        i(2, -2, 0, Long.MAX_VALUE)),
                arguments(
                        new Op.Cast(ElementType.INT8),
                        List.of(f(Shape.of(3), 127.5f, 1000, -1000)),
                        typed(ElementType.INT8, 127, 127, -128)),
                arguments(
                        new Op.Cast(ElementType.UINT8),
                        List.of(f(Shape.of(3), 200, 1000, -1)),
                        typed(ElementType.UINT8, 200, 255, 0)),
                arguments(
                        new Op.Cast(ElementType.BOOL),
                        List.of(f(Shape.of(4), 0, -0f, 0.5f, NAN)),
                        typed(ElementType.BOOL, 0, 0, 1, 1)),
                arguments(new Op.Cast(ElementType.INT8), List.of(i(255, 128)), typed(ElementType.INT8, -1, -128)),
                arguments(new Op.Cast(ElementType.FLOAT32), List.of(i((1 << 24) + 1)), f(Shape.of(1), 1 << 24)),
                arguments(
                        new Op.Cast(ElementType.FLOAT16),
                        List.of(f(Shape.of(2), 2049, 1e6f)),
                        new Tensor.Floats(new TensorType(ElementType.FLOAT16, Shape.of(2)), new float[] {2048, INF})));
    }

    static Stream<Arguments> movements() {
        Tensor six = counting(2, 3);
        return Stream.of(
                arguments(new Op.Reshape(Shape.of(3, 2)), List.of(six), counting(3, 2)),
                arguments(new Op.Transpose(List.of(1, 0)), List.of(six), f(Shape.of(3, 2), 1, 4, 2, 5, 3, 6)),
                // Not its own inverse: output axis i is input axis perm[i].
                arguments(
                        new Op.Transpose(List.of(2, 0, 1)),
                        List.of(counting(1, 2, 3)),
                        f(Shape.of(3, 1, 2), 1, 4, 2, 5, 3, 6)),
                arguments(
                        new Op.Slice(List.of(1, 2), List.of(-1, -2), List.of(2, 2)),
                        List.of(six),
                        f(Shape.of(2, 2), 6, 4, 3, 1)),
                arguments(new Op.Concat(0), List.of(i(1, 2), i(), i(3)), i(1, 2, 3)),
                arguments(
                        new Op.Concat(1),
                        List.of(six, f(Shape.of(2, 1), 10, 20)),
                        f(Shape.of(2, 4), 1, 2, 3, 10, 4, 5, 6, 20)),
                arguments(
                        pad(Op.Pad.Mode.CONSTANT),
                        List.of(six),
                        f(Shape.of(3, 5), 1, 2, 3, 9, 9, 4, 5, 6, 9, 9, 9, 9, 9, 9, 9)),
                arguments(
                        pad(Op.Pad.Mode.EDGE),
                        List.of(six),
                        f(Shape.of(3, 5), 1, 2, 3, 3, 3, 4, 5, 6, 6, 6, 4, 5, 6, 6, 6)),
                arguments(
                        pad(Op.Pad.Mode.REFLECT),
                        List.of(six),
                        f(Shape.of(3, 5), 1, 2, 3, 2, 1, 4, 5, 6, 5, 4, 1, 2, 3, 2, 1)),
                arguments(
                        new Op.Pad(List.of(2), List.of(0), Op.Pad.Mode.REFLECT, 0),
                        List.of(i(1, 2, 3)),
                        i(3, 2, 1, 2, 3)),
                arguments(new Op.Pad(List.of(1), List.of(0), Op.Pad.Mode.CONSTANT, 7), List.of(i(1)), i(7, 1)),
                arguments(new Op.Gather(0), List.of(i(5, 6, 7), i(-1, 0)), i(7, 5)),
                arguments(new Op.Gather(0), List.of(i(5, 6, 7), Tensor.of(Shape.of(), 1L)), Tensor.of(Shape.of(), 6L)),
                arguments(
                        new Op.Gather(1),
                        List.of(six, Tensor.of(Shape.of(1, 2), 2L, 0L)),
                        f(Shape.of(2, 1, 2), 3, 1, 6, 4)));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource
    void rejects(Op op, List<Tensor> inputs, String rule) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Interpreter.evaluate(op, inputs))
                .withMessage(rule);
    }

    static Stream<Arguments> rejects() {
        return Stream.of(
                arguments(new Op.Div(), List.of(i(1), i(0)), "integer division by zero"),
                arguments(new Op.Gather(0), List.of(i(1, 2), i(2)), "index 2 is outside axis 0 of [2]"),
                arguments(
                        new Op.Gather(0),
                        List.of(i(1, 2), i(Long.MIN_VALUE)),
                        "index -9223372036854775808 is outside axis 0 of [2]"),
                arguments(new Op.Relu(), List.of(i(1)), "input must be floating-point, not int64[1]"));
    }

    @Test
    void runs_a_graph_whose_values_are_outputs_inputs_constants_and_shared() {
        TestGraph graph = new TestGraph();
        Value x = graph.input(2);
        graph.input(1);
        Value c = graph.constant(f(Shape.of(2), 10, 20));
        Value sum = graph.node(new Op.Add(), x, c);
        Value twice = graph.node(new Op.Add(), sum, sum);
        graph.node(new Op.Relu(), twice);
        List<Tensor> outputs =
                Interpreter.run(graph.build(twice, x, c, sum, twice), List.of(f(Shape.of(2), 1, 2), f(Shape.of(1), 0)));
        assertThat(outputs.stream().map(InterpreterTest::values))
                .containsExactly(
                        List.of(22f, 44f), List.of(1f, 2f), List.of(10f, 20f), List.of(11f, 22f), List.of(22f, 44f));
    }

    @Test
    void names_the_node_and_the_input_that_are_wrong() {
        TestGraph builder = new TestGraph();
        Value x = builder.input(new TensorType(ElementType.INT64, Shape.of(1)));
        Graph graph = builder.build(builder.node(new Op.Div(), x, x));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Interpreter.run(graph, List.of(i(0))))
                .withMessage("Div node 'v0': integer division by zero");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Interpreter.run(graph, List.of(i(0, 1))))
                .withMessage("input 'x0' must be int64[1], not int64[2]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Interpreter.run(graph, List.of()))
                .withMessage("1 inputs expected, not 0");
    }

    private static Op.Pad pad(Op.Pad.Mode mode) {
        return new Op.Pad(List.of(0, 0), List.of(1, 2), mode, 9);
    }

    private static Tensor f(Shape shape, float... values) {
        return Tensor.of(shape, values);
    }

    private static Tensor i(long... values) {
        return Tensor.of(Shape.of(values.length), values);
    }

    private static Tensor typed(ElementType element, long... values) {
        return new Tensor.Integers(new TensorType(element, Shape.of(values.length)), values);
    }

    /** 1, 2, 3, … */
    private static Tensor counting(int... dims) {
        Shape shape = Shape.of(dims);
        float[] values = new float[shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i + 1;
        }
        return Tensor.of(shape, values);
    }

    private static List<Float> values(Tensor tensor) {
        float[] values = ((Tensor.Floats) tensor).values();
        return IntStream.range(0, values.length).mapToObj(i -> values[i]).toList();
    }
}
