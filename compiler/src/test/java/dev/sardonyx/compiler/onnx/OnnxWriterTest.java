package dev.sardonyx.compiler.onnx;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import dev.sardonyx.compiler.InvalidModelException;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.compiler.onnx.OnnxWriter.Node;
import dev.sardonyx.compiler.onnx.OnnxWriter.Storage;
import dev.sardonyx.runtime.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxWriterTest {
    @TempDir
    private Path folder;

    private static ModelProto parse(OnnxWriter writer) throws IOException {
        return ModelProto.parseFrom(writer.toByteArray());
    }

    @Test
    void writesVersionsAndMetadata() throws IOException {
        var writer = new OnnxWriter("g")
                .irVersion(7)
                .opset(13)
                .opset("com.example", 2)
                .producer("p", "1")
                .metadata("k", "v");
        ModelProto model = parse(writer);
        assertThat(model.getIrVersion()).isEqualTo(7);
        assertThat(model.getOpsetImportList())
                .extracting(opset -> opset.getDomain() + ":" + opset.getVersion())
                .containsExactly(":13", "com.example:2");
        assertThat(model.getProducerName() + model.getProducerVersion()).isEqualTo("p1");
        assertThat(model.getMetadataProps(0).getKey()
                        + model.getMetadataProps(0).getValue())
                .isEqualTo("kv");
        assertThat(model.getGraph().getName()).isEqualTo("g");
    }

    @Test
    void defaultsToOpset17AndIrVersion8() throws IOException {
        ModelProto model = parse(new OnnxWriter("g"));
        assertThat(model.getIrVersion()).isEqualTo(8);
        assertThat(model.getOpsetImport(0).getVersion()).isEqualTo(17);
    }

    @Test
    void connectsNodesThroughTheNamesItReturns() throws IOException {
        var writer = new OnnxWriter("g");
        String x = writer.input("x", ElementType.FLOAT32, "batch", "", "8");
        String relu = writer.node("Relu", List.of(x));
        String again = writer.node("Relu", List.of(relu));
        String sum = writer.node("sum", "Add", List.of(relu, again), attrs());
        writer.output(sum, ElementType.FLOAT32, 1, 2, 8).outputOfAnyRank(relu, ElementType.BOOL);
        writer.value(again, ElementType.FLOAT16, "8");
        GraphProto graph = parse(writer).getGraph();
        assertThat(graph.getNodeList())
                .extracting(node -> node.getOpType() + node.getInputList() + node.getOutputList() + node.getName())
                .containsExactly("Relu[x][Relu]Relu", "Relu[Relu][Relu_1]Relu_1", "Add[Relu, Relu_1][sum]sum");
        TensorShapeProto shape = graph.getInput(0).getType().getTensorType().getShape();
        assertThat(shape.getDimList())
                .extracting(TensorShapeProto.Dimension::getValueCase)
                .extracting(Enum::name)
                .containsExactly("DIM_PARAM", "VALUE_NOT_SET", "DIM_VALUE");
        assertThat(shape.getDim(0).getDimParam()).isEqualTo("batch");
        assertThat(shape.getDim(2).getDimValue()).isEqualTo(8);
        assertThat(graph.getOutput(0).getType().getTensorType().getShape().getDimList())
                .extracting(TensorShapeProto.Dimension::getDimValue)
                .containsExactly(1L, 2L, 8L);
        assertThat(graph.getOutput(1).getType().getTensorType().hasShape()).isFalse();
        assertThat(graph.getOutput(1).getType().getTensorType().getElemType())
                .isEqualTo(TensorProto.DataType.BOOL_VALUE);
        assertThat(graph.getValueInfo(0).getType().getTensorType().getElemType())
                .isEqualTo(TensorProto.DataType.FLOAT16_VALUE);
    }

    @Test
    void writesNodesOfAnyDomainWithOptionalAndSeveralValues() throws IOException {
        var writer = new OnnxWriter("g");
        writer.node(new Node("com.example", "Split", "n", List.of("a", "", "b"), List.of("c", "d"), attrs()));
        var node = parse(writer).getGraph().getNode(0);
        assertThat(node.getDomain()).isEqualTo("com.example");
        assertThat(node.getInputList()).containsExactly("a", "", "b");
        assertThat(node.getOutputList()).containsExactly("c", "d");
    }

    static Stream<Arguments> attributes() {
        var tensor = Tensor.of(Shape.of(2), 1f, 2f);
        var body = new OnnxWriter("body");
        body.initializer("w", tensor);
        return Stream.of(
                Arguments.of(attrs().i("a", -1), AttributeType.INT, "-1"),
                Arguments.of(attrs().f("a", 0.5f), AttributeType.FLOAT, "0.5"),
                Arguments.of(attrs().s("a", "é"), AttributeType.STRING, "é"),
                Arguments.of(attrs().ints("a", 1, 1L << 40), AttributeType.INTS, "[1, 1099511627776]"),
                Arguments.of(attrs().ints("a"), AttributeType.INTS, "[]"),
                Arguments.of(attrs().floats("a", 1, -0f), AttributeType.FLOATS, "[1.0, -0.0]"),
                Arguments.of(attrs().strings("a", "b", "c"), AttributeType.STRINGS, "[b, c]"),
                Arguments.of(attrs().t("a", tensor), AttributeType.TENSOR, "[1.0, 2.0]"),
                Arguments.of(attrs().tensors("a", tensor, tensor), AttributeType.TENSORS, "[[1.0, 2.0], [1.0, 2.0]]"),
                Arguments.of(attrs().g("a", body), AttributeType.GRAPH, "body[w]"),
                Arguments.of(attrs().graphs("a", body, body), AttributeType.GRAPHS, "[body[w], body[w]]"));
    }

    @ParameterizedTest
    @MethodSource("attributes")
    void writesEachTypeOfAttribute(Attributes attributes, AttributeType type, String value) throws IOException {
        var writer = new OnnxWriter("g");
        writer.node("Op", List.of(), attributes);
        AttributeProto attribute = parse(writer).getGraph().getNode(0).getAttribute(0);
        assertThat(attribute.getName()).isEqualTo("a");
        assertThat(attribute.getType()).isEqualTo(type);
        assertThat(describe(attribute)).isEqualTo(value);
    }

    private static String describe(AttributeProto attribute) {
        Object value = switch (attribute.getType()) {
            case INT -> attribute.getI();
            case FLOAT -> attribute.getF();
            case STRING -> attribute.getS().toStringUtf8();
            case INTS -> attribute.getIntsList();
            case FLOATS -> attribute.getFloatsList();
            case STRINGS ->
                attribute.getStringsList().stream().map(s -> s.toStringUtf8()).toList();
            case TENSOR -> rawFloats(attribute.getT());
            case TENSORS ->
                attribute.getTensorsList().stream()
                        .map(OnnxWriterTest::rawFloats)
                        .toList();
            case GRAPH -> describe(attribute.getG());
            case GRAPHS ->
                attribute.getGraphsList().stream().map(OnnxWriterTest::describe).toList();
            default -> "unexpected";
        };
        return value.toString();
    }

    private static String describe(GraphProto graph) {
        return graph.getName()
                + graph.getInitializerList().stream().map(TensorProto::getName).toList();
    }

    private static List<Float> rawFloats(TensorProto tensor) {
        var buffer = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        return Stream.generate(buffer::getFloat)
                .limit(buffer.remaining() / Float.BYTES)
                .toList();
    }

    @Test
    void keepsTheOrderOfAttributesAndLeavesTheStartUnchanged() {
        Attributes start = attrs().i("group", 2);
        var first = new OnnxWriter("g");
        first.node("Conv", List.of(), start.ints("pads", 1).f("epsilon", 1));
        var second = new OnnxWriter("g");
        second.node("Conv", List.of(), start.ints("pads", 1).f("epsilon", 1));
        assertThat(first.toByteArray()).isEqualTo(second.toByteArray());
    }

    static Stream<Arguments> tensors() {
        return Stream.of(
                Arguments.of(ElementType.FLOAT32, "0000803f000020c0"),
                Arguments.of(ElementType.FLOAT64, "000000000000f03f00000000000004c0"),
                Arguments.of(ElementType.FLOAT16, "003c00c1"),
                Arguments.of(ElementType.INT64, "0100000000000000feffffffffffffff"),
                Arguments.of(ElementType.INT32, "01000000feffffff"),
                Arguments.of(ElementType.INT16, "0100feff"),
                Arguments.of(ElementType.INT8, "01fe"),
                Arguments.of(ElementType.UINT8, "01fe"),
                Arguments.of(ElementType.BOOL, "0101"));
    }

    private static Tensor tensor(ElementType element) {
        var type = new TensorType(element, Shape.of(1, 2));
        if (element.isFloatingPoint()) {
            return new Tensor.Floats(type, new float[] {1, -2.5f});
        }
        long second = element == ElementType.BOOL ? 1 : element == ElementType.UINT8 ? 254 : -2;
        return new Tensor.Integers(type, new long[] {1, second});
    }

    @ParameterizedTest
    @MethodSource("tensors")
    void writesRawDataLittleEndian(ElementType element, String hex) throws IOException {
        var writer = new OnnxWriter("g");
        writer.initializer("w", tensor(element));
        TensorProto tensor = parse(writer).getGraph().getInitializer(0);
        assertThat(tensor.getName()).isEqualTo("w");
        assertThat(tensor.getDimsList()).containsExactly(1L, 2L);
        assertThat(tensor.getRawData().toByteArray()).asHexString().isEqualToIgnoringCase(hex);
    }

    @ParameterizedTest
    @MethodSource("tensors")
    void writesTypedFieldsOfTheRightKind(ElementType element, String hex) throws IOException {
        var writer = new OnnxWriter("g");
        writer.initializer("w", tensor(element), Storage.TYPED_FIELD);
        TensorProto tensor = parse(writer).getGraph().getInitializer(0);
        assertThat(tensor.hasRawData()).isFalse();
        String values = tensor.getFloatDataList() + "" + tensor.getDoubleDataList() + tensor.getInt64DataList()
                + tensor.getInt32DataList();
        assertThat(values)
                .isEqualTo(
                        switch (element) {
                            case FLOAT32 -> "[1.0, -2.5][][][]";
                            case FLOAT64 -> "[][1.0, -2.5][][]";
                            case FLOAT16 -> "[][][][15360, 49408]";
                            case INT64 -> "[][][1, -2][]";
                            case INT32, INT16, INT8 -> "[][][][1, -2]";
                            case UINT8 -> "[][][][1, 254]";
                            case BOOL -> "[][][][1, 1]";
                        });
    }

    @Test
    void writesTensorsLargerThanOneChunk() throws IOException {
        var values = new float[50_001];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        var writer = new OnnxWriter("g");
        writer.initializer("w", Tensor.of(Shape.of(values.length), values));
        writer.initializer("last", Tensor.of(Shape.of(), 3f));
        GraphProto graph = parse(writer).getGraph();
        assertThat(rawFloats(graph.getInitializer(0))).hasSize(values.length).endsWith(50_000f);
        assertThat(rawFloats(graph.getInitializer(1))).containsExactly(3f);
    }

    @Test
    void writesExternalDataAligned() throws IOException {
        var writer = new OnnxWriter("g");
        writer.initializer("small", Tensor.of(Shape.of(1), 1f));
        writer.initializer("first", Tensor.of(Shape.of(3), 1f, 2f, 3f));
        writer.initializer("typed", Tensor.of(Shape.of(3), 1f, 2f, 3f), Storage.TYPED_FIELD);
        writer.initializer("second", Tensor.of(Shape.of(2), 4f, 5f));
        Path file = folder.resolve("m.onnx");
        writer.write(file, "m.data", 8);

        ByteBuffer data =
                ByteBuffer.wrap(Files.readAllBytes(folder.resolve("m.data"))).order(ByteOrder.LITTLE_ENDIAN);
        List<TensorProto> tensors =
                ModelProto.parseFrom(Files.readAllBytes(file)).getGraph().getInitializerList();
        assertThat(tensors)
                .extracting(TensorProto::getDataLocation)
                .extracting(Enum::name)
                .containsExactly("DEFAULT", "EXTERNAL", "DEFAULT", "EXTERNAL");
        assertThat(tensors.get(3).getExternalDataList())
                .extracting(entry -> entry.getKey() + "=" + entry.getValue())
                .containsExactly("location=m.data", "offset=4096", "length=8");
        assertThat(tensors.get(3).hasRawData()).isFalse();
        assertThat(data.capacity()).isEqualTo(4104);
        assertThat(data.getFloat(8)).isEqualTo(3);
        assertThat(data.getFloat(4096)).isEqualTo(4);
    }

    @Test
    void writesTheSameBytesToAFile() throws IOException {
        var writer = new OnnxWriter("g");
        writer.initializer("w", Tensor.of(Shape.of(3), 1f, 2f, 3f));
        Path file = Files.writeString(folder.resolve("m.onnx"), "old");
        writer.write(file);
        assertThat(file).hasBinaryContent(writer.toByteArray());
        assertThat(folder).isDirectoryContaining("glob:**/m.onnx");
        assertThat(folder.toFile().list()).hasSize(1);
    }

    @Test
    void refusesMoreThanTwoGigabytesAndLeavesTheFolderAlone() {
        var writer = new OnnxWriter("g");
        var tensor = Tensor.of(Shape.of(1 << 22), new float[1 << 22]);
        for (int i = 0; i < 128; i++) {
            writer.initializer("w" + i, tensor);
        }
        assertThatThrownBy(() -> writer.write(folder.resolve("big.onnx")))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("big.onnx: the model would take 214748")
                .hasMessageContaining("2147483647");
        assertThat(folder).isEmptyDirectory();
    }
}
