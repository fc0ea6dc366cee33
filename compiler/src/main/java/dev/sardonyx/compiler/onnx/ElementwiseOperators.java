package dev.sardonyx.compiler.onnx;

import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.compiler.onnx.Translator.Definition;
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
        node.requireFloatingPoint(node.input(0));
        float min;
        float max;
        if (node.opset() < 11) {
            min = node.attributes().real("min", Float.NEGATIVE_INFINITY);
            max = node.attributes().real("max", Float.POSITIVE_INFINITY);
        } else {
            min = node.scalar(1, "min").orElse(Float.NEGATIVE_INFINITY);
            max = node.scalar(2, "max").orElse(Float.POSITIVE_INFINITY);
        }
        if (Float.isNaN(min) || Float.isNaN(max)) {
            throw new IllegalArgumentException("a bound is not a number");
        }
        return new Definition.Applied(new Op.Clip(min, max), List.of(node.input(0)));
    }

    static Definition sum(Translation node) {
        List<Value> inputs = node.inputs();
        if (inputs.size() == 1) {
            return new Definition.Same(inputs.getFirst());
        }
        Value sum = inputs.getFirst();
        for (Value input : inputs.subList(1, inputs.size() - 1)) {
            sum = node.emit(new Op.Add(), sum, input);
        }
        return new Definition.Applied(new Op.Add(), List.of(sum, inputs.getLast()));
    }

    static Definition cast(Translation node) {
        // Concerns 8-bit floating-point targets only.
        node.attributes().ignore("saturate");
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

    /** Passes its input on, unless it is told to train. */
    static Definition dropout(Translation node) {
        node.attributes().ignore("ratio");
        node.attributes().ignore("seed");
        node.ignoreInput(1);
        if (node.opset() >= 12 && node.scalar(2, "training_mode").orElse(0f) != 0) {
            throw new UnsupportedNodeException("training mode is not supported");
        }
        return new Definition.Same(node.input(0));
    }
}
