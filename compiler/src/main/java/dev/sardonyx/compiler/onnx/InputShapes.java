package dev.sardonyx.compiler.onnx;

import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.sardonyx.compiler.graph.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Gives the open dimensions of the graph's inputs a value: the one that the user bound, or 1 for the first axis, which is the
 * batch. An open dimension goes by the name that the file gives it, or by {@code INPUT[AXIS]}.
 */
final class InputShapes {

    private final Place place;
    private final Map<String, Integer> bound;
    private final Set<String> openNames = new TreeSet<>();
    private final Map<String, Integer> batches = new HashMap<>();

    /**
     * @param inputs the graph's inputs without those that initializers give
     * @throws dev.sardonyx.compiler.InvalidModelException if {@code bound} names a dimension that there is not
     */
    InputShapes(List<ValueInfoProto> inputs, Map<String, Integer> bound, Place place) {
        this.place = place;
        this.bound = bound;
        for (ValueInfoProto input : inputs) {
            TensorShapeProto shape = shape(input);
            for (int axis = 0; axis < shape.getDimCount(); axis++) {
                if (isOpen(shape.getDim(axis))) {
                    String name = name(input, axis);
                    openNames.add(name);
                    if (axis == 0) {
                        batches.put(name, 1);
                    }
                }
            }
        }
        bound.forEach(this::check);
    }

    /** Whether the file leaves any dimension open. */
    boolean anyOpen() {
        return !openNames.isEmpty();
    }

    private void check(String name, int value) {
        if (!openNames.contains(name)) {
            throw place.broken("--dim %s: there is no such open dimension; %s"
                    .formatted(
                            Place.escape(name),
                            openNames.isEmpty()
                                    ? "all are fixed"
                                    : "there are "
                                            + String.join(
                                                    ", ",
                                                    openNames.stream()
                                                            .map(Place::quote)
                                                            .toList())));
        }
        if (value < 1) {
            throw place.broken("--dim %s=%d: a dimension is at least 1".formatted(Place.escape(name), value));
        }
    }

    /**
     * The shape of an input.
     *
     * @throws dev.sardonyx.compiler.InvalidModelException if it has none, or an open dimension has no value
     */
    Shape resolve(ValueInfoProto input) {
        Place where = place.named("input", input.getName());
        if (!input.getType().getTensorType().hasShape()) {
            throw where.broken("the file gives it no shape, not even a rank");
        }
        TensorShapeProto shape = shape(input);
        List<Integer> dims = new ArrayList<>();
        for (int axis = 0; axis < shape.getDimCount(); axis++) {
            dims.add(isOpen(shape.getDim(axis)) ? bind(input, axis, where) : fixed(shape.getDim(axis), axis, where));
        }
        try {
            return new Shape(dims);
        } catch (IllegalArgumentException tooLarge) {
            throw where.broken(tooLarge);
        }
    }

    /** Whether the dimensions that a value is declared with, as far as they are fixed, are those of the shape. */
    static boolean agree(ValueInfoProto declared, Shape shape) {
        if (!declared.getType().getTensorType().hasShape()) {
            return true;
        }
        TensorShapeProto dims = shape(declared);
        return dims.getDimCount() == shape.rank()
                && IntStream.range(0, shape.rank())
                        .allMatch(axis ->
                                isOpen(dims.getDim(axis)) || dims.getDim(axis).getDimValue() == shape.dim(axis));
    }

    private int bind(ValueInfoProto input, int axis, Place where) {
        String name = name(input, axis);
        Integer value = bound.getOrDefault(name, batches.get(name));
        if (value == null) {
            throw where.broken("axis %d (%s) is open; give it a size with --dim %s=SIZE"
                    .formatted(axis, Place.quote(name), Place.escape(name)));
        }
        return value;
    }

    private static int fixed(Dimension dimension, int axis, Place where) {
        long size = dimension.getDimValue();
        if (size < 1 || size > Integer.MAX_VALUE) {
            throw where.broken("axis %d has the size %d".formatted(axis, size));
        }
        return (int) size;
    }

    /** Unnamed, named, or -1 as some exporters write. */
    private static boolean isOpen(Dimension dimension) {
        return !dimension.hasDimValue() || dimension.getDimValue() == -1;
    }

    private static String name(ValueInfoProto input, int axis) {
        String name = shape(input).getDim(axis).getDimParam();
        return name.isEmpty() ? input.getName() + "[" + axis + "]" : name;
    }

    private static TensorShapeProto shape(ValueInfoProto value) {
        return value.getType().getTensorType().getShape();
    }
}
