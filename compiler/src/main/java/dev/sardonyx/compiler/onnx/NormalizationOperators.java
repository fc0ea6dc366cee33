package dev.sardonyx.compiler.onnx;

import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.compiler.onnx.Translator.Definition;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** Operators that normalise or reduce over axes. */
final class NormalizationOperators {

    private NormalizationOperators() {}

    static Definition batchNormalization(Translation node) {
        node.attributes().ignore("momentum");
        // Before opset 14 a node trains if it has more outputs than one.
        boolean training =
                node.opset() < 14 ? node.namedOutputs() > 1 : node.attributes().flag("training_mode", false);
        if (training) {
            throw new UnsupportedNodeException("training mode is not supported");
        }
        if (node.opset() < 9 && !node.attributes().flag("spatial", true)) {
            throw new UnsupportedNodeException("spatial = 0 is not supported");
        }
        return new Definition.Applied(
                new Op.BatchNormalization(node.attributes().real("epsilon", 1e-5f)), node.inputs());
    }

    static Definition lrn(Translation node) {
        AttributeReader attributes = node.attributes();
        Op op = new Op.LRN(
                attributes.integer("size"),
                attributes.real("alpha", 1e-4f),
                attributes.real("beta", 0.75f),
                attributes.real("bias", 1f));
        return new Definition.Applied(op, List.of(node.input(0)));
    }

    /** Softmax and LogSoftmax: over one axis since opset 13, before over all axes from the given one on. */
    static Translator softmax(BiFunction<Integer, Integer, Op> op) {
        return node -> {
            Value input = node.input(0);
            int rank = input.shape().rank();
            boolean oneAxis = node.opset() >= 13;
            int axis = Axes.resolve(node.attributes().integer("axis", oneAxis ? -1 : 1), rank);
            return new Definition.Applied(op.apply(axis, oneAxis ? axis + 1 : rank), List.of(input));
        };
    }

    /** The axes are an attribute before opset 18, an input since; none means all of them. */
    static Definition reduceMean(Translation node) {
        Value input = node.input(0);
        long[] axes = (node.opset() < 18 ? node.attributes().integers("axes") : node.optionalIntegers(1, "axes"))
                .orElse(new long[0]);
        boolean keepDims = node.attributes().flag("keepdims", true);
        boolean noneMeansNone = node.opset() >= 18 && node.attributes().flag("noop_with_empty_axes", false);
        if (axes.length == 0 && noneMeansNone) {
            return new Definition.Same(input);
        }
        int rank = input.shape().rank();
        List<Integer> reduced =
                axes.length == 0 ? IntStream.range(0, rank).boxed().toList() : Axes.resolve(axes, rank);
        return new Definition.Applied(new Op.ReduceMean(reduced, keepDims), List.of(input));
    }
}
