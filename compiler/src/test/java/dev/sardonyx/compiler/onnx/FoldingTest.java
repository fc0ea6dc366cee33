package dev.sardonyx.compiler.onnx;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.runtime.ElementType;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What depends on constants and shapes alone is computed by the import. */
class FoldingTest {

    @TempDir
    private Path folder;

    private static Tensor ints(long... values) {
        return Tensor.of(Shape.of(values.length), values);
    }

    private static OnnxWriter modelOfX(int opset) {
        var model = new OnnxWriter("g").opset(opset);
        model.input("x", ElementType.FLOAT32, "batch", "3", "4", "5");
        return model;
    }

    /** As PyTorch writes {@code x.view(x.size(0), -1)}. */
    @Test
    void shapeGatherUnsqueezeConcatReshape() {
        var model = modelOfX(13);
        model.node("s", "Shape", List.of("x"), attrs());
        model.node("zero", "Constant", List.of(), attrs().t("value", Tensor.of(Shape.of(), 0L)));
        model.node("n", "Gather", List.of("s", "zero"), attrs());
        model.node("axes", "Constant", List.of(), attrs().t("value", ints(0)));
        model.node("n1", "Unsqueeze", List.of("n", "axes"), attrs());
        model.node("rest", "Constant", List.of(), attrs().t("value", ints(-1)));
        model.node("target", "Concat", List.of("n1", "rest"), attrs().i("axis", 0));
        model.node("y", "Reshape", List.of("x", "target"), attrs());
        model.outputOfAnyRank("y", ElementType.FLOAT32);

        Graph graph = Models.read(model, folder);

        assertThat(graph.nodes())
                .singleElement()
                .satisfies(node -> assertThat(node.op()).isEqualTo(new Op.Reshape(Shape.of(1, 60))));
        assertThat(graph.constants()).isEmpty();
    }

    static Stream<Arguments> shapes() {
        return Stream.of(
                Arguments.of(7, attrs(), new float[] {1, 3, 4, 5}),
                Arguments.of(15, attrs().i("start", 1), new float[] {3, 4, 5}),
                Arguments.of(15, attrs().i("start", -3).i("end", -1), new float[] {3, 4}),
                Arguments.of(15, attrs().i("start", 3).i("end", 1), new float[] {}),
                Arguments.of(
                        15, attrs().i("start", Long.MIN_VALUE).i("end", Long.MAX_VALUE), new float[] {1, 3, 4, 5}));
    }

    @ParameterizedTest(name = "Shape-{0} → {2}")
    @MethodSource
    void shapes(int opset, Attributes attributes, float[] expected) {
        var model = modelOfX(opset);
        model.node("s", "Shape", List.of("x"), attributes);
        model.node("y", "Cast", List.of("s"), attrs().i("to", 1));
        model.outputOfAnyRank("y", ElementType.FLOAT32);
        assertThat(floats(Models.read(model, folder))).containsExactly(expected);
    }

    static Stream<Arguments> constants() {
        Tensor.Integers half = new Tensor.Integers(new TensorType(ElementType.INT32, Shape.of(1)), new long[] {7});
        return Stream.of(
                Arguments.of("Constant", 7, attrs().t("value", Tensor.of(Shape.of(2), 1f, 2f)), new float[] {1, 2}),
                Arguments.of("Constant", 12, attrs().f("value_float", 3), new float[] {3}),
                Arguments.of("Constant", 12, attrs().floats("value_floats", 3, 4), new float[] {3, 4}),
                Arguments.of("Constant", 12, attrs().i("value_int", 5), new float[] {5}),
                Arguments.of("Constant", 22, attrs().ints("value_ints", 6, 7), new float[] {6, 7}),
                Arguments.of("ConstantOfShape", 9, attrs(), new float[] {0, 0, 0, 0, 0, 0}),
                Arguments.of("ConstantOfShape", 21, attrs().t("value", half), new float[] {7, 7, 7, 7, 7, 7}));
    }

    @ParameterizedTest(name = "{0}-{1} → {3}")
    @MethodSource
    void constants(String operator, int opset, Attributes attributes, float[] expected) {
        var model = modelOfX(opset);
        model.initializer("shape", ints(2, 3));
        model.node("c", operator, operator.equals("Constant") ? List.of() : List.of("shape"), attributes);
        model.node("y", "Cast", List.of("c"), attrs().i("to", 1));
        model.outputOfAnyRank("y", ElementType.FLOAT32);
        assertThat(floats(Models.read(model, folder))).containsExactly(expected);
    }

    static Stream<Arguments> refusedConstants() {
        return Stream.of(
                Arguments.of("Constant", attrs(), "must have one value, not 0"),
                Arguments.of("Constant", attrs().i("value_int", 1).f("value_float", 1), "must have one value, not 2"),
                Arguments.of("Constant", attrs().s("value_string", "a"), "attribute 'value_string' is not one of"),
                Arguments.of("ConstantOfShape", attrs().t("value", ints(1, 2)), "value must have one element"));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource
    void refusedConstants(String operator, Attributes attributes, String message) {
        var model = modelOfX(13);
        model.initializer("shape", ints(2, 3));
        model.node("y", operator, operator.equals("Constant") ? List.of() : List.of("shape"), attributes);
        model.outputOfAnyRank("y", ElementType.FLOAT32);
        assertThat(Models.refusal(model, folder)).contains(message);
    }

    /** The pads of an option-A shortcut, as PyTorch's older exporter writes F.pad. */
    @Test
    void padsThatAreComputed() {
        var model = modelOfX(13);
        model.initializer("given", ints(0, 0, 0, 0, 1, 2));
        model.initializer("two", ints(2));
        model.node("zeros", "ConstantOfShape", List.of("two"), attrs().t("value", ints(0)));
        model.node("all", "Concat", List.of("given", "zeros"), attrs().i("axis", 0));
        model.initializer("pairs", ints(-1, 2));
        model.node("matrix", "Reshape", List.of("all", "pairs"), attrs());
        model.initializer("last", ints(-1));
        model.initializer("least", ints(Long.MIN_VALUE));
        model.initializer("axis0", ints(0));
        model.node("reversed", "Slice", List.of("matrix", "last", "least", "axis0", "last"), attrs());
        model.node("columns", "Transpose", List.of("reversed"), attrs().ints("perm", 1, 0));
        model.node("pads", "Reshape", List.of("columns", "last"), attrs());
        model.node("y", "Pad", List.of("x", "pads"), attrs());
        model.outputOfAnyRank("y", ElementType.FLOAT32);

        assertThat(Models.read(model, folder).nodes())
                .singleElement()
                .satisfies(node -> assertThat(node.op())
                        .isEqualTo(new Op.Pad(List.of(0, 1, 0, 0), List.of(0, 2, 0, 0), Op.Pad.Mode.CONSTANT, 0)));
    }

    static Stream<Arguments> huge() {
        return Stream.of(
                Arguments.of("ConstantOfShape", ints(1 << 30, 1), "needs 4295 MB more memory"),
                Arguments.of("ConstantOfShape", ints(1 << 20, 1 << 20), "more than 2^31 - 1 elements"),
                Arguments.of("ConstantOfShape", ints(-1), "a dimension of [-1] is negative"));
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource
    void huge(String operator, Tensor shape, String message) {
        var model = modelOfX(13);
        model.initializer("shape", shape);
        model.node("y", operator, List.of("shape"), attrs());
        model.outputOfAnyRank("y", ElementType.FLOAT32);
        assertThat(Models.refusal(model, folder)).contains(message);
    }

    @Test
    void expansionIsCountedBeforeItIsMade() {
        var model = modelOfX(13);
        model.initializer("a", Tensor.of(Shape.of(1 << 14, 1), new float[1 << 14]));
        model.initializer("b", Tensor.of(Shape.of(1, 1 << 14), new float[1 << 14]));
        model.node("y", "Add", List.of("a", "b"), attrs());
        model.outputOfAnyRank("y", ElementType.FLOAT32);
        assertThat(Models.refusal(model, folder)).contains("node 'y' (Add): needs 1074 MB more memory");
    }

    /** Not folded, since it would take minutes: the node stays. */
    @Test
    @Timeout(20)
    void arithmeticIsLimited() {
        var model = modelOfX(13);
        int size = 1 << 10;
        model.initializer("a", Tensor.of(Shape.of(size, size), new float[size * size]));
        model.node("y", "MatMul", List.of("a", "a"), attrs());
        model.outputOfAnyRank("y", ElementType.FLOAT32);
        assertThat(Models.read(model, folder).nodes()).hasSize(1);
    }

    @Test
    void manyCopiesOfOneConstantAreCounted() {
        var model = modelOfX(13);
        model.initializer("a", Tensor.of(Shape.of(1 << 20), new float[1 << 20]));
        model.node("y", "Concat", Collections.nCopies(2000, "a"), attrs().i("axis", 0));
        model.outputOfAnyRank("y", ElementType.FLOAT32);
        assertThat(Models.refusal(model, folder)).contains("more memory");
    }

    private static float[] floats(Graph graph) {
        Tensor output = graph.constants().get(graph.outputs().getFirst().value().name());
        return ((Tensor.Floats) Objects.requireNonNull(output)).values();
    }
}
