package dev.sardonyx.compiler.onnx;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Op.Pad.Mode;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.runtime.ElementType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each operator over its opsets: the file's node on the left, ours on the right. */
class OperatorImportTest {

    private static final String LEFT_OUT = "";

    @TempDir
    private Path folder;

    /** A node to import: the first input is a run-time value x of the given shape, the others are constants. */
    record Case(String operator, int opset, Shape x, List<Tensor> constants, Attributes attributes) {

        Case with(Tensor... tensors) {
            return new Case(operator, opset, x, List.of(tensors), attributes);
        }

        Case with(Attributes chosen) {
            return new Case(operator, opset, x, constants, chosen);
        }

        /** The model: y = operator(x, constants). */
        OnnxWriter model() {
            var model = new OnnxWriter("g").opset(opset);
            List<String> inputs = new ArrayList<>(List.of(model.input("x", ElementType.FLOAT32, dims(x))));
            for (Tensor constant : constants) {
                boolean leftOut = constant == ABSENT;
                inputs.add(leftOut ? LEFT_OUT : model.initializer("c" + inputs.size(), constant));
            }
            model.node("y", operator, inputs, attributes);
            model.outputOfAnyRank("y", ElementType.FLOAT32);
            return model;
        }

        @Override
        public String toString() {
            return operator + "-" + opset + " " + x;
        }
    }

    /** Stands for an optional input that is left out. */
    private static final Tensor ABSENT = Tensor.of(Shape.of(0));

    private static Case node(String operator, int opset, int... x) {
        return new Case(operator, opset, Shape.of(x), List.of(), attrs());
    }

    private static long[] dims(Shape shape) {
        return shape.dims().stream().mapToLong(Integer::longValue).toArray();
    }

    private static Tensor ints(long... values) {
        return Tensor.of(Shape.of(values.length), values);
    }

    private static Tensor scalar(float value) {
        return Tensor.of(Shape.of(), value);
    }

    private static Tensor zeros(int... dims) {
        Shape shape = Shape.of(dims);
        return Tensor.of(shape, new float[shape.elements()]);
    }

    private static Window window(int kernel) {
        return Window.of(kernel, kernel);
    }

    private static Op conv(Window window, int group, boolean bias) {
        return new Op.Conv(window, group, bias, false, Activation.NONE);
    }

    static Stream<Arguments> oneToOne() {
        Attributes kernel2 = attrs().ints("kernel_shape", 2, 2);
        Attributes kernel3 = attrs().ints("kernel_shape", 3, 3);
        return Stream.of(
                // Windows
                row(
                        node("Conv", 7, 1, 2, 5, 5).with(zeros(4, 2, 3, 3)),
                        conv(window(3), 1, false),
                        Shape.of(1, 4, 3, 3)),
                row(
                        node("Conv", 22, 1, 4, 7, 9)
                                .with(zeros(4, 2, 3, 2), zeros(4))
                                .with(attrs().ints("kernel_shape", 3, 2)
                                        .ints("strides", 2, 1)
                                        .ints("dilations", 1, 2)
                                        .ints("pads", 1, 2, 3, 4)
                                        .i("group", 2)),
                        conv(new Window(3, 2, 2, 1, 1, 2, 1, 2, 3, 4), 2, true),
                        Shape.of(1, 4, 5, 13)),
                row(
                        node("Conv", 11, 1, 1, 6, 7)
                                .with(zeros(1, 1, 3, 3))
                                .with(attrs().s("auto_pad", "SAME_UPPER").ints("strides", 2, 2)),
                        conv(window(3).withStrides(2, 2).withPads(0, 1, 1, 1), 1, false),
                        Shape.of(1, 1, 3, 4)),
                row(
                        node("Conv", 11, 1, 1, 6, 7)
                                .with(zeros(1, 1, 3, 3))
                                .with(attrs().s("auto_pad", "SAME_LOWER").ints("strides", 2, 2)),
                        conv(window(3).withStrides(2, 2).withPads(1, 1, 0, 1), 1, false),
                        Shape.of(1, 1, 3, 4)),
                row(
                        node("Conv", 11, 1, 1, 6, 7).with(zeros(1, 1, 3, 3)).with(attrs().s("auto_pad", "VALID")),
                        conv(window(3), 1, false),
                        Shape.of(1, 1, 4, 5)),
                row(
                        node("Conv", 11, 1, 1, 6, 7)
                                .with(zeros(1, 1, 3, 3))
                                .with(attrs().s("auto_pad", "NOTSET").ints("pads", 1, 1, 1, 1)),
                        conv(window(3).withPads(1, 1, 1, 1), 1, false),
                        Shape.of(1, 1, 6, 7)),
                row(
                        node("MaxPool", 7, 1, 1, 4, 4).with(kernel2),
                        new Op.MaxPool(window(2), false),
                        Shape.of(1, 1, 3, 3)),
                row(
                        node("MaxPool", 8, 1, 1, 4, 4).with(kernel2.i("storage_order", 1)),
                        new Op.MaxPool(window(2), false),
                        Shape.of(1, 1, 3, 3)),
                row(
                        node("MaxPool", 12, 1, 1, 6, 6)
                                .with(kernel2.ints("strides", 2, 2)
                                        .ints("dilations", 2, 2)
                                        .i("ceil_mode", 1)),
                        new Op.MaxPool(window(2).withStrides(2, 2).withDilations(2, 2), true),
                        Shape.of(1, 1, 3, 3)),
                row(
                        node("MaxPool", 12, 1, 1, 5, 5)
                                .with(kernel2.ints("strides", 3, 3)
                                        .i("ceil_mode", 1)
                                        .s("auto_pad", "SAME_UPPER")),
                        new Op.MaxPool(window(2).withStrides(3, 3), false),
                        Shape.of(1, 1, 2, 2)),
                row(
                        node("AveragePool", 7, 1, 1, 5, 5)
                                .with(kernel3.ints("pads", 1, 1, 1, 1).i("count_include_pad", 1)),
                        new Op.AveragePool(window(3).withPads(1, 1, 1, 1), false, true),
                        Shape.of(1, 1, 5, 5)),
                row(
                        node("AveragePool", 19, 1, 1, 6, 6)
                                .with(kernel2.ints("dilations", 2, 2)
                                        .ints("strides", 3, 3)
                                        .i("ceil_mode", 1)),
                        new Op.AveragePool(window(2).withDilations(2, 2).withStrides(3, 3), true, false),
                        Shape.of(1, 1, 2, 2)),
                row(node("GlobalAveragePool", 7, 2, 3, 4, 5), new Op.GlobalAveragePool(), Shape.of(2, 3, 1, 1)),
                row(node("GlobalMaxPool", 22, 2, 3, 4, 5), new Op.GlobalMaxPool(), Shape.of(2, 3, 1, 1)),

                // Element by element
                row(node("Relu", 7, 2), new Op.Relu(), Shape.of(2)),
                row(node("Relu", 14, 2), new Op.Relu(), Shape.of(2)),
                row(node("LeakyRelu", 7, 2), new Op.LeakyRelu(0.01f), Shape.of(2)),
                row(node("LeakyRelu", 16, 2).with(attrs().f("alpha", 0.5f)), new Op.LeakyRelu(0.5f), Shape.of(2)),
                row(node("PRelu", 9, 1, 3, 2, 2).with(zeros(3, 1, 1)), new Op.PRelu(), Shape.of(1, 3, 2, 2)),
                row(node("Sigmoid", 13, 2), new Op.Sigmoid(), Shape.of(2)),
                row(node("Tanh", 13, 2), new Op.Tanh(), Shape.of(2)),
                row(node("Sqrt", 13, 2), new Op.Sqrt(), Shape.of(2)),
                row(node("Add", 7, 2, 3).with(zeros(3)), new Op.Add(), Shape.of(2, 3)),
                row(node("Sub", 13, 2, 3).with(zeros(2, 1)), new Op.Sub(), Shape.of(2, 3)),
                row(node("Mul", 14, 2, 1).with(zeros(1, 3)), new Op.Mul(), Shape.of(2, 3)),
                row(node("Div", 14, 2, 3).with(zeros()), new Op.Div(), Shape.of(2, 3)),
                row(node("Sum", 8, 2, 3).with(zeros(3)), new Op.Add(), Shape.of(2, 3)),
                row(node("Clip", 7, 2), clip(-Float.MAX_VALUE, Float.MAX_VALUE), Shape.of(2)),
                row(node("Clip", 10, 2).with(attrs().f("min", 0).f("max", 6)), clip(0, 6), Shape.of(2)),
                row(node("Clip", 11, 2).with(scalar(0), scalar(6)), clip(0, 6), Shape.of(2)),
                row(node("Clip", 13, 2).with(scalar(0)), clip(0, Float.MAX_VALUE), Shape.of(2)),
                row(node("Clip", 13, 2).with(ABSENT, scalar(6)), clip(-Float.MAX_VALUE, 6), Shape.of(2)),

                // Normalisation
                row(
                        node("BatchNormalization", 7, 1, 2, 3, 3)
                                .with(zeros(2), zeros(2), zeros(2), zeros(2))
                                .with(attrs().i("spatial", 1).f("momentum", 0.9f)),
                        new Op.BatchNormalization(1e-5f),
                        Shape.of(1, 2, 3, 3)),
                row(
                        node("BatchNormalization", 15, 1, 2, 3, 3)
                                .with(zeros(2), zeros(2), zeros(2), zeros(2))
                                .with(attrs().i("training_mode", 0).f("epsilon", 0.5f)),
                        new Op.BatchNormalization(0.5f),
                        Shape.of(1, 2, 3, 3)),
                row(
                        node("LRN", 13, 1, 2, 3, 3).with(attrs().i("size", 5)),
                        new Op.LRN(5, 1e-4f, 0.75f, 1),
                        Shape.of(1, 2, 3, 3)),
                row(
                        node("LRN", 7, 1, 2, 3, 3)
                                .with(attrs().i("size", 3)
                                        .f("alpha", 2)
                                        .f("beta", 3)
                                        .f("bias", 4)),
                        new Op.LRN(3, 2, 3, 4),
                        Shape.of(1, 2, 3, 3)),
                row(node("Softmax", 7, 2, 3, 4), new Op.Softmax(1, 3), Shape.of(2, 3, 4)),
                row(node("Softmax", 12, 2, 3, 4).with(attrs().i("axis", -1)), new Op.Softmax(2, 3), Shape.of(2, 3, 4)),
                row(node("Softmax", 13, 2, 3, 4), new Op.Softmax(2, 3), Shape.of(2, 3, 4)),
                row(node("Softmax", 13, 2, 3, 4).with(attrs().i("axis", 1)), new Op.Softmax(1, 2), Shape.of(2, 3, 4)),
                row(
                        node("LogSoftmax", 11, 2, 3, 4).with(attrs().i("axis", 0)),
                        new Op.LogSoftmax(0, 3),
                        Shape.of(2, 3, 4)),
                row(
                        node("LogSoftmax", 13, 2, 3, 4).with(attrs().i("axis", 0)),
                        new Op.LogSoftmax(0, 1),
                        Shape.of(2, 3, 4)),
                row(node("ReduceMean", 7, 2, 3), new Op.ReduceMean(List.of(0, 1), true), Shape.of(1, 1)),
                row(
                        node("ReduceMean", 13, 2, 3, 4, 5)
                                .with(attrs().ints("axes", -1, 2).i("keepdims", 0)),
                        new Op.ReduceMean(List.of(2, 3), false),
                        Shape.of(2, 3)),
                row(
                        node("ReduceMean", 18, 2, 3, 4, 5).with(ints(-1, 2)),
                        new Op.ReduceMean(List.of(2, 3), true),
                        Shape.of(2, 3, 1, 1)),
                row(node("ReduceMean", 18, 2, 3).with(ints()), new Op.ReduceMean(List.of(0, 1), true), Shape.of(1, 1)),

                // Matrices
                row(node("Gemm", 7, 2, 3).with(zeros(3, 4), zeros(4)), new Op.Gemm(1, 1, false, false), Shape.of(2, 4)),
                row(
                        node("Gemm", 11, 3, 2)
                                .with(zeros(4, 3))
                                .with(attrs().f("alpha", 2)
                                        .f("beta", 3)
                                        .i("transA", 1)
                                        .i("transB", 1)),
                        new Op.Gemm(2, 3, true, true),
                        Shape.of(2, 4)),
                row(node("MatMul", 13, 5, 2, 3).with(zeros(3, 4)), new Op.MatMul(), Shape.of(5, 2, 4)),

                // Shapes
                row(node("Flatten", 7, 2, 3, 4), new Op.Reshape(Shape.of(2, 12)), Shape.of(2, 12)),
                row(
                        node("Flatten", 11, 2, 3, 4).with(attrs().i("axis", -1)),
                        new Op.Reshape(Shape.of(6, 4)),
                        Shape.of(6, 4)),
                row(
                        node("Flatten", 13, 2, 3, 4).with(attrs().i("axis", 0)),
                        new Op.Reshape(Shape.of(1, 24)),
                        Shape.of(1, 24)),
                row(
                        node("Flatten", 13, 2, 3).with(attrs().i("axis", 2)),
                        new Op.Reshape(Shape.of(6, 1)),
                        Shape.of(6, 1)),
                row(node("Reshape", 7, 2, 3, 4).with(ints(0, -1)), new Op.Reshape(Shape.of(2, 12)), Shape.of(2, 12)),
                row(
                        node("Reshape", 14, 2, 3, 4).with(ints(4, -1, 2)).with(attrs().i("allowzero", 1)),
                        new Op.Reshape(Shape.of(4, 3, 2)),
                        Shape.of(4, 3, 2)),
                row(node("Squeeze", 7, 1, 3, 1), new Op.Reshape(Shape.of(3)), Shape.of(3)),
                row(
                        node("Squeeze", 11, 1, 3, 1).with(attrs().ints("axes", -1)),
                        new Op.Reshape(Shape.of(1, 3)),
                        Shape.of(1, 3)),
                row(node("Squeeze", 13, 1, 3, 1).with(ints(0)), new Op.Reshape(Shape.of(3, 1)), Shape.of(3, 1)),
                row(
                        node("Unsqueeze", 7, 2, 3).with(attrs().ints("axes", 3, 0)),
                        new Op.Reshape(Shape.of(1, 2, 3, 1)),
                        Shape.of(1, 2, 3, 1)),
                row(
                        node("Unsqueeze", 13, 2, 3).with(ints(-1, 1)),
                        new Op.Reshape(Shape.of(2, 1, 3, 1)),
                        Shape.of(2, 1, 3, 1)),
                row(node("Transpose", 7, 2, 3, 4), new Op.Transpose(List.of(2, 1, 0)), Shape.of(4, 3, 2)),
                row(
                        node("Transpose", 21, 2, 3, 4).with(attrs().ints("perm", 0, 2, 1)),
                        new Op.Transpose(List.of(0, 2, 1)),
                        Shape.of(2, 4, 3)),
                row(node("Expand", 8, 3, 1).with(ints(2, 1, 4)), new Op.Mul(), Shape.of(2, 3, 4)),

                // Regions
                row(
                        node("Concat", 7, 1, 2).with(zeros(1, 3)).with(attrs().i("axis", 1)),
                        new Op.Concat(1),
                        Shape.of(1, 5)),
                row(
                        node("Concat", 13, 1, 2).with(zeros(1, 3)).with(attrs().i("axis", -1)),
                        new Op.Concat(1),
                        Shape.of(1, 5)),
                row(
                        node("Gather", 13, 2, 3).with(ints(2, -1)).with(attrs().i("axis", 1)),
                        new Op.Gather(1),
                        Shape.of(2, 2)),
                row(
                        node("Slice", 7, 4, 5).with(attrs().ints("starts", 1).ints("ends", 3)),
                        slice(List.of(1, 0), List.of(1, 1), List.of(2, 5)),
                        Shape.of(2, 5)),
                row(
                        node("Slice", 9, 4, 5)
                                .with(attrs().ints("starts", -2, 0)
                                        .ints("ends", Long.MAX_VALUE, -1)
                                        .ints("axes", 1, 0)),
                        slice(List.of(0, 3), List.of(1, 1), List.of(3, 2)),
                        Shape.of(3, 2)),
                row(
                        node("Slice", 10, 4, 5).with(ints(0), ints(5), ints(-1), ints(2)),
                        slice(List.of(0, 0), List.of(1, 2), List.of(4, 3)),
                        Shape.of(4, 3)),
                row(
                        node("Slice", 13, 4, 5).with(ints(-1), ints(Long.MIN_VALUE), ints(1), ints(-2)),
                        slice(List.of(0, 4), List.of(1, -2), List.of(4, 3)),
                        Shape.of(4, 3)),
                row(
                        node("Slice", 13, 4).with(ints(100), ints(0), ABSENT, ints(Long.MIN_VALUE)),
                        slice(List.of(3), List.of(1), List.of(1)),
                        Shape.of(1)),
                row(
                        node("Pad", 7, 2, 3)
                                .with(attrs().ints("pads", 0, 1, 0, 2).f("value", 7)),
                        new Op.Pad(List.of(0, 1), List.of(0, 2), Mode.CONSTANT, 7),
                        Shape.of(2, 6)),
                row(
                        node("Pad", 11, 2, 3).with(ints(1, 0, 0, 0)).with(attrs().s("mode", "edge")),
                        new Op.Pad(List.of(1, 0), List.of(0, 0), Mode.EDGE, 0),
                        Shape.of(3, 3)),
                row(
                        node("Pad", 13, 2, 3).with(ints(0, 2, 0, 2), scalar(-1)).with(attrs().s("mode", "reflect")),
                        new Op.Pad(List.of(0, 2), List.of(0, 2), Mode.REFLECT, -1),
                        Shape.of(2, 7)),
                row(
                        node("Pad", 18, 2, 3).with(ints(1, 2), ABSENT, ints(-1)),
                        new Op.Pad(List.of(0, 1), List.of(0, 2), Mode.CONSTANT, 0),
                        Shape.of(2, 6)),
                row(
                        node("Pad", 11, 4, 5).with(ints(-1, 0, 0, -2)),
                        slice(List.of(1, 0), List.of(1, 1), List.of(3, 3)),
                        Shape.of(3, 3)));
    }

    private static Op clip(float min, float max) {
        return new Op.Clip(min, max);
    }

    private static Op slice(List<Integer> starts, List<Integer> steps, List<Integer> sizes) {
        return new Op.Slice(starts, steps, sizes);
    }

    private static Arguments row(Case node, Op expected, Shape shape) {
        return Arguments.of(node, expected, shape);
    }

    @ParameterizedTest(name = "{0} → {1}")
    @MethodSource
    void oneToOne(Case node, Op expected, Shape shape) {
        Graph graph = Models.read(node.model(), folder);
        assertThat(graph.nodes()).singleElement().satisfies(imported -> {
            assertThat(imported.op()).isEqualTo(expected);
            assertThat(imported.output()).isEqualTo(new Value("y", new TensorType(ElementType.FLOAT32, shape)));
            assertThat(imported.origins()).containsExactly("y");
        });
    }

    static Stream<Case> sameValue() {
        return Stream.of(
                node("Identity", 7, 2, 3),
                node("Dropout", 7, 2, 3).with(attrs().f("ratio", 0.5f)),
                node("Dropout", 12, 2, 3).with(scalar(0.5f)).with(attrs().i("seed", 3)),
                node("Dropout", 13, 2, 3).with(ABSENT, flag(0)),
                node("Sum", 8, 2, 3),
                node("Cast", 13, 2, 3).with(attrs().i("to", 1)),
                node("Cast", 19, 2, 3).with(attrs().i("to", 1).i("saturate", 1)),
                node("Cast", 24, 2, 3).with(attrs().i("to", 1).s("round_mode", "up")),
                node("Flatten", 13, 2, 3),
                node("Reshape", 14, 2, 3).with(ints(-1, 3)),
                node("Squeeze", 13, 2, 3),
                node("Expand", 13, 2, 3).with(ints(1, 3)),
                node("Pad", 13, 2, 3).with(ints(0, 0, 0, 0)),
                node("Slice", 13, 2, 3).with(ints(0), ints(100)),
                node("ReduceMean", 18, 2, 3).with(attrs().i("noop_with_empty_axes", 1)));
    }

    private static Tensor flag(long value) {
        return new Tensor.Integers(new TensorType(ElementType.BOOL, Shape.of()), new long[] {value});
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void sameValue(Case node) {
        Graph graph = Models.read(node.model(), folder);
        assertThat(graph.nodes()).isEmpty();
        assertThat(graph.outputs())
                .containsExactly(new Graph.Output("y", graph.inputs().getFirst()));
    }

    static Stream<Arguments> chains() {
        return Stream.of(
                Arguments.of(
                        node("Sum", 13, 2, 3).with(zeros(3), zeros(2, 1), zeros()),
                        List.of(new Op.Add(), new Op.Add(), new Op.Add())),
                Arguments.of(
                        node("Pad", 13, 4, 5).with(ints(-1, 1, 0, 0)),
                        List.of(
                                slice(List.of(1, 0), List.of(1, 1), List.of(3, 5)),
                                new Op.Pad(List.of(0, 1), List.of(0, 0), Mode.CONSTANT, 0))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void chains(Case node, List<Op> expected) {
        Graph graph = Models.read(node.model(), folder);
        assertThat(graph.nodes()).extracting(Node::op).isEqualTo(expected);
        assertThat(graph.nodes().getLast().output().name()).isEqualTo("y");
        assertThat(graph.nodes()).allSatisfy(part -> assertThat(part.origins()).containsExactly("y"));
    }

    static Stream<Arguments> refusals() {
        Attributes kernel2 = attrs().ints("kernel_shape", 2, 2);
        return Stream.of(
                // Broken rules: one line
                refused(node("Conv", 13, 1, 2, 5, 5).with(zeros(4, 3, 3, 3)), "node 'y' (Conv): input has 2 channels"),
                refused(node("Conv", 13, 1, 2, 5, 5).with(zeros(4, 2, 3)), "must have as many axes"),
                refused(
                        node("Conv", 13, 1, 2, 5, 5).with(zeros(4, 2, 3, 3)).with(kernel2),
                        "kernel_shape is 2×2, but the weights are 3×3"),
                refused(
                        node("Conv", 13, 1, 2, 5, 5).with(zeros(4, 2, 3, 3)).with(attrs().ints("strides", 1)),
                        "strides must hold 2 values, not 1"),
                refused(
                        node("Conv", 13, 1, 2, 5, 5).with(zeros(4, 2, 3, 3)).with(attrs().ints("strides", 1, 1L << 32)),
                        "strides is out of range: 4294967296"),
                refused(
                        node("Conv", 13, 1, 2, 5, 5).with(zeros(4, 2, 3, 3)).with(attrs().s("auto_pad", "SAME")),
                        "auto_pad 'SAME' does not exist"),
                refused(node("MaxPool", 13, 1, 1, 4, 4), "attribute 'kernel_shape' is missing"),
                refused(
                        node("MaxPool", 13, 1, 1, 4, 4).with(attrs().i("kernel_shape", 2)),
                        "'kernel_shape' must be of type INTS, not INT"),
                refused(node("Add", 13, 2, 3), "takes 2 inputs, not 1"),
                refused(node("Add", 13, 2, 3).with(ABSENT), "input 1 is missing"),
                refused(node("Add", 13, 2, 3).with(zeros(4)), "do not broadcast"),
                refused(node("Add", 13, 2, 3).with(ints(4)), "differ in element type"),
                refused(node("Relu", 13, 2, 3).with(zeros(4)), "takes 1 inputs, not 2"),
                refused(node("Gemm", 7, 2, 3).with(zeros(3, 4)), "input 2 is missing"),
                refused(node("Reshape", 13, 2, 3).with(ints(4, -1)), "cannot be given the shape [4, -1]"),
                refused(node("Reshape", 13, 2, 3).with(ints(-1, -1)), "more than one -1"),
                refused(node("Reshape", 13, 2, 3).with(ints(2, 3, 0)), "does not have"),
                refused(node("Reshape", 13, 2, 3).with(ints(7)), "elements"),
                refused(node("Reshape", 13, 2, 3).with(ints(-2, -3)), "a dimension of [-2, -3] is negative"),
                refused(node("Reshape", 13, 2, 3).with(zeros(2)), "must be a list of integers"),
                refused(node("Squeeze", 13, 2, 3).with(ints(0)), "has not the size 1"),
                refused(node("Squeeze", 11, 1, 3).with(ints(0)), "too many at opset 11"),
                refused(node("Unsqueeze", 11, 1, 3), "attribute 'axes' is missing"),
                refused(node("Unsqueeze", 13, 1, 3).with(ints(0, 0)), "repeat"),
                refused(node("Transpose", 13, 2, 3).with(attrs().ints("perm", 0, 0)), "repeat"),
                refused(node("Transpose", 13, 2, 3).with(attrs().ints("perm", 0)), "perm"),
                refused(node("Concat", 13, 2, 3).with(zeros(2, 3)).with(attrs().i("axis", 2)), "axis 2 is not an axis"),
                refused(node("Concat", 13, 2, 3).with(zeros(2, 3)), "attribute 'axis' is missing"),
                refused(node("Slice", 13, 4).with(ints(0), ints(2), ints(0), ints(0)), "step is 0"),
                refused(node("Slice", 13, 4).with(ints(0, 1), ints(2)), "same length"),
                refused(node("Pad", 13, 2, 3).with(ints(0, 0)), "pads must hold 4 values, not 2"),
                refused(node("Pad", 13, 2, 3).with(ints(-2, 0, -1, 0)), "take away more than"),
                refused(node("Clip", 10, 2).with(attrs().f("min", Float.NaN)), "not a number"),

                // Not supported: listed
                refused(
                        node("Conv", 13, 1, 2, 5, 5, 5).with(zeros(4, 2, 3, 3, 3)),
                        "1 node is not supported:\n  node 'y' (Conv, opset 13): only images [N, C, H, W]"),
                refused(
                        node("Conv", 13, 1, 2, 5, 5).with(zeros(4, 2, 3, 3)).with(attrs().ints("pads", 0, -1, 0, 0)),
                        "negative pads"),
                refused(node("MaxPool", 9, 1, 1, 4, 4).with(kernel2.i("ceil_mode", 1)), "attribute 'ceil_mode' is not"),
                refused(
                        node("AveragePool", 18, 1, 1, 4, 4).with(kernel2.ints("dilations", 1, 1)),
                        "'dilations' is not"),
                refused(node("Relu", 13, 2).with(attrs().f("slope", 1)), "attribute 'slope' is not one of"),
                refused(
                        node("BatchNormalization", 14, 1, 2, 3, 3)
                                .with(zeros(2), zeros(2), zeros(2), zeros(2))
                                .with(attrs().i("training_mode", 1)),
                        "training mode"),
                refused(
                        node("BatchNormalization", 8, 1, 2, 3, 3)
                                .with(zeros(2), zeros(2), zeros(2), zeros(2))
                                .with(attrs().i("spatial", 0)),
                        "spatial = 0"),
                refused(node("Dropout", 13, 2).with(ABSENT, flag(1)), "training mode"),
                refused(node("Pad", 19, 2, 3).with(ints(0, 1, 0, 1)).with(attrs().s("mode", "wrap")), "mode 'wrap'"),
                refused(node("Slice", 13, 4).with(ints(2), ints(1)), "has no elements"),
                refused(node("Cast", 13, 2).with(attrs().i("to", 16)), "the target bfloat16"),
                refused(node("Cast", 13, 2).with(attrs().i("to", 9)), "casts float32 to bool"),
                refused(node("Cast", 13, 2).with(attrs().i("to", 23)), "the target float4e2m1 is not supported"),
                refused(node("Cast", 13, 2).with(attrs().i("to", 99)), "the target 99 (which ONNX does not define)"),
                refused(node("Expand", 7, 2).with(ints(2, 2)), "the operator exists since opset 8"),
                refused(node("Elu", 13, 2), "the operator is not supported"));
    }

    private static Arguments refused(Case node, String message) {
        return Arguments.of(node, message);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource
    void refusals(Case node, String message) {
        assertThat(Models.refusal(node.model(), folder)).contains(message);
    }
}
