package dev.sardonyx.runtime.cli;

import dev.sardonyx.runtime.ElementType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a serialized ONNX {@code TensorProto} (onnx.proto), the {@code .pb} files of ONNX's own tests. */
public final class TensorProtoFile {

    // Field numbers of onnx.proto.
    private static final int DIMS = 1;
    private static final int DATA_TYPE = 2;
    private static final int SEGMENT = 3;
    private static final int FLOAT_DATA = 4;
    private static final int INT32_DATA = 5;
    private static final int INT64_DATA = 7;
    private static final int NAME = 8;
    private static final int RAW_DATA = 9;
    private static final int DOUBLE_DATA = 10;
    private static final int EXTERNAL_DATA = 13;
    private static final int DATA_LOCATION = 14;

    private static final int MOST_DIMENSIONS = 64;

    private final byte[] message;
    private final List<Integer> shape = new ArrayList<>();
    private final long[] counts = new long[DOUBLE_DATA + 1]; // elements found per typed field
    private ByteBuffer raw = ByteBuffer.allocate(0);
    private boolean hasRaw;
    private String name = "";
    private int dataType;

    private TensorProtoFile(byte[] message) {
        this.message = message;
    }

    /**
     * Reads a tensor of any {@link ElementType}, from {@code raw_data} or the typed fields.
     *
     * @throws UsageException if the file is unreadable, malformed, truncated, of another type, or refers to external data
     */
    public static TensorData read(Path file) {
        byte[] bytes = InputFiles.read(file);
        try {
            return parse(bytes);
        } catch (UsageException e) {
            throw new UsageException(file + ": " + e.getMessage(), e);
        }
    }

    static TensorData parse(byte[] message) {
        TensorProtoFile file = new TensorProtoFile(message);
        file.scan();
        return file.tensor();
    }

    /** Takes everything but the elements, which are only counted: nothing is allocated before all sizes are known to agree. */
    private void scan() {
        ProtoReader in = new ProtoReader(ByteBuffer.wrap(message));
        while (in.next()) {
            switch (in.field()) {
                case DIMS -> {
                    ProtoReader dims = in.elements(ProtoReader.VARINT);
                    while (dims.hasRemaining()) {
                        addDim(dims.readVarint());
                    }
                }
                case DATA_TYPE -> dataType = (int) in.varint();
                case SEGMENT -> throw new UsageException("is a segment of a tensor, which is not supported");
                case FLOAT_DATA, INT32_DATA, INT64_DATA, DOUBLE_DATA -> counts[in.field()] += count(in);
                case NAME -> name = StandardCharsets.UTF_8.decode(in.bytes()).toString();
                case RAW_DATA -> {
                    raw = in.bytes();
                    hasRaw = true;
                }
                case EXTERNAL_DATA -> throw external();
                case DATA_LOCATION -> {
                    if (in.varint() != 0) {
                        throw external();
                    }
                }
                default -> in.skip();
            }
        }
    }

    private static UsageException external() {
        return new UsageException("keeps its values in another file (external data), which is not supported here");
    }

    private void addDim(long dim) {
        if (dim < 0 || dim > Integer.MAX_VALUE) {
            throw new UsageException("dimension " + dim + " lies outside 0 to " + Integer.MAX_VALUE);
        }
        if (shape.size() == MOST_DIMENSIONS) {
            throw new UsageException("has more than " + MOST_DIMENSIONS + " dimensions");
        }
        shape.add((int) dim);
    }

    private static int count(ProtoReader in) {
        int field = in.field();
        ProtoReader elements = in.elements(wireType(field));
        int count = 0;
        while (elements.hasRemaining()) {
            switch (field) {
                case FLOAT_DATA -> elements.readFloat();
                case DOUBLE_DATA -> elements.readDouble();
                default -> elements.readVarint();
            }
            count++;
        }
        return count;
    }

    private static int wireType(int field) {
        return switch (field) {
            case FLOAT_DATA -> ProtoReader.FIXED32;
            case DOUBLE_DATA -> ProtoReader.FIXED64;
            default -> ProtoReader.VARINT;
        };
    }

    private TensorData tensor() {
        ElementType type = elementType();
        int count = TensorData.elements(shape);
        int field = typedField(type);
        long found = hasRaw ? raw.remaining() / type.bytes() : counts[field];
        if (count != found || (hasRaw && raw.remaining() % type.bytes() != 0)) {
            throw new UsageException("shape " + shape + " does not agree with its data, "
                    + (hasRaw ? raw.remaining() + " bytes" : found + " elements"));
        }
        return new TensorData(
                name, type, shape, hasRaw ? ElementCodec.decode(type, raw, count) : decode(field, type, count));
    }

    private float[] decode(int field, ElementType type, int count) {
        float[] values = new float[count];
        int i = 0;
        ProtoReader in = new ProtoReader(ByteBuffer.wrap(message));
        while (in.next()) {
            if (in.field() != field) {
                in.skip();
                continue;
            }
            ProtoReader elements = in.elements(wireType(field));
            while (elements.hasRemaining()) {
                values[i++] = switch (field) {
                    case FLOAT_DATA -> elements.readFloat();
                    case DOUBLE_DATA -> (float) elements.readDouble();
                    default -> fromVarint(type, elements.readVarint());
                };
            }
        }
        return values;
    }

    private static float fromVarint(ElementType type, long value) {
        return switch (type) {
            case FLOAT16 -> Float.float16ToFloat((short) value);
            case BOOL -> value != 0 ? 1 : 0;
            case UINT8 -> value & 0xff;
            case INT64 -> value;
            default -> (int) value;
        };
    }

    /** Where onnx.proto keeps elements of {@code type} that are not in {@code raw_data}. */
    private static int typedField(ElementType type) {
        return switch (type) {
            case FLOAT32 -> FLOAT_DATA;
            case FLOAT64 -> DOUBLE_DATA;
            case INT64 -> INT64_DATA;
            case FLOAT16, INT32, INT16, INT8, UINT8, BOOL -> INT32_DATA;
        };
    }

    /** {@code TensorProto.DataType}. */
    private ElementType elementType() {
        return switch (dataType) {
            case 1 -> ElementType.FLOAT32;
            case 2 -> ElementType.UINT8;
            case 3 -> ElementType.INT8;
            case 5 -> ElementType.INT16;
            case 6 -> ElementType.INT32;
            case 7 -> ElementType.INT64;
            case 9 -> ElementType.BOOL;
            case 10 -> ElementType.FLOAT16;
            case 11 -> ElementType.FLOAT64;
            default ->
                throw new UsageException("is no TensorProto of a supported type: data_type is "
                        + DataTypes.name(dataType) + "; float16/32/64, int8/16/32/64, uint8 and bool are");
        };
    }
}
