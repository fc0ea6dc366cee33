package dev.sardonyx.runtime;

import java.util.List;

/**
 * Name, element type and shape of one input or output of a compiled model.
 *
 * @param name the name in the ONNX file, unchanged
 * @param elementType the element type
 * @param shape the dimensions, outermost first; empty for a scalar
 */
public record TensorInfo(String name, ElementType elementType, List<Integer> shape) {

    public TensorInfo {
        shape = List.copyOf(shape);
    }

    /** Number of elements: the product of the dimensions. */
    public int elements() {
        int product = 1;
        for (int dim : shape) {
            product = Math.multiplyExact(product, dim);
        }
        return product;
    }

    @Override
    public String toString() {
        return name + ": " + elementType.name().toLowerCase(java.util.Locale.ROOT) + shape;
    }
}
