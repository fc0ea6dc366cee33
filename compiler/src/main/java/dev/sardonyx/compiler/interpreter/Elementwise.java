package dev.sardonyx.compiler.interpreter;

import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.runtime.ElementType;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.function.LongBinaryOperator;

/** ONNX's operators on single elements, with broadcasting. */
final class Elementwise {

    private Elementwise() {}

    static Tensor relu(Tensor x) {
        return map(x, v -> Math.max(v, 0));
    }

    static Tensor leakyRelu(Op.LeakyRelu relu, Tensor x) {
        return map(x, v -> leaky(v, relu.alpha()));
    }

    static Tensor pRelu(Tensor x, Tensor slope) {
        return zip(x, slope, x.type(), Elementwise::leaky);
    }

    static Tensor clip(Op.Clip clip, Tensor x) {
        return map(x, v -> Math.min(Math.max(v, clip.min()), clip.max()));
    }

    static Tensor sigmoid(Tensor x) {
        return map(x, v -> 1 / (1 + Math.exp(-v)));
    }

    static Tensor tanh(Tensor x) {
        return map(x, Math::tanh);
    }

    static Tensor sqrt(Tensor x) {
        return map(x, Math::sqrt);
    }

    static Tensor add(Tensor a, Tensor b, TensorType type) {
        return zip(a, b, type, (x, y) -> x + y, (x, y) -> x + y);
    }

    static Tensor sub(Tensor a, Tensor b, TensorType type) {
        return zip(a, b, type, (x, y) -> x - y, (x, y) -> x - y);
    }

    static Tensor mul(Tensor a, Tensor b, TensorType type) {
        return zip(a, b, type, (x, y) -> x * y, (x, y) -> x * y);
    }

    static Tensor div(Tensor a, Tensor b, TensorType type) {
        return zip(a, b, type, (x, y) -> x / y, (x, y) -> {
            if (y == 0) {
                throw new IllegalArgumentException("integer division by zero");
            }
            return x / y;
        });
    }

    static Tensor max(Tensor a, Tensor b, TensorType type) {
        return zip(a, b, type, Math::max, Math::max);
    }

    static Tensor min(Tensor a, Tensor b, TensorType type) {
        return zip(a, b, type, Math::min, Math::min);
    }

    static Tensor cast(Tensor x, TensorType type) {
        return switch (x) {
            case Tensor.Floats floats ->
                type.element().isFloatingPoint()
                        ? Results.floats(type, i -> floats.values()[i])
                        : Results.integers(type, i -> truncate(floats.values()[i], type.element()));
            case Tensor.Integers integers ->
                type.element().isFloatingPoint()
                        ? Results.floats(type, i -> integers.values()[i])
                        : Results.integers(type, i -> integers.values()[i]);
        };
    }

    private static long truncate(float value, ElementType to) {
        if (to == ElementType.BOOL) {
            return value != 0 ? 1 : 0;
        }
        int bits = to.bytes() * Byte.SIZE;
        long max = to == ElementType.UINT8 ? 0xFF : Long.MAX_VALUE >> (Long.SIZE - bits);
        long min = to == ElementType.UINT8 ? 0 : -max - 1;
        return Math.clamp((long) value, min, max);
    }

    private static double leaky(double x, double slope) {
        return x >= 0 ? x : slope * x;
    }

    private static Tensor map(Tensor x, DoubleUnaryOperator function) {
        float[] values = Results.floats(x);
        return Results.floats(x.type(), i -> function.applyAsDouble(values[i]));
    }

    /** Double precision and one rounding give exactly what float arithmetic gives for + − · ÷. */
    private static Tensor zip(Tensor a, Tensor b, TensorType type, DoubleBinaryOperator function) {
        IntUnaryOperator left = Indexing.broadcast(a.shape(), type.shape());
        IntUnaryOperator right = Indexing.broadcast(b.shape(), type.shape());
        float[] x = Results.floats(a);
        float[] y = Results.floats(b);
        return Results.floats(type, i -> function.applyAsDouble(x[left.applyAsInt(i)], y[right.applyAsInt(i)]));
    }

    private static Tensor zip(
            Tensor a, Tensor b, TensorType type, DoubleBinaryOperator floats, LongBinaryOperator integers) {
        if (type.element().isFloatingPoint()) {
            return zip(a, b, type, floats);
        }
        IntUnaryOperator left = Indexing.broadcast(a.shape(), type.shape());
        IntUnaryOperator right = Indexing.broadcast(b.shape(), type.shape());
        long[] x = Results.integers(a);
        long[] y = Results.integers(b);
        return Results.integers(type, i -> integers.applyAsLong(x[left.applyAsInt(i)], y[right.applyAsInt(i)]));
    }
}
