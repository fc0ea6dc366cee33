package dev.sardonyx.compiler.interpreter;

import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.runtime.ElementType;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;

/** Access to the values of tensors, and results rounded to what their type can hold. */
final class Results {

    private Results() {}

    /** The values of a floating-point tensor. */
    static float[] floats(Tensor tensor) {
        return switch (tensor) {
            case Tensor.Floats floats -> floats.values();
            case Tensor.Integers _ -> throw new IllegalArgumentException(tensor.type() + " is not floating-point");
        };
    }

    /** The values of an integer or bool tensor. */
    static long[] integers(Tensor tensor) {
        return switch (tensor) {
            case Tensor.Integers integers -> integers.values();
            case Tensor.Floats _ -> throw new IllegalArgumentException(tensor.type() + " is not an integer type");
        };
    }

    /** A floating-point tensor with the given value at each row-major index. */
    static Tensor floats(TensorType type, IntToDoubleFunction value) {
        boolean half = type.element() == ElementType.FLOAT16;
        float[] values = new float[type.shape().elements()];
        for (int i = 0; i < values.length; i++) {
            float rounded = (float) value.applyAsDouble(i);
            values[i] = half ? Float.float16ToFloat(Float.floatToFloat16(rounded)) : rounded;
        }
        return new Tensor.Floats(type, values);
    }

    /** An integer or bool tensor with the given value at each row-major index, cut to the width of the type. */
    static Tensor integers(TensorType type, IntToLongFunction value) {
        long[] values = new long[type.shape().elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = wrap(type.element(), value.applyAsLong(i));
        }
        return new Tensor.Integers(type, values);
    }

    private static long wrap(ElementType element, long value) {
        return switch (element) {
            case INT64 -> value;
            case INT32 -> (int) value;
            case INT16 -> (short) value;
            case INT8 -> (byte) value;
            case UINT8 -> value & 0xFF;
            case BOOL -> value != 0 ? 1 : 0;
            case FLOAT32, FLOAT64, FLOAT16 -> throw new IllegalArgumentException(element + " is not an integer type");
        };
    }
}
