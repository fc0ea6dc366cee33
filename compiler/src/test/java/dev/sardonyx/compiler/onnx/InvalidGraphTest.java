package dev.sardonyx.compiler.onnx;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.onnx.OnnxWriter.Node;
import dev.sardonyx.runtime.ElementType;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Well-formed files whose graph is wrong, or not supported. */
class InvalidGraphTest {

    @TempDir
    private Path folder;

    /** A model with the input x [2, 3] and the output y, which nothing defines yet. */
    private static OnnxWriter open() {
        var model = new OnnxWriter("g");
        model.input("x", ElementType.FLOAT32, 2, 3);
        return model.outputOfAnyRank("y", ElementType.FLOAT32);
    }

    private static OnnxWriter relu() {
        var model = open();
        model.node("y", "Relu", List.of("x"), attrs());
        return model;
    }

    private static OnnxWriter with(OnnxWriter model, Consumer<OnnxWriter> change) {
        change.accept(model);
        return model;
    }

    static Stream<Arguments> wrongGraphs() {
        Tensor one = Tensor.of(Shape.of(1), 1f);
        return Stream.of(
                Arguments.of(open(), "output 'y': needs 'y', which nothing defines"),
                Arguments.of(
                        with(open(), model -> model.node("y", "Relu", List.of("z"), attrs())),
                        "node 'y' (Relu): needs 'z', which nothing defines"),
                Arguments.of(
                        with(open(), model -> {
                            model.node("a", "Add", List.of("x", "b"), attrs());
                            model.node("b", "Relu", List.of("a"), attrs());
                            model.node("y", "Relu", List.of("b"), attrs());
                        }),
                        "node 'a' (Add): depends on its own output"),
                Arguments.of(
                        with(relu(), model -> model.node("y", "Tanh", List.of("x"), attrs())),
                        "node 'y' (Tanh): defines 'y', which is defined already"),
                Arguments.of(
                        with(relu(), model -> model.node("x", "Tanh", List.of("y"), attrs())),
                        "node 'x' (Tanh): defines 'x', which is defined already"),
                Arguments.of(
                        with(relu(), model -> {
                            model.initializer("c", one);
                            model.initializer("c", one);
                        }),
                        "initializer 'c': the name is given twice"),
                Arguments.of(
                        with(relu(), model -> model.input("x", ElementType.FLOAT32, 1)),
                        "input 'x': the name is given twice"),
                Arguments.of(
                        with(relu(), model -> model.outputOfAnyRank("y", ElementType.FLOAT32)),
                        "output 'y': the name is given twice"),
                Arguments.of(with(relu(), model -> model.input("", ElementType.FLOAT32, 1)), "an input has no name"),
                Arguments.of(
                        with(new OnnxWriter("g"), model -> model.input("x", ElementType.FLOAT32, 1)),
                        "the graph has no outputs"),
                Arguments.of(
                        with(open(), model -> {
                            model.inputOfAnyRank("z", ElementType.FLOAT32);
                            model.node("y", "Relu", List.of("z"), attrs());
                        }),
                        "input 'z': the file gives it no shape, not even a rank"),
                Arguments.of(
                        with(relu(), model -> model.input("z", ElementType.FLOAT32, 2, -3)),
                        "input 'z': axis 1 has the size -3"),
                Arguments.of(
                        with(relu(), model -> model.input("z", ElementType.FLOAT32, 2, 0)),
                        "input 'z': axis 1 has the size 0"),
                Arguments.of(
                        with(relu(), model -> model.input("z", ElementType.FLOAT32, 1L << 31, 1)),
                        "input 'z': axis 0 has the size 2147483648"),
                Arguments.of(
                        with(relu(), model -> model.input("z", ElementType.FLOAT32, 1 << 16, 1 << 16)),
                        "input 'z': more than 2^31 - 1 elements"),
                Arguments.of(
                        with(relu(), model -> model.output("x", ElementType.FLOAT32, 2, 4)),
                        "output 'x': is declared with another shape than [2, 3]"),
                Arguments.of(
                        with(relu(), model -> model.output("x", ElementType.FLOAT32, 2, 3, 1)),
                        "output 'x': is declared with another shape than [2, 3]"),
                Arguments.of(
                        with(relu(), model -> model.output("x", ElementType.FLOAT16, 2, 3)),
                        "output 'x': is declared float16, but is float32[2, 3]"),
                Arguments.of(
                        with(relu(), model -> {
                            model.initializer("n", Tensor.of(Shape.of(1), 1L));
                            model.outputOfAnyRank("n", ElementType.INT32);
                        }),
                        "output 'n': is declared int32, but is int64[1]"),
                Arguments.of(relu().opset(6), "opset 6 is not supported; export with one from 7 to 26"),
                Arguments.of(relu().opset(27), "opset 27 is not supported; export with one from 7 to 26"),
                Arguments.of(
                        relu().opset("ai.onnx", 13), "must import one version of ONNX's operator set, not [17, 13]"),
                Arguments.of(relu().irVersion(2), "IR version 2 is not supported; the oldest is 3"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource
    void wrongGraphs(OnnxWriter model, String message) {
        assertThat(Models.refusal(model, folder)).startsWith(message).doesNotContain("\n");
    }

    static Stream<Arguments> wrongProtos() {
        Consumer<GraphProto.Builder> sparse = graph -> graph.addSparseInitializer(SparseTensorProto.newBuilder()
                .setValues(graph.addInitializerBuilder().setName("s")));
        Consumer<GraphProto.Builder> sequence = graph -> graph.getInputBuilder(0)
                .setType(TypeProto.newBuilder().setSequenceType(TypeProto.Sequence.getDefaultInstance()));
        Consumer<GraphProto.Builder> text = graph ->
                graph.getInputBuilder(0).getTypeBuilder().getTensorTypeBuilder().setElemType(8);
        Consumer<GraphProto.Builder> untyped = graph -> graph.getInputBuilder(0).clearType();
        Consumer<GraphProto.Builder> twice = graph -> {
            graph.getNodeBuilder(0).addAttributeBuilder().setName("a");
            graph.getNodeBuilder(0).addAttributeBuilder().setName("a");
        };
        return Stream.of(
                Arguments.of(sparse, "sparse initializers are not supported"),
                Arguments.of(sequence, "input 'x': is no tensor but sequence_type, which is not supported"),
                Arguments.of(text, "input 'x': is string, which is not supported"),
                Arguments.of(untyped, "input 'x': is no tensor but value_not_set, which is not supported"),
                Arguments.of(twice, "node 'y' (Relu): attribute 'a' is given twice"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource
    void wrongProtos(Consumer<GraphProto.Builder> change, String message) {
        assertThat(Models.refusal(Models.change(relu(), change), folder, Map.of()))
                .isEqualTo(message);
    }

    @Test
    void noOperatorSet() {
        byte[] model = Models.changeModel(relu(), builder -> builder.clearOpsetImport());
        assertThat(Models.refusal(model, folder, Map.of()))
                .isEqualTo("must import one version of ONNX's operator set, not none");
    }

    @Test
    void listsAllUnsupportedNodesAtOnce() {
        var model = open();
        model.initializer("k", Tensor.of(Shape.of(1), 1f));
        model.node(new Node("", "Elu", "first", List.of("x"), List.of("a"), attrs()));
        model.node(new Node("com.x", "Relu", "second", List.of("x"), List.of("b"), attrs()));
        model.node(new Node("", "Add", "behind both", List.of("a", "b"), List.of("c"), attrs()));
        model.node(new Node("", "Selu", "behind and unsupported", List.of("c"), List.of("d"), attrs()));
        model.node(new Node("", "If", "branches", List.of("k"), List.of("e"), attrs().g("then_branch", relu())));
        model.node(new Node("", "Sum", "y", List.of("d", "e"), List.of("y"), attrs()));
        model.node(new Node("", "Elu", "dead", List.of("x"), List.of("z"), attrs()));
        assertThat(Models.refusal(model, folder).lines())
                .containsExactly(
                        "4 nodes are not supported:",
                        "  node 'first' (Elu, opset 17): the operator is not supported",
                        "  node 'second' (com.x.Relu, opset 17): only operators of ONNX's own domain are supported",
                        "  node 'behind and unsupported' (Selu, opset 17): the operator is not supported",
                        "  node 'branches' (If, opset 17): the operator is not supported");
    }

    @Test
    void countsUnsupportedNodesByOperatorFromTheFiftyFirstOn() {
        var model = open();
        String value = "x";
        for (int i = 0; i < 60; i++) {
            value = model.node("n" + i, i == 55 ? "Selu" : "Elu", List.of(value), attrs());
        }
        model.node("y", "Relu", List.of(value), attrs());
        assertThat(Models.refusal(model, folder).lines())
                .hasSize(52)
                .startsWith("60 nodes are not supported:")
                .endsWith("  and 10 more: 9 Elu, 1 Selu");
    }

    @Test
    void callsOfLocalFunctionsAreUnsupported() {
        byte[] model = Models.changeModel(
                relu(),
                builder -> builder.addFunctions(FunctionProto.newBuilder().setName("Relu")));
        assertThat(Models.refusal(model, folder, Map.of())).contains("calls a function that the model defines");
    }

    static Stream<Arguments> secondOutputs() {
        return Stream.of(
                Arguments.of("MaxPool", 17, attrs().ints("kernel_shape", 2, 2)), Arguments.of("Dropout", 11, attrs()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void secondOutputs(String operator, int opset, Attributes attributes) {
        var model = new OnnxWriter("g").opset(opset);
        model.input("x", ElementType.FLOAT32, 1, 1, 4, 4);
        model.node(new Node("", operator, "n", List.of("x"), List.of("y", "second"), attributes));
        model.outputOfAnyRank("y", ElementType.FLOAT32);
        Models.read(model, folder);

        model.outputOfAnyRank("second", ElementType.INT64);
        assertThat(Models.refusal(model, folder)).contains("its output 1, 'second', is read");
    }

    @Test
    void batchNormalizationWithMoreOutputsTrains() {
        var model = new OnnxWriter("g").opset(13);
        model.input("x", ElementType.FLOAT32, 1, 2, 4, 4);
        model.initializer("c", Tensor.of(Shape.of(2), 1f, 1f));
        model.node(new Node(
                "", "BatchNormalization", "bn", List.of("x", "c", "c", "c", "c"), List.of("y", "mean"), attrs()));
        model.outputOfAnyRank("y", ElementType.FLOAT32);
        assertThat(Models.refusal(model, folder)).contains("training mode is not supported");
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT64", "INT32", "INT16", "INT8", "UINT8"})
    void integersAreNotComputedWithAtRunTime(ElementType type) {
        var model = open();
        model.input("z", type, 2, 3);
        model.node("sum", "Add", List.of("z", "z"), attrs());
        model.node("y", "Cast", List.of("sum"), attrs().i("to", 1));
        assertThat(Models.refusal(model, folder))
                .contains("node 'sum' (Add, opset 17): computes with "
                        + type.name().toLowerCase(Locale.ROOT) + " at run time");
    }

    @Test
    void castsThatFloat32DoesNotCarryAreUnsupported() {
        var model = open();
        model.input("z", ElementType.INT64, 2, 3);
        model.node("narrow", "Cast", List.of("z"), attrs().i("to", 3));
        model.node("y", "Cast", List.of("narrow"), attrs().i("to", 1));
        assertThat(Models.refusal(model, folder)).contains("casts int64 to int8, which is not supported at run time");
    }
}
