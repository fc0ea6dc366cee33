package dev.sardonyx.compiler.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A node's attributes. Remembers which were asked for: what is left then is unknown to the operator at this opset, and could
 * change its meaning. Broken rules are {@link IllegalArgumentException}s whose message is the rule.
 */
final class AttributeReader {

    private final Map<String, AttributeProto> unread = new HashMap<>();

    AttributeReader(NodeProto node) {
        for (AttributeProto attribute : node.getAttributeList()) {
            if (unread.put(attribute.getName(), attribute) != null) {
                throw new IllegalArgumentException("attribute " + Place.quote(attribute.getName()) + " is given twice");
            }
        }
    }

    int integer(String name, int otherwise) {
        return optional(name, AttributeType.INT, AttributeProto::getI)
                .map(value -> Ints.of(value, name))
                .orElse(otherwise);
    }

    int integer(String name) {
        return required(
                name, optional(name, AttributeType.INT, AttributeProto::getI).map(value -> Ints.of(value, name)));
    }

    boolean flag(String name, boolean otherwise) {
        return integer(name, otherwise ? 1 : 0) != 0;
    }

    float real(String name, float otherwise) {
        return optional(name, AttributeType.FLOAT, AttributeProto::getF).orElse(otherwise);
    }

    String text(String name, String otherwise) {
        return optional(name, AttributeType.STRING, AttributeProto::getS)
                .map(ByteString::toStringUtf8)
                .orElse(otherwise);
    }

    Optional<long[]> integers(String name) {
        return optional(name, AttributeType.INTS, AttributeProto::getIntsList).map(AttributeReader::toArray);
    }

    long[] requiredIntegers(String name) {
        return required(name, integers(name));
    }

    Optional<Long> longInteger(String name) {
        return optional(name, AttributeType.INT, AttributeProto::getI);
    }

    Optional<List<Float>> reals(String name) {
        return optional(name, AttributeType.FLOATS, AttributeProto::getFloatsList);
    }

    Optional<Float> real(String name) {
        return optional(name, AttributeType.FLOAT, AttributeProto::getF);
    }

    Optional<TensorProto> tensor(String name) {
        return optional(name, AttributeType.TENSOR, AttributeProto::getT);
    }

    /** Reads an attribute that means nothing to inference. */
    void ignore(String name) {
        unread.remove(name);
    }

    /** Fails if there are attributes that nobody asked for. */
    void requireAllRead(int opset) {
        if (!unread.isEmpty()) {
            throw new UnsupportedNodeException("attribute %s is not one of the operator's at opset %d"
                    .formatted(
                            Place.quote(unread.keySet().stream()
                                    .sorted()
                                    .findFirst()
                                    .orElseThrow()),
                            opset));
        }
    }

    private <T> Optional<T> optional(String name, AttributeType type, Function<AttributeProto, T> value) {
        AttributeProto attribute = unread.remove(name);
        if (attribute == null) {
            return Optional.empty();
        }
        if (attribute.getType() != type) {
            throw new IllegalArgumentException(
                    "attribute '%s' must be of type %s, not %s".formatted(name, type, attribute.getType()));
        }
        return Optional.of(value.apply(attribute));
    }

    private static <T> T required(String name, Optional<T> value) {
        return value.orElseThrow(() -> new IllegalArgumentException("attribute '" + name + "' is missing"));
    }

    static long[] toArray(List<Long> values) {
        long[] array = new long[values.size()];
        Arrays.setAll(array, values::get);
        return array;
    }
}
