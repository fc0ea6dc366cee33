package dev.sardonyx.compiler.onnx;

import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.compiler.onnx.Translator.Definition;
import dev.sardonyx.runtime.ElementType;
import dev.sardonyx.runtime.cli.DataTypes;
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

    /** The bounds are attributes before opset 11, inputs since; one that is left out still bounds infinity. */
    static Definition clip(Translation node) {
        Value x = node.input(0);
        node.requireFloatingPoint(x);
        if (node.opset() < 11) {
            return clip(
                    x,
                    node.attributes().real("min", -Float.MAX_VALUE),
                    node.attributes().real("max", Float.MAX_VALUE));
        }
        float largest = largest(x.type().element());
        boolean fixed = (!node.has(1) || node.isConstant(1)) && (!node.has(2) || node.isConstant(2));
        if (fixed) {
            return clip(
                    x,
                    node.scalar(1, "min").orElse(-largest),
                    node.scalar(2, "max").orElse(largest));
        }
        Value bounded = node.has(1)
                ? node.emit(new Op.Max(), x, bound(node, 1))
                : node.emit(new Op.Clip(-largest, Float.POSITIVE_INFINITY), x);
        return node.has(2)
                ? new Definition.Applied(new Op.Min(), List.of(bounded, bound(node, 2)))
                : clip(bounded, Float.NEGATIVE_INFINITY, largest);
    }

    /** The largest finite value of the type, in float32, where that of float64 is infinite. */
    private static float largest(ElementType type) {
        return switch (type) {
            case FLOAT16 -> 65504;
            case FLOAT64 -> Float.POSITIVE_INFINITY;
            default -> Float.MAX_VALUE;
        };
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
                .orElseThrow(
                        () -> new UnsupportedNodeException("the target " + DataTypes.name(to) + " is not supported"));
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
