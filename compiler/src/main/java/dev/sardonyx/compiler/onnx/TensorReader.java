package dev.sardonyx.compiler.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.runtime.ElementType;
import dev.sardonyx.runtime.cli.DataTypes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Set;

/**
 * Decodes TensorProto, wherever it keeps its data: raw bytes, a typed field, or a file beside the model. Broken rules are {@link
 * IllegalArgumentException}s whose message is the rule.
 */
final class TensorReader {

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The bits of each element; those of small integers may be sign-extended. */
    @FunctionalInterface
    private interface Bits {
        long at(int index);
    }

    private final ExternalData external;
    private final MemoryBudget budget;

    TensorReader(Path modelFile, MemoryBudget budget) {
        this.external = new ExternalData(modelFile);
        this.budget = budget;
    }

    /** Files beside the model that tensors were read from. */
    Set<Path> externalFiles() {
        return external.files();
    }

    /** Memory that our form of a tensor takes, in bytes. */
    static long heapBytes(TensorType type) {
        return (long) type.shape().elements() * (type.element().isFloatingPoint() ? Float.BYTES : Long.BYTES);
    }

    Tensor read(TensorProto proto) {
        DataType dataType = dataType(proto);
        TensorType type =
                new TensorType(elementType(dataType), Ints.shape(AttributeReader.toArray(proto.getDimsList())));
        if (proto.hasSegment()) {
            throw new IllegalArgumentException("its data comes in segments, which is not supported");
        }
        budget.reserve(heapBytes(type));
        long bytes = (long) type.shape().elements() * width(dataType);
        if (proto.getDataLocation() == DataLocation.EXTERNAL) {
            try (Arena arena = Arena.ofConfined()) {
                return fromBytes(type, dataType, external.map(proto.getExternalDataList(), bytes, arena));
            }
        }
        if (proto.hasRawData()) {
            requireSize(proto.getRawData().size(), bytes, "bytes of raw data");
            MemorySegment raw = MemorySegment.ofBuffer(proto.getRawData().asReadOnlyByteBuffer());
            return fromBytes(type, dataType, raw);
        }
        return decode(type, dataType, typedBits(proto, dataType, type.shape().elements()));
    }

    private static DataType dataType(TensorProto proto) {
        DataType type = DataType.forNumber(proto.getDataType());
        if (type == null) {
            throw unsupported(proto.getDataType());
        }
        return type;
    }

    private static ElementType elementType(DataType type) {
        // float32 holds every bfloat16.
        return type == DataType.BFLOAT16
                ? ElementType.FLOAT32
                : ElementTypes.of(type.getNumber()).orElseThrow(() -> unsupported(type.getNumber()));
    }

    private static IllegalArgumentException unsupported(int dataType) {
        return new IllegalArgumentException("element type " + DataTypes.name(dataType) + " is not supported");
    }

    private static Tensor fromBytes(TensorType type, DataType dataType, MemorySegment bytes) {
        int count = type.shape().elements();
        return switch (dataType) {
            case FLOAT -> {
                float[] values = new float[count];
                MemorySegment.copy(bytes, FLOAT, 0, values, 0, count);
                yield new Tensor.Floats(type, values);
            }
            case INT64 -> {
                long[] values = new long[count];
                MemorySegment.copy(bytes, LONG, 0, values, 0, count);
                yield new Tensor.Integers(type, values);
            }
            default ->
                decode(
                        type,
                        dataType,
                        switch (width(dataType)) {
                            case Byte.BYTES -> i -> bytes.get(ValueLayout.JAVA_BYTE, i);
                            case Short.BYTES -> i -> bytes.get(SHORT, (long) i * Short.BYTES);
                            case Integer.BYTES -> i -> bytes.get(INT, (long) i * Integer.BYTES);
                            default -> i -> bytes.get(LONG, (long) i * Long.BYTES);
                        });
        };
    }

    /** The typed field that ONNX assigns to the data type. */
    private static Bits typedBits(TensorProto proto, DataType dataType, int count) {
        return switch (dataType) {
            case FLOAT -> {
                requireSize(proto.getFloatDataCount(), count, "values in float_data");
                yield i -> Float.floatToRawIntBits(proto.getFloatData(i));
            }
            case DOUBLE -> {
                requireSize(proto.getDoubleDataCount(), count, "values in double_data");
                yield i -> Double.doubleToRawLongBits(proto.getDoubleData(i));
            }
            case INT64 -> {
                requireSize(proto.getInt64DataCount(), count, "values in int64_data");
                yield proto::getInt64Data;
            }
            default -> {
                requireSize(proto.getInt32DataCount(), count, "values in int32_data");
                yield proto::getInt32Data;
            }
        };
    }

    private static Tensor decode(TensorType type, DataType dataType, Bits bits) {
        int count = type.shape().elements();
        if (type.element().isFloatingPoint()) {
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = toFloat(dataType, bits.at(i));
            }
            return new Tensor.Floats(type, values);
        }
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = toLong(dataType, bits.at(i));
        }
        return new Tensor.Integers(type, values);
    }

    private static float toFloat(DataType type, long bits) {
        return switch (type) {
            case FLOAT -> Float.intBitsToFloat((int) bits);
            case DOUBLE -> (float) Double.longBitsToDouble(bits);
            case FLOAT16 -> Float.float16ToFloat((short) bits);
            case BFLOAT16 -> Float.intBitsToFloat((int) bits << 16);
            default -> throw new IllegalStateException(type + " is no floating-point type");
        };
    }

    private static long toLong(DataType type, long bits) {
        return switch (type) {
            case INT64 -> bits;
            case INT32 -> (int) bits;
            case INT16 -> (short) bits;
            case INT8 -> (byte) bits;
            case UINT8 -> bits & 0xff;
            case BOOL -> bits == 0 ? 0 : 1;
            default -> throw new IllegalStateException(type + " is no integer type");
        };
    }

    /** Size of an element in the file, in bytes. */
    private static int width(DataType type) {
        return switch (type) {
            case DOUBLE, INT64 -> Long.BYTES;
            case FLOAT, INT32 -> Integer.BYTES;
            case FLOAT16, BFLOAT16, INT16 -> Short.BYTES;
            default -> Byte.BYTES;
        };
    }

    private static void requireSize(long actual, long expected, String what) {
        if (actual != expected) {
            throw new IllegalArgumentException(
                    "has %d %s, but its shape and type need %d".formatted(actual, what, expected));
        }
    }
}
