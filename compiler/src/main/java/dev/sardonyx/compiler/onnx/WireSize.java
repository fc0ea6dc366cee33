package dev.sardonyx.compiler.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * How much heap the parsed form of a protobuf message takes, beyond its bytes, estimated from above and without parsing it: two
 * bytes in a file can become an object of some hundred, so a file's size alone says little.
 */
final class WireSize {

    /** A generated message with its lists, counted generously. */
    private static final long MESSAGE_BYTES = 256;

    /** A string, a byte string or a number, with its share in the list that holds it. */
    private static final long FIELD_BYTES = 64;

    /** A packed varint of one byte becomes a long, in a list that grows by doubling. */
    private static final long PACKED_FACTOR = 16;

    private static final int DEEPEST = 100;

    private WireSize() {}

    /** The estimate, in bytes; reads {@code input} to its end. */
    static long heapBytes(CodedInputStream input, Descriptor type) throws IOException {
        return message(input, type, 0);
    }

    private static long message(CodedInputStream input, Descriptor type, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new InvalidProtocolBufferException("messages are nested more than " + DEEPEST + " deep");
        }
        long total = MESSAGE_BYTES;
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                total += delimited(input, type.findFieldByNumber(WireFormat.getTagFieldNumber(tag)), depth);
            } else {
                total += FIELD_BYTES;
                input.skipField(tag);
            }
        }
        return total;
    }

    /** A length-delimited field; {@code null} is one that the classes do not know and keep as bytes. */
    private static long delimited(CodedInputStream input, @Nullable FieldDescriptor field, int depth)
            throws IOException {
        int length = input.readRawVarint32();
        if (field != null && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            int outer = input.pushLimit(length);
            long total = message(input, field.getMessageType(), depth + 1);
            input.popLimit(outer);
            return total;
        }
        input.skipRawBytes(length);
        return FIELD_BYTES + length * expansion(field);
    }

    private static long expansion(@Nullable FieldDescriptor field) {
        if (field == null) {
            return 1;
        }
        return switch (field.getType()) {
            // Aliased, not copied.
            case BYTES -> 0;
            case STRING, FLOAT, DOUBLE -> 1;
            default -> PACKED_FACTOR;
        };
    }
}
