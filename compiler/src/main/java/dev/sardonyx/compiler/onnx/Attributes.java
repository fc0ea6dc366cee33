package dev.sardonyx.compiler.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.sardonyx.compiler.graph.Tensor;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** A node's attributes, immutable. The methods are named after the fields of ONNX's AttributeProto. */
public final class Attributes {

    static final Attributes NONE = new Attributes(List.of());

    private final List<AttributeProto> protos;

    private Attributes(List<AttributeProto> protos) {
        this.protos = protos;
    }

    /** In the order in which they were given. */
    List<AttributeProto> protos() {
        return protos;
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
        return new Initializer("", value, OnnxWriter.Storage.RAW_DATA).toProto();
    }

    private Attributes with(String name, AttributeType type, AttributeProto.Builder attribute) {
        return new Attributes(Stream.concat(
                        protos.stream(),
                        Stream.of(attribute.setName(name).setType(type).build()))
                .toList());
    }
}
