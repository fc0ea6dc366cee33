package dev.sardonyx.compiler.onnx;

import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.compiler.onnx.Translator.Definition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Operators that give the same elements another shape or order. */
final class ShapeOperators {

    private ShapeOperators() {}

    static Definition reshape(Translation node) {
        Shape from = node.shape(0);
        long[] target = node.integers(1, "shape").clone();
        boolean allowZero = node.opset() >= 14 && node.attributes().flag("allowzero", false);
        int inferred = -1;
        for (int axis = 0; axis < target.length; axis++) {
            if (target[axis] == 0 && !allowZero) {
                if (axis >= from.rank()) {
                    throw new IllegalArgumentException("shape %s keeps axis %d, which the input %s does not have"
                            .formatted(Arrays.toString(target), axis, from));
                }
                target[axis] = from.dim(axis);
            } else if (target[axis] == -1) {
                if (inferred >= 0) {
                    throw new IllegalArgumentException("shape " + Arrays.toString(target) + " has more than one -1");
                }
                inferred = axis;
            }
        }
        if (inferred >= 0) {
            target[inferred] = 1;
            int others = Ints.shape(target).elements();
            if (others == 0 || from.elements() % others != 0) {
                target[inferred] = -1;
                throw new IllegalArgumentException(
                        "%s cannot be given the shape %s".formatted(from, Arrays.toString(target)));
            }
            target[inferred] = from.elements() / others;
        }
        return reshaped(node, Ints.shape(target));
    }

    static Definition flatten(Translation node) {
        Shape from = node.shape(0);
        int axis = Axes.resolveBoundary(node.attributes().integer("axis", 1), from.rank());
        return reshaped(node, Shape.of(from.product(0, axis), from.product(axis, from.rank())));
    }

    /** The axes are an attribute before opset 13, an input since; without them every axis of size 1 goes. */
    static Definition squeeze(Translation node) {
        Shape from = node.shape(0);
        List<Integer> axes = (node.opset() < 13 ? node.attributes().integers("axes") : node.optionalIntegers(1, "axes"))
                .map(given -> Axes.resolve(given, from.rank()))
                .orElseGet(() -> IntStream.range(0, from.rank())
                        .filter(axis -> from.dim(axis) == 1)
                        .boxed()
                        .toList());
        List<Integer> dims = new ArrayList<>();
        for (int axis = 0; axis < from.rank(); axis++) {
            if (!axes.contains(axis)) {
                dims.add(from.dim(axis));
            } else if (from.dim(axis) != 1) {
                throw new IllegalArgumentException("axis %d of %s has not the size 1".formatted(axis, from));
            }
        }
        return reshaped(node, new Shape(dims));
    }

    static Definition unsqueeze(Translation node) {
        Shape from = node.shape(0);
        long[] given = node.opset() < 13 ? node.attributes().requiredIntegers("axes") : node.integers(1, "axes");
        List<Integer> dims = new ArrayList<>(from.dims());
        for (int axis : new TreeSet<>(Axes.resolve(given, from.rank() + given.length))) {
            dims.add(axis, 1);
        }
        return reshaped(node, new Shape(dims));
    }

    private static Definition reshaped(Translation node, Shape target) {
        return target.equals(node.shape(0))
                ? new Definition.Same(node.input(0))
                : new Definition.Applied(new Op.Reshape(target), List.of(node.input(0)));
    }

    static Definition transpose(Translation node) {
        int rank = node.shape(0).rank();
        List<Integer> permutation = node.attributes()
                .integers("perm")
                .map(perm -> Axes.resolve(perm, rank))
                .orElseGet(() -> IntStream.range(0, rank).boxed().toList().reversed());
        return new Definition.Applied(new Op.Transpose(permutation), List.of(node.input(0)));
    }

    /** Multiplies with ones of the target's shape: broadcasting does the rest. */
    static Definition expand(Translation node) {
        Value input = node.input(0);
        Shape target = Ints.shape(node.integers(1, "shape"));
        if (Shape.broadcast(input.shape(), target).equals(input.shape())) {
            return new Definition.Same(input);
        }
        TensorType scalar = input.type().withShape(Shape.of());
        Tensor one = scalar.element().isFloatingPoint()
                ? new Tensor.Floats(scalar, new float[] {1})
                : new Tensor.Integers(scalar, new long[] {1});
        Value ones = node.emit(node.filled(one, target));
        return new Definition.Applied(new Op.Mul(), List.of(input, ones));
    }

    /** Every shape is known: a constant. Since opset 15 it may be a part of the shape. */
    static Definition shape(Translation node) {
        List<Integer> dims = node.shape(0).dims();
        int rank = dims.size();
        int start = 0;
        int end = rank;
        if (node.opset() >= 15) {
            start = clamp(node.attributes().longInteger("start").orElse(0L), rank);
            end = clamp(node.attributes().longInteger("end").orElse((long) rank), rank);
        }
        long[] part = dims.subList(start, Math.max(start, end)).stream()
                .mapToLong(Integer::longValue)
                .toArray();
        return new Definition.Known(Tensor.of(Shape.of(part.length), part));
    }

    private static int clamp(long axis, int rank) {
        return Math.clamp(axis < 0 ? axis + rank : axis, 0, rank);
    }
}
