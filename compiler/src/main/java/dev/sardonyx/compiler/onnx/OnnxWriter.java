package dev.sardonyx.compiler.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.sardonyx.compiler.InvalidModelException;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.runtime.ElementType;
import dev.sardonyx.runtime.cli.WholeFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Builds an ONNX model and writes it. The methods that add something with one name return that name, so that a model reads
 * like the computation it describes:
 *
 * {@snippet :
 * var model = new OnnxWriter("tiny");
 * String x = model.input("x", ElementType.FLOAT32, "batch", "3", "32", "32");
 * String w = model.initializer("w", Tensor.of(Shape.of(8, 3, 3, 3), weights));
 * String y = model.node("Conv", List.of(x, w), attrs().ints("strides", 2, 2));
 * model.output(model.node("Relu", List.of(y)), ElementType.FLOAT32, "batch", "8", "15", "15");
 * model.write(Path.of("tiny.onnx"));
 * }
 *
 * <p>Nothing but the size is checked: a model that breaks ONNX's rules can be written too. Equal calls give equal bytes. Tensors
 * are read when the model is written, straight from their arrays: writing takes no second copy of the weights. Not safe for use
 * by several threads.
 */
public final class OnnxWriter {

    /** The operator set unless {@link #opset(long)} names another. */
    public static final long DEFAULT_OPSET = 17;

    /** The version of the file format unless {@link #irVersion} names another: the one that came with opset 17. */
    public static final long DEFAULT_IR_VERSION = 8;

    /** Where a tensor's values stand in the file. */
    public enum Storage {
        /** As little-endian bytes, in {@code raw_data}: what exporters write. */
        RAW_DATA,
        /** In {@code float_data}, {@code int32_data}, {@code int64_data} or {@code double_data}. */
        TYPED_FIELD
    }

    private final ModelProto.Builder model = ModelProto.newBuilder();
    private final GraphProto.Builder graph = GraphProto.newBuilder();
    private final Map<String, Long> opsets = new LinkedHashMap<>(Map.of("", DEFAULT_OPSET));
    private final List<Initializer> initializers = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    /** An empty model whose graph has this name. */
    public OnnxWriter(String graphName) {
        graph.setName(graphName);
        model.setIrVersion(DEFAULT_IR_VERSION);
    }

    /** No attributes: the start of a chain of {@link Attributes}. */
    public static Attributes attrs() {
        return Attributes.NONE;
    }

    public OnnxWriter irVersion(long version) {
        model.setIrVersion(version);
        return this;
    }

    /** Sets the version of the default operator set. */
    public OnnxWriter opset(long version) {
        return opset("", version);
    }

    public OnnxWriter opset(String domain, long version) {
        opsets.put(domain, version);
        return this;
    }

    public OnnxWriter producer(String name, String version) {
        model.setProducerName(name).setProducerVersion(version);
        return this;
    }

    public OnnxWriter metadata(String key, String value) {
        model.addMetadataProps(StringStringEntryProto.newBuilder().setKey(key).setValue(value));
        return this;
    }

    /** Declares an input of known shape; returns its name. */
    public String input(String name, ElementType type, long... dims) {
        return input(name, type, decimals(dims));
    }

    /**
     * Declares an input; returns its name.
     *
     * @param dims per dimension a decimal number, a symbolic name such as {@code batch}, or nothing where it is left open
     */
    public String input(String name, ElementType type, String... dims) {
        graph.addInput(valueInfo(name, tensorType(type).setShape(shape(dims))));
        return known(name);
    }

    /** Declares an input of which not even the rank is known; returns its name. */
    public String inputOfAnyRank(String name, ElementType type) {
        graph.addInput(valueInfo(name, tensorType(type)));
        return known(name);
    }

    /** Declares an output of known shape. */
    public OnnxWriter output(String name, ElementType type, long... dims) {
        return output(name, type, decimals(dims));
    }

    /** Declares an output, its dimensions as in {@link #input(String, ElementType, String...)}. */
    public OnnxWriter output(String name, ElementType type, String... dims) {
        graph.addOutput(valueInfo(name, tensorType(type).setShape(shape(dims))));
        return this;
    }

    /** Declares an output of which not even the rank is known. */
    public OnnxWriter outputOfAnyRank(String name, ElementType type) {
        graph.addOutput(valueInfo(name, tensorType(type)));
        return this;
    }

    /** Declares the type of a value inside the graph ({@code value_info}). */
    public OnnxWriter value(String name, ElementType type, String... dims) {
        graph.addValueInfo(valueInfo(name, tensorType(type).setShape(shape(dims))));
        return this;
    }

    /** Adds an initializer in {@code raw_data}; returns its name. */
    public String initializer(String name, Tensor tensor) {
        return initializer(name, tensor, Storage.RAW_DATA);
    }

    /** Adds an initializer; returns its name. */
    public String initializer(String name, Tensor tensor, Storage storage) {
        initializers.add(new Initializer(name, tensor, storage));
        return known(name);
    }

    /** Adds a node without attributes and with one output, which gets a name of its own; returns that. */
    public String node(String op, List<String> inputs) {
        return node(op, inputs, Attributes.NONE);
    }

    /** Adds a node with one output, which gets a name of its own; returns that. */
    public String node(String op, List<String> inputs, Attributes attributes) {
        String output = op;
        for (int i = 1; names.contains(output); i++) {
            output = op + "_" + i;
        }
        return node(output, op, inputs, attributes);
    }

    /** Adds a node with one output, both of this name; returns the name. */
    public String node(String name, String op, List<String> inputs, Attributes attributes) {
        node(new Node("", op, name, inputs, List.of(name), attributes));
        return name;
    }

    /** Adds a node. */
    public OnnxWriter node(Node node) {
        node.outputs().forEach(this::known);
        graph.addNode(NodeProto.newBuilder()
                .setDomain(node.domain())
                .setOpType(node.op())
                .setName(node.name())
                .addAllInput(node.inputs())
                .addAllOutput(node.outputs())
                .addAllAttribute(node.attributes().protos()));
        return this;
    }

    /** The file's content. */
    public byte[] toByteArray() {
        Encoding encoding = encoding(Long.MAX_VALUE, "");
        encoding.checkSize("the model");
        var bytes = new ByteArrayOutputStream((int) encoding.size());
        try {
            encoding.writeTo(bytes);
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Writes the model. The file appears only once it is complete, and replaces an older one.
     *
     * @throws InvalidModelException if the file would be larger than 2 GB, which ONNX does not allow
     * @throws IOException if the file cannot be written
     */
    public void write(Path file) throws IOException {
        Encoding encoding = encoding(Long.MAX_VALUE, "");
        encoding.checkSize(file.toString());
        WholeFile.write(file, encoding::writeTo);
    }

    /**
     * Writes the model with the values of its larger initializers in a second file, beside the model's.
     *
     * @param location the second file, relative to the model's folder, with {@code /} between folders
     * @param minBytes only tensors of at least so many bytes stand in the second file, and none stored as
     *     {@link Storage#TYPED_FIELD}
     * @throws InvalidModelException if the model's file would still be larger than 2 GB
     * @throws IOException if one of the files cannot be written
     */
    public void write(Path file, String location, long minBytes) throws IOException {
        Encoding encoding = encoding(minBytes, location);
        encoding.checkSize(file.toString());
        WholeFile.write(file.resolveSibling(location), encoding::writeExternalTo);
        WholeFile.write(file, encoding::writeTo);
    }

    private String known(String name) {
        names.add(name);
        return name;
    }

    private static String[] decimals(long[] dims) {
        return LongStream.of(dims).mapToObj(Long::toString).toArray(String[]::new);
    }

    private static ValueInfoProto.Builder valueInfo(String name, TypeProto.Tensor.Builder type) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(type));
    }

    private static TypeProto.Tensor.Builder tensorType(ElementType type) {
        return TypeProto.Tensor.newBuilder().setElemType(ElementTypes.number(type));
    }

    private static TensorShapeProto.Builder shape(String[] dims) {
        var shape = TensorShapeProto.newBuilder();
        for (String dim : dims) {
            var builder = shape.addDimBuilder();
            if (dim.matches("-?[0-9]+")) {
                builder.setDimValue(Long.parseLong(dim));
            } else if (!dim.isEmpty()) {
                builder.setDimParam(dim);
            }
        }
        return shape;
    }

    private Encoding encoding(long minExternalBytes, String location) {
        return new Encoding(modelWithoutGraph(), graph.build(), initializers, minExternalBytes, location);
    }

    private ModelProto modelWithoutGraph() {
        ModelProto.Builder copy = model.clone();
        opsets.forEach((domain, version) -> copy.addOpsetImport(
                OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version)));
        return copy.build();
    }

    /** For a node that holds it as an attribute. */
    GraphProto wholeGraph() {
        GraphProto.Builder copy = graph.clone();
        for (Initializer initializer : initializers) {
            copy.addInitializer(initializer.toProto());
        }
        return copy.build();
    }

    /**
     * A node.
     *
     * @param domain the operator's domain, empty for ONNX's own
     * @param op the operator
     * @param name the node's name, may be empty
     * @param inputs names of values, empty where an optional input is left out
     * @param outputs names of values, empty where an optional output is left out
     * @param attributes the attributes
     */
    public record Node(
            String domain, String op, String name, List<String> inputs, List<String> outputs, Attributes attributes) {

        public Node {
            inputs = List.copyOf(inputs);
            outputs = List.copyOf(outputs);
        }
    }
}
