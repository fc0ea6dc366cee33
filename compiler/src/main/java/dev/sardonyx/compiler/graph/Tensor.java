package dev.sardonyx.compiler.graph;

import dev.sardonyx.runtime.ElementType;

/**
 * Constant values, row-major. Floating-point types hold float, integer types and bool hold long. Compared by identity; the
 * arrays are not to be changed.
 */
public sealed interface Tensor {

    TensorType type();

    default Shape shape() {
        return type().shape();
    }

    /** A tensor of float32 values. */
    static Floats of(Shape shape, float... values) {
        return new Floats(new TensorType(ElementType.FLOAT32, shape), values);
    }

    /** A tensor of int64 values. */
    static Integers of(Shape shape, long... values) {
        return new Integers(new TensorType(ElementType.INT64, shape), values);
    }

    final class Floats implements Tensor {
        private final TensorType type;
        private final float[] values;

        public Floats(TensorType type, float[] values) {
            if (!type.element().isFloatingPoint()
                    || values.length != type.shape().elements()) {
                throw new IllegalArgumentException(values.length + " floating-point values are no " + type);
            }
            this.type = type;
            this.values = values;
        }

        @Override
        public TensorType type() {
            return type;
        }

        public float[] values() {
            return values;
        }
    }

    final class Integers implements Tensor {
        private final TensorType type;
        private final long[] values;

        public Integers(TensorType type, long[] values) {
            if (type.element().isFloatingPoint()
                    || values.length != type.shape().elements()) {
                throw new IllegalArgumentException(values.length + " integer values are no " + type);
            }
            this.type = type;
            this.values = values;
        }

        @Override
        public TensorType type() {
            return type;
        }

        public long[] values() {
            return values;
        }
    }
}
