package dev.sardonyx.compiler.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.sardonyx.runtime.ElementType;
import java.util.Locale;
import java.util.Optional;

/** ONNX's data types and ours. */
final class ElementTypes {

    private ElementTypes() {}

    /** Our type for an ONNX data type, if there is one. */
    static Optional<ElementType> of(int dataType) {
        DataType type = DataType.forNumber(dataType);
        return switch (type == null ? DataType.UNDEFINED : type) {
            case FLOAT -> Optional.of(ElementType.FLOAT32);
            case DOUBLE -> Optional.of(ElementType.FLOAT64);
            case FLOAT16 -> Optional.of(ElementType.FLOAT16);
            case INT64 -> Optional.of(ElementType.INT64);
            case INT32 -> Optional.of(ElementType.INT32);
            case INT16 -> Optional.of(ElementType.INT16);
            case INT8 -> Optional.of(ElementType.INT8);
            case UINT8 -> Optional.of(ElementType.UINT8);
            case BOOL -> Optional.of(ElementType.BOOL);
            default -> Optional.empty();
        };
    }

    /** ONNX's number for our type. */
    static int number(ElementType type) {
        return switch (type) {
            case FLOAT32 -> DataType.FLOAT_VALUE;
            case FLOAT64 -> DataType.DOUBLE_VALUE;
            case FLOAT16 -> DataType.FLOAT16_VALUE;
            case INT64 -> DataType.INT64_VALUE;
            case INT32 -> DataType.INT32_VALUE;
            case INT16 -> DataType.INT16_VALUE;
            case INT8 -> DataType.INT8_VALUE;
            case UINT8 -> DataType.UINT8_VALUE;
            case BOOL -> DataType.BOOL_VALUE;
        };
    }

    /** Name of our type, for messages. */
    static String name(ElementType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }
}
