package dev.sardonyx.compiler.onnx;

import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.onnx.Translator.Definition;
import java.util.ArrayList;
import java.util.List;

/** Operators whose result is known when the file is read. */
final class ConstantOperators {

    private ConstantOperators() {}

    static Definition constant(Translation node) {
        AttributeReader attributes = node.attributes();
        List<Tensor> values = new ArrayList<>();
        attributes.tensor("value").map(node::read).ifPresent(values::add);
        if (node.opset() >= 12) {
            attributes
                    .real("value_float")
                    .map(value -> Tensor.of(Shape.of(), value))
                    .ifPresent(values::add);
            attributes
                    .longInteger("value_int")
                    .map(value -> Tensor.of(Shape.of(), value))
                    .ifPresent(values::add);
            attributes.reals("value_floats").map(ConstantOperators::vector).ifPresent(values::add);
            attributes
                    .integers("value_ints")
                    .map(list -> Tensor.of(Shape.of(list.length), list))
                    .ifPresent(values::add);
        }
        // Sparse tensors and text.
        node.requireAllRead();
        if (values.size() != 1) {
            throw new IllegalArgumentException("must have one value, not " + values.size());
        }
        return new Definition.Known(values.getFirst());
    }

    private static Tensor vector(List<Float> values) {
        float[] array = new float[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.get(i);
        }
        return Tensor.of(Shape.of(array.length), array);
    }

    /** Without a value: float32 zeros. */
    static Definition constantOfShape(Translation node) {
        Shape shape = Ints.shape(node.integers(0, "shape"));
        Tensor element = node.attributes().tensor("value").map(node::read).orElse(Tensor.of(Shape.of(1), 0f));
        if (element.shape().elements() != 1) {
            throw new IllegalArgumentException("value must have one element, not the shape " + element.shape());
        }
        return new Definition.Known(node.filled(element, shape));
    }
}
