package dev.sardonyx.runtime.cli;

import dev.sardonyx.runtime.ElementType;
import java.util.List;

/**
 * A tensor as a file holds it, its values widened or rounded to float32.
 *
 * @param name the name that the file gives it; empty where it gives none
 * @param elementType the type in the file
 * @param shape the dimensions, outermost first; empty for a scalar
 * @param values the elements, row-major; not copied
 */
public record TensorData(String name, ElementType elementType, List<Integer> shape, float[] values) {

    public TensorData {
        shape = List.copyOf(shape);
        if (elements(shape) != values.length) {
            throw new IllegalArgumentException("shape " + shape + " does not hold " + values.length + " elements");
        }
    }

    /** The product of {@code shape}, or -1 where it is beyond the longest array. */
    static int elements(List<Integer> shape) {
        if (shape.contains(0)) {
            return 0;
        }
        long product = 1;
        for (int dim : shape) {
            product *= dim;
            if (product > Integer.MAX_VALUE) {
                return -1;
            }
        }
        return (int) product;
    }
}
