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

    /** Name of our type, for messages. */
    static String name(ElementType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }
}
