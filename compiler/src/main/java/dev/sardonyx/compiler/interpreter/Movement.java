package dev.sardonyx.compiler.interpreter;

import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;

/** ONNX's operators that move elements without changing them. */
final class Movement {

    /** In place of a source index: the element is the padding's value. */
    private static final int FILL = -1;

    private Movement() {}

    static Tensor reshape(Tensor input, TensorType type) {
        return pick(input, type, i -> i, 0);
    }

    static Tensor transpose(Op.Transpose transpose, Tensor input, TensorType type) {
        return pick(
                input,
                type,
                i -> {
                    int[] target = Indexing.coordinates(type.shape(), i);
                    int[] source = new int[target.length];
                    for (int axis = 0; axis < target.length; axis++) {
                        source[transpose.permutation().get(axis)] = target[axis];
                    }
                    return Indexing.index(input.shape(), source);
                },
                0);
    }

    static Tensor slice(Op.Slice slice, Tensor input, TensorType type) {
        return pick(
                input,
                type,
                i -> {
                    int[] coordinates = Indexing.coordinates(type.shape(), i);
                    for (int axis = 0; axis < coordinates.length; axis++) {
                        coordinates[axis] =
                                slice.starts().get(axis) + slice.steps().get(axis) * coordinates[axis];
                    }
                    return Indexing.index(input.shape(), coordinates);
                },
                0);
    }

    static Tensor pad(Op.Pad pad, Tensor input, TensorType type) {
        return pick(
                input,
                type,
                i -> {
                    int[] coordinates = Indexing.coordinates(type.shape(), i);
                    for (int axis = 0; axis < coordinates.length; axis++) {
                        int size = input.shape().dim(axis);
                        int position = coordinates[axis] - pad.before().get(axis);
                        boolean inside = position >= 0 && position < size;
                        if (!inside && pad.mode() == Op.Pad.Mode.CONSTANT) {
                            return FILL;
                        }
                        coordinates[axis] = inside ? position : nearest(pad.mode(), position, size);
                    }
                    return Indexing.index(input.shape(), coordinates);
                },
                pad.value());
    }

    /** The position inside that a position outside repeats; REFLECT mirrors at the first and last element. */
    private static int nearest(Op.Pad.Mode mode, int position, int size) {
        int edge = position < 0 ? 0 : size - 1;
        return mode == Op.Pad.Mode.REFLECT ? 2 * edge - position : edge;
    }

    static Tensor gather(Op.Gather gather, Tensor data, Tensor indices, TensorType type) {
        long[] picks = Results.integers(indices);
        Shape shape = data.shape();
        int size = shape.dim(gather.axis());
        int inner = shape.product(gather.axis() + 1, shape.rank());
        for (long pick : picks) {
            if (pick < -size || pick >= size) {
                throw new IllegalArgumentException(
                        "index " + pick + " is outside axis " + gather.axis() + " of " + shape);
            }
        }
        return pick(
                data,
                type,
                i -> {
                    int outer = i / inner / picks.length;
                    int position = Math.floorMod(picks[i / inner % picks.length], size);
                    return (outer * size + position) * inner + i % inner;
                },
                0);
    }

    static Tensor concat(Op.Concat concat, List<Tensor> inputs, TensorType type) {
        int count = type.shape().elements();
        if (type.element().isFloatingPoint()) {
            float[] values = new float[count];
            join(concat.axis(), inputs, Results::floats, values);
            return new Tensor.Floats(type, values);
        }
        long[] values = new long[count];
        join(concat.axis(), inputs, Results::integers, values);
        return new Tensor.Integers(type, values);
    }

    /** Copies run by run, a run being what an input holds from {@code axis} on; arrays are of any kind, but of the same. */
    private static void join(int axis, List<Tensor> inputs, Function<Tensor, Object> values, Object target) {
        int outer = inputs.getFirst().shape().product(0, axis);
        int at = 0;
        for (int i = 0; i < outer; i++) {
            for (Tensor input : inputs) {
                int run = input.shape().product(axis, input.shape().rank());
                System.arraycopy(values.apply(input), i * run, target, at, run);
                at += run;
            }
        }
    }

    /** The tensor whose element i is the input's element {@code source(i)}, or {@code fill} where that is {@link #FILL}. */
    private static Tensor pick(Tensor input, TensorType type, IntUnaryOperator source, float fill) {
        return switch (input) {
            case Tensor.Floats floats ->
                Results.floats(type, i -> {
                    int index = source.applyAsInt(i);
                    return index == FILL ? fill : floats.values()[index];
                });
            case Tensor.Integers integers ->
                Results.integers(type, i -> {
                    int index = source.applyAsInt(i);
                    return index == FILL ? (long) fill : integers.values()[index];
                });
        };
    }
}
