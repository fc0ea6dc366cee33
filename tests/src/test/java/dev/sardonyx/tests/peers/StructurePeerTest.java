package dev.sardonyx.tests.peers;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.driver.SardonyxCompiler;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.onnx.OnnxWriter;
import dev.sardonyx.compiler.onnx.OnnxWriter.Node;
import dev.sardonyx.compiler.onnx.OnnxWriter.Storage;
import dev.sardonyx.runtime.ElementType;
import dev.sardonyx.runtime.TensorInfo;
import dev.sardonyx.runtime.cli.TensorData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file may look like around its operators, against ONNX Runtime. */
class StructurePeerTest {

    private static final double TOLERANCE = 1e-6;

    @TempDir
    private Path folder;

    private final Random random = new Random(3);

    private float[] normal(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private Tensor weights(int... dims) {
        Shape shape = Shape.of(dims);
        return Tensor.of(shape, normal(shape.elements()));
    }

    private TensorData data(String name, Integer... dims) {
        return new TensorData(
                name,
                ElementType.FLOAT32,
                List.of(dims),
                normal(Shape.of(List.of(dims).stream()
                                .mapToInt(Integer::intValue)
                                .toArray())
                        .elements()));
    }

    private void check(OnnxWriter model, CompileOptions options, TensorData... inputs)
            throws IOException, OrtException {
        Path file = folder.resolve("model.onnx");
        model.write(file);
        check(file, options, inputs);
    }

    private void check(Path file, CompileOptions options, TensorData... inputs) throws IOException, OrtException {
        try (LoadedJar jar = LoadedJar.compile(file, options, folder.resolve("model.jar"))) {
            assertThat(jar.model().info().inputs())
                    .extracting(TensorInfo::name)
                    .containsExactlyElementsOf(
                            List.of(inputs).stream().map(TensorData::name).toList());
            Agreement.check(jar.run(List.of(inputs)), OnnxRuntime.run(file, List.of(inputs)), TOLERANCE);
        }
    }

    /** y = Relu(Conv(x, w, b)). */
    private OnnxWriter conv(OnnxWriter model, Storage storage) {
        model.initializer("w", weights(4, 3, 3, 3), storage);
        model.initializer("b", weights(4), storage);
        model.node("c", "Conv", List.of("x", "w", "b"), attrs());
        return model.outputOfAnyRank(model.node("y", "Relu", List.of("c"), attrs()), ElementType.FLOAT32);
    }

    @ParameterizedTest(name = "IR {0}")
    @ValueSource(longs = {3, 4, 7, 8, 10})
    void initializers_that_are_inputs_too(long irVersion) throws IOException, OrtException {
        OnnxWriter model = new OnnxWriter("g").irVersion(irVersion).opset(7);
        model.input("w", ElementType.FLOAT32, 4, 3, 3, 3);
        model.input("x", ElementType.FLOAT32, 2, 3, 5, 6);
        model.input("b", ElementType.FLOAT32, 4);
        check(conv(model, Storage.RAW_DATA), CompileOptions.defaults(), data("x", 2, 3, 5, 6));
    }

    @ParameterizedTest
    @EnumSource
    void weights_in(Storage storage) throws IOException, OrtException {
        OnnxWriter model = new OnnxWriter("g");
        model.input("x", ElementType.FLOAT32, 2, 3, 5, 6);
        check(conv(model, storage), CompileOptions.defaults(), data("x", 2, 3, 5, 6));
    }

    @Test
    void weights_in_a_file_beside_the_model() throws IOException, OrtException {
        OnnxWriter model = new OnnxWriter("g");
        model.input("x", ElementType.FLOAT32, 2, 3, 5, 6);
        Path file = folder.resolve("model.onnx");
        conv(model, Storage.RAW_DATA).write(file, "model.onnx.data", 16);
        assertThat(folder.resolve("model.onnx.data")).exists();
        check(file, CompileOptions.defaults(), data("x", 2, 3, 5, 6));
    }

    @Test
    void weights_in_constant_nodes() throws IOException, OrtException {
        OnnxWriter model = new OnnxWriter("g");
        String x = model.input("x", ElementType.FLOAT32, 2, 3, 5, 6);
        String w = model.node("w", "Constant", List.of(), attrs().t("value", weights(4, 3, 3, 3)));
        String b = model.node("b", "Constant", List.of(), attrs().floats("value_floats", 1, 2, 3, 4));
        model.output(model.node("y", "Conv", List.of(x, w, b), attrs()), ElementType.FLOAT32, 2, 4, 3, 4);
        check(model, CompileOptions.defaults(), data("x", 2, 3, 5, 6));
    }

    @Test
    void nodes_without_names_and_values_with_odd_ones() throws IOException, OrtException {
        String x = "x/:0 \u00e9\u4e2d \"quoted\" \\ %s";
        OnnxWriter model = new OnnxWriter("");
        model.input(x, ElementType.FLOAT32, 1, 3);
        model.node(new Node("", "Relu", "", List.of(x), List.of("1"), attrs()));
        model.node(new Node("", "Add", "", List.of("1", x), List.of("class"), attrs()));
        model.outputOfAnyRank("class", ElementType.FLOAT32);
        model.outputOfAnyRank("1", ElementType.FLOAT32);
        check(model, CompileOptions.defaults(), data(x, 1, 3));
    }

    @Test
    void several_inputs_and_outputs_that_share_values() throws IOException, OrtException {
        OnnxWriter model = new OnnxWriter("g");
        String a = model.input("a", ElementType.FLOAT32, 2, 3);
        String b = model.input("b", ElementType.FLOAT32, 3);
        String c = model.input("c", ElementType.FLOAT32, new long[0]);
        String sum = model.node("sum", "Add", List.of(a, b), attrs());
        String scaled = model.node("scaled", "Mul", List.of(sum, c), attrs());
        model.outputOfAnyRank(scaled, ElementType.FLOAT32);
        model.outputOfAnyRank(sum, ElementType.FLOAT32);
        model.outputOfAnyRank(model.node("same", "Identity", List.of(sum), attrs()), ElementType.FLOAT32);
        model.outputOfAnyRank(model.node("scalar", "Tanh", List.of(c), attrs()), ElementType.FLOAT32);
        model.node("read by nobody", "Sigmoid", List.of(a), attrs());
        check(model, CompileOptions.defaults(), data("a", 2, 3), data("b", 3), data("c"));
    }

    @Test
    void an_input_that_nothing_reads() throws IOException, OrtException {
        OnnxWriter model = new OnnxWriter("g");
        String x = model.input("x", ElementType.FLOAT32, 2, 3);
        model.input("unread", ElementType.FLOAT32, 4);
        model.outputOfAnyRank(model.node("y", "Relu", List.of(x), attrs()), ElementType.FLOAT32);
        check(model, CompileOptions.defaults(), data("x", 2, 3), data("unread", 4));
    }

    @Test
    void optional_inputs_and_outputs_left_out() throws IOException, OrtException {
        OnnxWriter model = new OnnxWriter("g").opset(13);
        String x = model.input("x", ElementType.FLOAT32, 1, 2, 4, 4);
        String w = model.initializer("w", weights(3, 2, 1, 1));
        model.node(new Node("", "Conv", "c", List.of(x, w, ""), List.of("conv"), attrs()));
        model.node(new Node("", "Dropout", "d", List.of("conv", "", ""), List.of("kept", ""), attrs()));
        model.node(new Node("", "MaxPool", "p", List.of("kept"), List.of("y", ""), attrs().ints("kernel_shape", 2, 2)));
        model.outputOfAnyRank("y", ElementType.FLOAT32);
        check(model, CompileOptions.defaults(), data("x", 1, 2, 4, 4));
    }

    @ParameterizedTest(name = "batch {0}")
    @ValueSource(ints = {1, 2, 5})
    void open_dimensions_take_the_sizes_they_are_given(int batch) throws IOException, OrtException {
        OnnxWriter model = new OnnxWriter("g");
        String x = model.input("x", ElementType.FLOAT32, "N", "3", "height", "");
        model.initializer("w", weights(4, 3, 3, 3));
        String y = model.node("c", "Conv", List.of(x, "w"), attrs().ints("pads", 1, 1, 1, 1));
        String dims = model.node("dims", "Shape", List.of(y), attrs());
        String first = model.node(
                "first", "Gather", List.of(dims, model.initializer("0", Tensor.of(Shape.of(1), 0L))), attrs());
        String target = model.node(
                "target",
                "Concat",
                List.of(first, model.initializer("-1", Tensor.of(Shape.of(1), -1L))),
                attrs().i("axis", 0));
        model.output(model.node("y", "Reshape", List.of(y, target), attrs()), ElementType.FLOAT32, "N", "features");
        CompileOptions options = CompileOptions.defaults().withDims(Map.of("N", batch, "height", 5, "x[3]", 7));
        check(model, options, data("x", batch, 3, 5, 7));
    }

    @Test
    void every_fusion_switched_off() throws IOException, OrtException {
        PeerModel model = PeerModel.of(RandomNetworkCases.all(), 13);
        Path file = folder.resolve("model.onnx");
        model.write(file);
        CompileOptions options = CompileOptions.defaults().withoutFusions(new TreeSet<>(SardonyxCompiler.fusions()));
        try (LoadedJar jar = LoadedJar.compile(file, options, folder.resolve("model.jar"))) {
            Agreement.check(jar.run(model.inputs()), OnnxRuntime.run(file, model.inputs()), 1e-5);
        }
    }

    @Test
    void a_long_chain() throws IOException, OrtException {
        OnnxWriter model = new OnnxWriter("g");
        String value = model.input("x", ElementType.FLOAT32, 1, 4, 3, 3);
        model.initializer("w", Tensor.of(Shape.of(4, 4, 1, 1), scaledIdentity()));
        for (int i : IntStream.range(0, 200).toArray()) {
            value = i % 2 == 0
                    ? model.node("v" + i, "Conv", List.of(value, "w"), attrs())
                    : model.node("v" + i, "Tanh", List.of(value), attrs());
        }
        model.outputOfAnyRank(value, ElementType.FLOAT32);
        check(model, CompileOptions.defaults(), data("x", 1, 4, 3, 3));
    }

    private static float[] scaledIdentity() {
        float[] values = new float[16];
        for (int i = 0; i < 4; i++) {
            values[5 * i] = 1.1f;
        }
        return values;
    }
}
