package dev.sardonyx.runtime.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads the protobuf wire format (protobuf.dev/programming-guides/encoding) field by field: {@link #next()} moves to a field, and
 * one of the value methods takes its value. Errors are {@link UsageException}s that do not name the file.
 */
final class ProtoReader {

    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int LENGTH_DELIMITED = 2;
    static final int FIXED32 = 5;

    private final ByteBuffer in;
    private int field;
    private int wireType;

    ProtoReader(ByteBuffer bytes) {
        in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Moves to the next field; false at the end. */
    boolean next() {
        if (!in.hasRemaining()) {
            return false;
        }
        long tag = readVarint();
        wireType = (int) (tag & 7);
        long number = tag >>> 3;
        if (number < 1 || number > 0x1fff_ffff) {
            throw malformed();
        }
        field = (int) number;
        return true;
    }

    int field() {
        return field;
    }

    /** The value of a varint field. */
    long varint() {
        require(VARINT);
        return readVarint();
    }

    /** The value of a length-delimited field, as a view. */
    ByteBuffer bytes() {
        require(LENGTH_DELIMITED);
        long length = readVarint();
        return take(length < 0 ? Integer.MAX_VALUE : (int) Math.min(length, Integer.MAX_VALUE));
    }

    /**
     * The elements of a repeated numeric field, whether packed or single, as a reader for {@link #readVarint()}, {@link
     * #readFloat()} or {@link #readDouble()}.
     *
     * @param elementType the wire type of one element
     */
    ProtoReader elements(int elementType) {
        if (wireType == LENGTH_DELIMITED) {
            return new ProtoReader(bytes());
        }
        require(elementType);
        int start = in.position();
        skip();
        return new ProtoReader(in.slice(start, in.position() - start));
    }

    void skip() {
        switch (wireType) {
            case VARINT -> readVarint();
            case LENGTH_DELIMITED -> bytes();
            case FIXED32 -> take(4);
            case FIXED64 -> take(8);
            default -> throw malformed(); // groups, which ONNX never used
        }
    }

    long readVarint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            need(1);
            byte b = in.get();
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw malformed();
    }

    float readFloat() {
        need(Float.BYTES);
        return in.getFloat();
    }

    double readDouble() {
        need(Double.BYTES);
        return in.getDouble();
    }

    boolean hasRemaining() {
        return in.hasRemaining();
    }

    private void need(int length) {
        if (length > in.remaining()) {
            throw new UsageException("is cut off, or no protobuf message: a field goes on after the file's end");
        }
    }

    private ByteBuffer take(int length) {
        need(length);
        ByteBuffer part = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        in.position(in.position() + length);
        return part;
    }

    private void require(int type) {
        if (wireType != type) {
            throw malformed();
        }
    }

    private UsageException malformed() {
        return new UsageException("is no well-formed protobuf message (at byte " + in.position() + ")");
    }
}
