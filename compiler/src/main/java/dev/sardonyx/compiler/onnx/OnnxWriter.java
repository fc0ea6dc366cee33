package dev.sardonyx.compiler.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.sardonyx.compiler.InvalidModelException;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.runtime.ElementType;
import dev.sardonyx.runtime.cli.WholeFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

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

    /** Protocol buffers end here: no message is larger. */
    private static final long MAX_BYTES = Integer.MAX_VALUE;

    /** The ONNX specification advises page-aligned offsets, so that readers can map the tensors. */
    private static final long EXTERNAL_ALIGNMENT = 4096;

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
                .addAllAttribute(node.attributes().protos));
        return this;
    }

    /** The file's content. */
    public byte[] toByteArray() {
        Encoding encoding = new Encoding(Long.MAX_VALUE, "");
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
        Encoding encoding = new Encoding(Long.MAX_VALUE, "");
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
        Encoding encoding = new Encoding(minBytes, location);
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
        return TypeProto.Tensor.newBuilder().setElemType(dataType(type));
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

    private static int dataType(ElementType type) {
        return switch (type) {
            case FLOAT32 -> TensorProto.DataType.FLOAT_VALUE;
            case FLOAT64 -> TensorProto.DataType.DOUBLE_VALUE;
            case FLOAT16 -> TensorProto.DataType.FLOAT16_VALUE;
            case INT64 -> TensorProto.DataType.INT64_VALUE;
            case INT32 -> TensorProto.DataType.INT32_VALUE;
            case INT16 -> TensorProto.DataType.INT16_VALUE;
            case INT8 -> TensorProto.DataType.INT8_VALUE;
            case UINT8 -> TensorProto.DataType.UINT8_VALUE;
            case BOOL -> TensorProto.DataType.BOOL_VALUE;
        };
    }

    private ModelProto modelWithoutGraph() {
        ModelProto.Builder copy = model.clone();
        opsets.forEach((domain, version) -> copy.addOpsetImport(
                OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version)));
        return copy.build();
    }

    private GraphProto wholeGraph() {
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

    /** A node's attributes, immutable. The methods are named after the fields of ONNX's AttributeProto. */
    public static final class Attributes {
        private static final Attributes NONE = new Attributes(List.of());

        private final List<AttributeProto> protos;

        private Attributes(List<AttributeProto> protos) {
            this.protos = protos;
        }

        /** These and an integer. */
        public Attributes i(String name, long value) {
            return with(name, AttributeType.INT, AttributeProto.newBuilder().setI(value));
        }

        /** These and a list of integers. */
        public Attributes ints(String name, long... values) {
            var attribute = AttributeProto.newBuilder();
            LongStream.of(values).forEach(attribute::addInts);
            return with(name, AttributeType.INTS, attribute);
        }

        /** These and a number. */
        public Attributes f(String name, float value) {
            return with(name, AttributeType.FLOAT, AttributeProto.newBuilder().setF(value));
        }

        /** These and a list of numbers. */
        public Attributes floats(String name, float... values) {
            var attribute = AttributeProto.newBuilder();
            for (float value : values) {
                attribute.addFloats(value);
            }
            return with(name, AttributeType.FLOATS, attribute);
        }

        /** These and a string. */
        public Attributes s(String name, String value) {
            return with(name, AttributeType.STRING, AttributeProto.newBuilder().setS(ByteString.copyFromUtf8(value)));
        }

        /** These and a list of strings. */
        public Attributes strings(String name, String... values) {
            var attribute = AttributeProto.newBuilder();
            Stream.of(values).map(ByteString::copyFromUtf8).forEach(attribute::addStrings);
            return with(name, AttributeType.STRINGS, attribute);
        }

        /** These and a tensor. */
        public Attributes t(String name, Tensor value) {
            return with(name, AttributeType.TENSOR, AttributeProto.newBuilder().setT(anonymous(value)));
        }

        /** These and a list of tensors. */
        public Attributes tensors(String name, Tensor... values) {
            var attribute = AttributeProto.newBuilder();
            Stream.of(values).map(Attributes::anonymous).forEach(attribute::addTensors);
            return with(name, AttributeType.TENSORS, attribute);
        }

        /** These and the graph of another model. */
        public Attributes g(String name, OnnxWriter value) {
            return with(name, AttributeType.GRAPH, AttributeProto.newBuilder().setG(value.wholeGraph()));
        }

        /** These and a list of graphs of other models. */
        public Attributes graphs(String name, OnnxWriter... values) {
            var attribute = AttributeProto.newBuilder();
            Stream.of(values).map(OnnxWriter::wholeGraph).forEach(attribute::addGraphs);
            return with(name, AttributeType.GRAPHS, attribute);
        }

        private static TensorProto anonymous(Tensor value) {
            return new Initializer("", value, Storage.RAW_DATA).toProto();
        }

        private Attributes with(String name, AttributeType type, AttributeProto.Builder attribute) {
            return new Attributes(Stream.concat(
                            protos.stream(),
                            Stream.of(attribute.setName(name).setType(type).build()))
                    .toList());
        }
    }

    /** A tensor of the file. Raw data is written apart from the message, so that it is never copied as a whole. */
    private record Initializer(String name, Tensor tensor, Storage storage) {

        TensorType type() {
            return tensor.type();
        }

        long bytes() {
            return (long) type().shape().elements() * type().element().bytes();
        }

        /** All but the raw data. */
        TensorProto.Builder header() {
            var header = TensorProto.newBuilder().setName(name).setDataType(dataType(type().element()));
            type().shape().dims().forEach(header::addDims);
            if (storage == Storage.TYPED_FIELD) {
                addTypedField(header);
            }
            return header;
        }

        TensorProto toProto() {
            if (storage == Storage.TYPED_FIELD) {
                return header().build();
            }
            ByteString.Output raw = ByteString.newOutput((int) bytes());
            try {
                writeRaw(raw);
            } catch (IOException e) {
                throw new AssertionError("memory does not fail", e);
            }
            return header().setRawData(raw.toByteString()).build();
        }

        private void addTypedField(TensorProto.Builder header) {
            switch (tensor) {
                case Tensor.Floats floats -> {
                    for (float value : floats.values()) {
                        switch (type().element()) {
                            case FLOAT64 -> header.addDoubleData(value);
                            case FLOAT16 -> header.addInt32Data(Short.toUnsignedInt(Float.floatToFloat16(value)));
                            default -> header.addFloatData(value);
                        }
                    }
                }
                case Tensor.Integers integers -> {
                    for (long value : integers.values()) {
                        if (type().element() == ElementType.INT64) {
                            header.addInt64Data(value);
                        } else {
                            header.addInt32Data((int) value);
                        }
                    }
                }
            }
        }

        void writeRaw(OutputStream out) throws IOException {
            ByteBuffer chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
            int perChunk = chunk.capacity() / type().element().bytes();
            for (int from = 0; from < type().shape().elements(); from += perChunk) {
                int to = Math.min(type().shape().elements() - from, perChunk) + from;
                switch (tensor) {
                    case Tensor.Floats floats -> put(floats.values(), from, to, chunk);
                    case Tensor.Integers integers -> put(integers.values(), from, to, chunk);
                }
                out.write(chunk.array(), 0, chunk.position());
                chunk.clear();
            }
        }

        private void put(float[] values, int from, int to, ByteBuffer chunk) {
            for (int i = from; i < to; i++) {
                switch (type().element()) {
                    case FLOAT64 -> chunk.putDouble(values[i]);
                    case FLOAT16 -> chunk.putShort(Float.floatToFloat16(values[i]));
                    default -> chunk.putFloat(values[i]);
                }
            }
        }

        private void put(long[] values, int from, int to, ByteBuffer chunk) {
            for (int i = from; i < to; i++) {
                switch (type().element()) {
                    case INT64 -> chunk.putLong(values[i]);
                    case INT32 -> chunk.putInt((int) values[i]);
                    case INT16 -> chunk.putShort((short) values[i]);
                    default -> chunk.put((byte) values[i]);
                }
            }
        }
    }

    /**
     * The model as it will stand in the file: the fields of ModelProto and GraphProto in any order are the same message, so the
     * initializers are written one by one behind the rest of the graph.
     */
    private final class Encoding {
        private final long minExternalBytes;
        private final ModelProto modelWithoutGraph = modelWithoutGraph();
        private final GraphProto graphWithoutInitializers = graph.build();
        private final List<TensorProto> headers = new ArrayList<>();
        private final long graphSize;

        Encoding(long minExternalBytes, String location) {
            this.minExternalBytes = minExternalBytes;
            long size = graphWithoutInitializers.getSerializedSize();
            long offset = 0;
            for (Initializer initializer : initializers) {
                TensorProto.Builder header = initializer.header();
                if (isExternal(initializer)) {
                    offset = aligned(offset);
                    header.setDataLocation(TensorProto.DataLocation.EXTERNAL)
                            .addExternalData(entry("location", location))
                            .addExternalData(entry("offset", Long.toString(offset)))
                            .addExternalData(entry("length", Long.toString(initializer.bytes())));
                    offset += initializer.bytes();
                }
                headers.add(header.build());
                size += fieldSize(GraphProto.INITIALIZER_FIELD_NUMBER, tensorSize(headers.size() - 1));
            }
            graphSize = size;
        }

        private static long aligned(long offset) {
            return (offset + EXTERNAL_ALIGNMENT - 1) / EXTERNAL_ALIGNMENT * EXTERNAL_ALIGNMENT;
        }

        private static StringStringEntryProto.Builder entry(String key, String value) {
            return StringStringEntryProto.newBuilder().setKey(key).setValue(value);
        }

        private boolean isExternal(Initializer initializer) {
            return initializer.storage() == Storage.RAW_DATA && initializer.bytes() >= minExternalBytes;
        }

        private boolean isRaw(Initializer initializer) {
            return initializer.storage() == Storage.RAW_DATA && !isExternal(initializer);
        }

        private long tensorSize(int index) {
            Initializer initializer = initializers.get(index);
            long header = headers.get(index).getSerializedSize();
            return isRaw(initializer)
                    ? header + fieldSize(TensorProto.RAW_DATA_FIELD_NUMBER, initializer.bytes())
                    : header;
        }

        /** Size of a length-delimited field with its tag and length. */
        private static long fieldSize(int field, long content) {
            return CodedOutputStream.computeTagSize(field)
                    + CodedOutputStream.computeUInt64SizeNoTag(content)
                    + content;
        }

        long size() {
            return modelWithoutGraph.getSerializedSize() + fieldSize(ModelProto.GRAPH_FIELD_NUMBER, graphSize);
        }

        void checkSize(String file) {
            if (size() > MAX_BYTES) {
                throw new InvalidModelException(file + ": the model would take " + size()
                        + " bytes, and no ONNX file may be larger than " + MAX_BYTES
                        + "; only external data holds so many weights");
            }
        }

        void writeTo(OutputStream stream) throws IOException {
            CodedOutputStream out = CodedOutputStream.newInstance(stream, 1 << 16);
            modelWithoutGraph.writeTo(out);
            writeFieldStart(out, ModelProto.GRAPH_FIELD_NUMBER, graphSize);
            graphWithoutInitializers.writeTo(out);
            for (int i = 0; i < headers.size(); i++) {
                Initializer initializer = initializers.get(i);
                writeFieldStart(out, GraphProto.INITIALIZER_FIELD_NUMBER, tensorSize(i));
                headers.get(i).writeTo(out);
                if (isRaw(initializer)) {
                    writeFieldStart(out, TensorProto.RAW_DATA_FIELD_NUMBER, initializer.bytes());
                    out.flush();
                    initializer.writeRaw(stream);
                }
            }
            out.flush();
        }

        private static void writeFieldStart(CodedOutputStream out, int field, long size) throws IOException {
            out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.writeUInt64NoTag(size);
        }

        void writeExternalTo(OutputStream stream) throws IOException {
            long position = 0;
            for (Initializer initializer : initializers) {
                if (isExternal(initializer)) {
                    stream.write(new byte[(int) (aligned(position) - position)]);
                    initializer.writeRaw(stream);
                    position = aligned(position) + initializer.bytes();
                }
            }
        }
    }
}
