package dev.sardonyx.compiler.onnx;

import dev.sardonyx.compiler.graph.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;

/** ONNX's integers are 64 bits wide, ours 32: what does not fit breaks a rule ({@link IllegalArgumentException}). */
final class Ints {

    private Ints() {}

    static int of(long value, String what) {
        if (value != (int) value) {
            throw new IllegalArgumentException(what + " is out of range: " + value);
        }
        return (int) value;
    }

    static int[] of(long[] values, String what) {
        return Arrays.stream(values).mapToInt(value -> of(value, what)).toArray();
    }

    /** Of which there must be {@code count}. */
    static int[] exactly(int count, long[] values, String what) {
        if (values.length != count) {
            throw new IllegalArgumentException("%s must hold %d values, not %d".formatted(what, count, values.length));
        }
        return of(values, what);
    }

    static Shape shape(long[] dims) {
        int[] sizes = of(dims, "a dimension of " + Arrays.toString(dims));
        IntStream.of(sizes).filter(size -> size < 0).findFirst().ifPresent(size -> {
            throw new IllegalArgumentException("a dimension of " + Arrays.toString(dims) + " is negative");
        });
        return Shape.of(sizes);
    }
}
