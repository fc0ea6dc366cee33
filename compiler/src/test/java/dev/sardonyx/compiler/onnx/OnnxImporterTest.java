package dev.sardonyx.compiler.onnx;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.Version;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.compiler.graph.Verifier;
import dev.sardonyx.runtime.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxImporterTest {

    @TempDir
    private Path folder;

    private static Tensor zeros(int... dims) {
        Shape shape = Shape.of(dims);
        return Tensor.of(shape, new float[shape.elements()]);
    }

    /** A model with the input x [2, 3]. */
    private static OnnxWriter modelOfX() {
        var model = new OnnxWriter("g");
        model.input("x", ElementType.FLOAT32, 2, 3);
        return model;
    }

    /** x [2, 3] → Relu → y. */
    private static OnnxWriter relu() {
        var model = modelOfX();
        model.node("y", "Relu", List.of("x"), attrs());
        return model.output("y", ElementType.FLOAT32, 2, 3);
    }

    @Test
    void keepsNamesTypesOrderAndMetadata() throws IOException {
        var model = new OnnxWriter("g").producer("pen", "2").metadata("labels", "cat,dog");
        String x = model.input("x", ElementType.FLOAT32, "batch", "2", "5", "5");
        String w = model.initializer("w", zeros(4, 2, 3, 3));
        String c = model.node("c", "Conv", List.of(x, w), attrs().ints("strides", 2, 2));
        model.output(model.node("y", "Relu", List.of(c), attrs()), ElementType.FLOAT32, "batch", "4", "2", "2");
        Path file = folder.resolve("model.onnx");
        Files.write(file, model.toByteArray());

        ImportedModel imported = OnnxImporter.read(file, ImportOptions.withDims(Map.of("batch", 3)));

        Verifier.verify(imported.graph());
        assertThat(imported.graph().inputs()).containsExactly(new Value("x", TensorType.float32(3, 2, 5, 5)));
        assertThat(imported.graph().nodes())
                .extracting(Node::output)
                .containsExactly(
                        new Value("c", TensorType.float32(3, 4, 2, 2)), new Value("y", TensorType.float32(3, 4, 2, 2)));
        assertThat(imported.graph().constants()).containsOnlyKeys("w");
        assertThat(imported.graph().outputs())
                .containsExactly(new Graph.Output("y", new Value("y", TensorType.float32(3, 4, 2, 2))));
        assertThat(imported.sha256()).matches("[0-9a-f]{64}");
        assertThat(imported.metadata())
                .isEqualTo(new ImportedModel.Metadata(
                        "pen 2", 17, 8, Map.of("Conv", 1, "Relu", 1), Map.of("labels", "cat,dog")));
        assertThat(imported.metadata().nodes()).isEqualTo(2);
    }

    @Test
    void sha256IsTheFiles() throws IOException {
        Path file = folder.resolve("model.onnx");
        relu().write(file);
        String once = OnnxImporter.read(file, ImportOptions.defaults()).sha256();
        relu().producer("other", "").write(file);
        assertThat(OnnxImporter.read(file, ImportOptions.defaults()).sha256()).isNotEqualTo(once);
    }

    @Test
    void namesAreData() {
        String hostile = "\u001b[31m\"; System.exit(1); //\n../../\u202eevil";
        var model = new OnnxWriter("g");
        model.input(hostile, ElementType.FLOAT32, 2);
        model.node(hostile + "y", "Relu", List.of(hostile), attrs());
        model.output(hostile + "y", ElementType.FLOAT32, 2);
        Graph graph = Models.read(model, folder);
        assertThat(graph.inputs().getFirst().name()).isEqualTo(hostile);
        assertThat(graph.outputs().getFirst().name()).isEqualTo(hostile + "y");
    }

    @Test
    void messagesEscapeNames() {
        var model = modelOfX();
        model.node(new OnnxWriter.Node("", "Re\nlu", "a\u001b[2Jb", List.of("x"), List.of("y"), attrs()));
        model.outputOfAnyRank("y", ElementType.FLOAT32);
        assertThat(Models.refusal(model, folder))
                .contains("node 'a\\u001b[2Jb' (Re\\nlu, opset 17): the operator is not supported");
    }

    @Test
    void messagesShortenNames() {
        var model = modelOfX();
        model.node("y".repeat(100_000), "Relu", List.of("x", "x"), attrs());
        model.outputOfAnyRank("y".repeat(100_000), ElementType.FLOAT32);
        assertThat(Models.refusal(model, folder)).hasSizeLessThan(1000).contains("yyyy…");
    }

    @Test
    void nodesWithoutNameAreNumbered() {
        var model = modelOfX();
        model.node(new OnnxWriter.Node("", "Relu", "", List.of("x"), List.of("a"), attrs()));
        model.node(new OnnxWriter.Node("", "Relu", "", List.of("a"), List.of("y"), attrs()));
        model.outputOfAnyRank("y", ElementType.FLOAT32);
        assertThat(Models.read(model, folder).nodes())
                .extracting(Node::origins)
                .containsExactly(List.of("Relu#0"), List.of("Relu#1"));
    }

    @Test
    void generatedNamesAvoidTheFiles() {
        var model = modelOfX();
        model.initializer("y/0", zeros(3));
        model.initializer("y/1", zeros(3));
        model.node("y", "Sum", List.of("x", "y/0", "y/1"), attrs());
        model.outputOfAnyRank("y", ElementType.FLOAT32);
        assertThat(Models.read(model, folder).nodes())
                .extracting(node -> node.output().name())
                .containsExactly("y/2", "y");
    }

    @Test
    void sortsNodes() {
        var model = modelOfX();
        model.node("y", "Relu", List.of("b"), attrs());
        model.node("b", "Tanh", List.of("a"), attrs());
        model.node("a", "Sigmoid", List.of("x"), attrs());
        model.outputOfAnyRank("y", ElementType.FLOAT32);
        assertThat(Models.read(model, folder).nodes())
                .extracting(node -> node.op().name())
                .containsExactly("Sigmoid", "Tanh", "Relu");
    }

    @Test
    void keepsTheOrderOfASortedFile() {
        var model = modelOfX();
        model.node("b", "Tanh", List.of("x"), attrs());
        model.node("a", "Sigmoid", List.of("x"), attrs());
        model.node("y", "Add", List.of("a", "b"), attrs());
        model.outputOfAnyRank("y", ElementType.FLOAT32);
        assertThat(Models.read(model, folder).nodes())
                .extracting(node -> node.op().name())
                .containsExactly("Tanh", "Sigmoid", "Add");
    }

    @Test
    void dropsWhatNoOutputNeeds() {
        var model = relu();
        model.initializer("unused", zeros(7));
        model.node("dead", "NoSuchOperator", List.of("nowhere"), attrs());
        Graph graph = Models.read(model, folder);
        assertThat(graph.nodes()).hasSize(1);
        assertThat(graph.constants()).isEmpty();
    }

    @Test
    void dropsNodesThatOnlyDecideShapes() {
        var model = modelOfX();
        model.node("t", "Tanh", List.of("x"), attrs());
        model.node("s", "Shape", List.of("t"), attrs());
        model.node("y", "Reshape", List.of("x", "s"), attrs());
        model.outputOfAnyRank("y", ElementType.FLOAT32);
        Graph graph = Models.read(model, folder);
        assertThat(graph.nodes()).isEmpty();
        assertThat(graph.outputs().getFirst().value().name()).isEqualTo("x");
    }

    @Test
    void keepsInputsThatNothingReads() {
        var model = relu();
        model.input("unread", ElementType.FLOAT32, 1);
        model.input("unread ids", ElementType.INT64, 1);
        assertThat(Models.read(model, folder).inputs()).extracting(Value::name).containsExactly("x", "unread");
    }

    @Test
    void integerInputsMayDecideShapes() {
        var model = modelOfX();
        model.input("like", ElementType.INT64, 3, 2);
        model.node("s", "Shape", List.of("like"), attrs());
        model.node("y", "Reshape", List.of("x", "s"), attrs());
        model.outputOfAnyRank("y", ElementType.FLOAT32);
        Graph graph = Models.read(model, folder);
        assertThat(graph.inputs()).extracting(Value::name).containsExactly("x");
        assertThat(graph.outputs().getFirst().value().shape()).isEqualTo(Shape.of(3, 2));
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 4, 10, 13})
    void initializersThatAreInputsAreConstants(long irVersion) {
        var model = modelOfX().irVersion(irVersion);
        model.input("w", ElementType.FLOAT32, 3);
        model.initializer("w", zeros(3));
        model.node("y", "Add", List.of("x", "w"), attrs());
        model.outputOfAnyRank("y", ElementType.FLOAT32);
        Graph graph = Models.read(model, folder);
        assertThat(graph.inputs()).extracting(Value::name).containsExactly("x");
        assertThat(graph.constants()).containsOnlyKeys("w");
    }

    @Test
    void outputsMayBeAliasesInputsAndConstants() {
        var model = relu();
        model.node("same", "Identity", List.of("y"), attrs());
        model.initializer("c", Tensor.of(Shape.of(1), 5f));
        Stream.of("same", "x", "c").forEach(name -> model.outputOfAnyRank(name, ElementType.FLOAT32));
        assertThat(Models.read(model, folder).outputs())
                .extracting(output -> output.name() + "=" + output.value().name())
                .containsExactly("y=y", "same=y", "x=x", "c=c");
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 13, 26})
    void acceptsBothSpellingsOfTheDefaultDomain(int opset) {
        var model = modelOfX().opset(opset).opset("com.unused", 1);
        model.node(new OnnxWriter.Node("ai.onnx", "Relu", "r", List.of("x"), List.of("y"), attrs()));
        model.outputOfAnyRank("y", ElementType.FLOAT32);
        assertThat(Models.read(model, folder).nodes()).hasSize(1);
    }

    @Test
    void readsNewerFilesThanTheProtobufClasses() {
        assertThat(Version.IR_VERSION_VALUE).isEqualTo(10);
        var model = modelOfX().opset(26).irVersion(13);
        model.outputOfAnyRank(model.node("y", "Relu", List.of("x"), attrs()), ElementType.FLOAT32);
        assertThat(Models.read(model, folder).nodes()).hasSize(1);
    }

    @Test
    @Timeout(20)
    void importsLongChains() {
        var model = modelOfX();
        String value = "x";
        for (int i = 0; i < 20_000; i++) {
            value = model.node("r" + i, "Relu", List.of(value), attrs());
        }
        model.outputOfAnyRank(value, ElementType.FLOAT32);
        assertThat(Models.read(model, folder).nodes()).hasSize(20_000);
    }

    @Test
    @Timeout(20)
    void importsWideNodes() {
        var model = modelOfX();
        model.node("y", "Sum", Collections.nCopies(20_000, "x"), attrs());
        model.outputOfAnyRank("y", ElementType.FLOAT32);
        assertThat(Models.read(model, folder).nodes()).hasSize(19_999);
    }

    @Test
    @Timeout(20)
    void importsLongChainsInReverseOrder() {
        var model = modelOfX();
        for (int i = 20_000; i > 0; i--) {
            model.node("r" + i, "Relu", List.of(i == 1 ? "x" : "r" + (i - 1)), attrs());
        }
        model.outputOfAnyRank("r20000", ElementType.FLOAT32);
        assertThat(Models.read(model, folder).nodes()).hasSize(20_000);
    }
}
