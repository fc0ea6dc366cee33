package dev.sardonyx.compiler.onnx;

import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.compiler.onnx.Translator.Definition;
import dev.sardonyx.runtime.ElementType;
import java.util.List;

/** Operators that work on each element by itself, with broadcasting. */
final class ElementwiseOperators {

    private ElementwiseOperators() {}

    /** An operator without attributes. */
    static Translator plain(Op op) {
        return node -> new Definition.Applied(op, node.inputs());
    }

    static Definition leakyRelu(Translation node) {
        return new Definition.Applied(new Op.LeakyRelu(node.attributes().real("alpha", 0.01f)), List.of(node.input(0)));
    }

    /** The bounds are attributes before opset 11, inputs since. */
    static Definition clip(Translation node) {
        Value x = node.input(0);
        node.requireFloatingPoint(x);
        if (node.opset() < 11) {
            return clip(
                    x,
                    node.attributes().real("min", Float.NEGATIVE_INFINITY),
                    node.attributes().real("max", Float.POSITIVE_INFINITY));
        }
        boolean fixed = (!node.has(1) || node.isConstant(1)) && (!node.has(2) || node.isConstant(2));
        if (fixed) {
            return clip(
                    x,
                    node.scalar(1, "min").orElse(Float.NEGATIVE_INFINITY),
                    node.scalar(2, "max").orElse(Float.POSITIVE_INFINITY));
        }
        Value bounded = node.has(1) ? node.emit(new Op.Max(), x, bound(node, 1)) : x;
        return node.has(2)
                ? new Definition.Applied(new Op.Min(), List.of(bounded, bound(node, 2)))
                : new Definition.Same(bounded);
    }

    private static Definition clip(Value x, float min, float max) {
        if (Float.isNaN(min) || Float.isNaN(max)) {
            throw new IllegalArgumentException("a bound is not a number");
        }
        return new Definition.Applied(new Op.Clip(min, max), List.of(x));
    }

    private static Value bound(Translation node, int index) {
        if (node.shape(index).elements() != 1) {
            throw new IllegalArgumentException("a bound must be a scalar, not " + node.shape(index));
        }
        return node.emit(new Op.Reshape(Shape.of()), node.input(index));
    }

    /** An operator of any number of inputs, made of one of two. */
    static Translator variadic(Op op) {
        return node -> {
            List<Value> inputs = node.inputs();
            if (inputs.size() == 1) {
                return new Definition.Same(inputs.getFirst());
            }
            Value result = inputs.getFirst();
            for (Value input : inputs.subList(1, inputs.size() - 1)) {
                result = node.emit(op, result, input);
            }
            return new Definition.Applied(op, List.of(result, inputs.getLast()));
        };
    }

    static Definition cast(Translation node) {
        // Both concern 8-bit floating-point targets only.
        node.attributes().ignore("saturate");
        node.attributes().ignore("round_mode");
        int to = node.attributes().integer("to");
        var type = ElementTypes.of(to)
                .orElseThrow(() ->
                        new UnsupportedNodeException("the target " + ElementTypes.name(to) + " is not supported"));
        return type == node.input(0).type().element()
                ? new Definition.Same(node.input(0))
                : new Definition.Applied(new Op.Cast(type), List.of(node.input(0)));
    }

    static Definition identity(Translation node) {
        return new Definition.Same(node.input(0));
    }

    /** Passes its input on, unless it is told to train; the mask, defined since opset 12, says that nothing was dropped. */
    static Definition dropout(Translation node) {
        node.attributes().ignore("ratio");
        node.attributes().ignore("seed");
        node.ignoreInput(1);
        if (node.opset() >= 12 && node.scalar(2, "training_mode").orElse(0f) != 0) {
            throw new UnsupportedNodeException("training mode is not supported");
        }
        if (node.opset() >= 12) {
            Tensor kept = new Tensor.Integers(new TensorType(ElementType.BOOL, Shape.of()), new long[] {1});
            node.defineOutput(1, node.filled(kept, node.shape(0)));
        }
        return new Definition.Same(node.input(0));
    }
}
