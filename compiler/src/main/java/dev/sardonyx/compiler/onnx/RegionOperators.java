package dev.sardonyx.compiler.onnx;

import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.compiler.onnx.Translator.Definition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Operators that cut, join and frame tensors. */
final class RegionOperators {

    private RegionOperators() {}

    static Definition concat(Translation node) {
        int axis = Axes.resolve(node.attributes().integer("axis"), node.shape(0).rank());
        return new Definition.Applied(new Op.Concat(axis), node.inputs());
    }

    static Definition gather(Translation node) {
        node.constant(1, "indices");
        int axis =
                Axes.resolve(node.attributes().integer("axis", 0), node.shape(0).rank());
        return new Definition.Applied(new Op.Gather(axis), node.inputs());
    }

    /** Bounds are attributes before opset 10, inputs since. */
    static Definition slice(Translation node) {
        boolean asInputs = node.opset() >= 10;
        AttributeReader attributes = node.attributes();
        long[] starts = asInputs ? node.integers(1, "starts") : attributes.requiredIntegers("starts");
        long[] ends = asInputs ? node.integers(2, "ends") : attributes.requiredIntegers("ends");
        long[] axes = (asInputs ? node.optionalIntegers(3, "axes") : attributes.integers("axes"))
                .orElseGet(() -> LongStream.range(0, starts.length).toArray());
        long[] steps = (asInputs ? node.optionalIntegers(4, "steps") : Optional.<long[]>empty())
                .orElseGet(
                        () -> LongStream.generate(() -> 1).limit(starts.length).toArray());
        if (ends.length != starts.length || axes.length != starts.length || steps.length != starts.length) {
            throw new IllegalArgumentException("starts, ends, axes and steps must be of the same length");
        }
        Box box = new Box(node.shape(0));
        List<Integer> resolved = Axes.resolve(axes, node.shape(0).rank());
        for (int i = 0; i < starts.length; i++) {
            box.cut(resolved.get(i), starts[i], ends[i], steps[i]);
        }
        return taken(node, box);
    }

    /** Pads are attributes before opset 11, inputs since; of chosen axes since 18. Negative pads cut. */
    static Definition pad(Translation node) {
        Shape shape = node.shape(0);
        int rank = shape.rank();
        Op.Pad.Mode mode = mode(node.attributes().text("mode", "constant"));
        boolean asInputs = node.opset() >= 11;
        long[] given = asInputs ? node.integers(1, "pads") : node.attributes().requiredIntegers("pads");
        float value = asInputs
                ? node.scalar(2, "constant_value").orElse(0f)
                : node.attributes().real("value", 0f);
        List<Integer> axes = (node.opset() >= 18 ? node.optionalIntegers(3, "axes") : Optional.<long[]>empty())
                .map(chosen -> Axes.resolve(chosen, rank))
                .orElseGet(() -> IntStream.range(0, rank).boxed().toList());
        int[] pads = Ints.exactly(2 * axes.size(), given, "pads");
        List<Integer> before = new ArrayList<>(Collections.nCopies(rank, 0));
        List<Integer> after = new ArrayList<>(Collections.nCopies(rank, 0));
        Box box = new Box(shape);
        for (int i = 0; i < axes.size(); i++) {
            int axis = axes.get(i);
            int begin = pads[i];
            int end = pads[i + axes.size()];
            before.set(axis, Math.max(begin, 0));
            after.set(axis, Math.max(end, 0));
            box.trim(axis, Math.max(-(long) begin, 0), Math.max(-(long) end, 0));
        }
        if (Collections.frequency(before, 0) == rank && Collections.frequency(after, 0) == rank) {
            return taken(node, box);
        }
        Value inner = box.isWhole() ? node.input(0) : node.emit(box.toSlice(), node.input(0));
        return new Definition.Applied(new Op.Pad(before, after, mode, value), List.of(inner));
    }

    /** The part of the first input that lies in the box. */
    private static Definition taken(Translation node, Box box) {
        return box.isWhole()
                ? new Definition.Same(node.input(0))
                : new Definition.Applied(box.toSlice(), List.of(node.input(0)));
    }

    private static Op.Pad.Mode mode(String name) {
        return switch (name) {
            case "constant" -> Op.Pad.Mode.CONSTANT;
            case "reflect" -> Op.Pad.Mode.REFLECT;
            case "edge" -> Op.Pad.Mode.EDGE;
            default -> throw new UnsupportedNodeException("mode " + Place.quote(name) + " is not supported");
        };
    }

    /** The part of a tensor that a Slice takes. */
    private static final class Box {
        private final Shape shape;
        private final List<Integer> starts;
        private final List<Integer> steps;
        private final List<Integer> sizes;

        Box(Shape shape) {
            this.shape = shape;
            this.starts = new ArrayList<>(Collections.nCopies(shape.rank(), 0));
            this.steps = new ArrayList<>(Collections.nCopies(shape.rank(), 1));
            this.sizes = new ArrayList<>(shape.dims());
        }

        /** Takes {@code start} (inclusive) to {@code end} (exclusive), both counted and clamped as ONNX's Slice does. */
        void cut(int axis, long start, long end, long step) {
            if (step == 0) {
                throw new IllegalArgumentException("step is 0 on axis " + axis);
            }
            int dim = shape.dim(axis);
            // The range of a start or end lies one lower when it runs backwards: from the last element to before the
            // first.
            int lowest = step > 0 ? 0 : -1;
            long from = Math.clamp(start < 0 ? start + dim : start, lowest, dim + lowest);
            long to = Math.clamp(end < 0 ? end + dim : end, lowest, dim + lowest);
            long distance = step > 0 ? to - from : from - to;
            // -MAX_VALUE: the least number whose negation is a number.
            long size = distance <= 0 ? 0 : Math.ceilDiv(distance, Math.abs(Math.max(step, -Long.MAX_VALUE)));
            sizes.set(axis, (int) size);
            starts.set(axis, size == 0 ? 0 : (int) from);
            steps.set(axis, size <= 1 ? 1 : (int) step);
        }

        /** Drops that many elements at both ends. */
        void trim(int axis, long atStart, long atEnd) {
            if (atStart + atEnd > shape.dim(axis)) {
                throw new IllegalArgumentException(
                        "negative pads take away more than axis %d of %s has".formatted(axis, shape));
            }
            cut(axis, atStart, shape.dim(axis) - atEnd, 1);
        }

        boolean isWhole() {
            return sizes.equals(shape.dims()) && steps.stream().allMatch(step -> step == 1);
        }

        Op toSlice() {
            return new Op.Slice(starts, steps, sizes);
        }
    }
}
