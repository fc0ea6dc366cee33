package dev.sardonyx.codegen.program;

import java.util.List;

/**
 * A float32 tensor that a {@link Program} reads or writes: its logical shape, without a layout. Images have the axes
 * [N, C, H, W].
 *
 * @param id position in {@link Program#buffers()}
 * @param shape dimensions, outermost first; empty for a scalar
 */
public record Buffer(int id, List<Integer> shape) {

    public Buffer {
        shape = List.copyOf(shape);
    }

    public int rank() {
        return shape.size();
    }

    public int dim(int axis) {
        return shape.get(axis);
    }

    /** Number of elements. */
    public int elements() {
        int product = 1;
        for (int dim : shape) {
            product = Math.multiplyExact(product, dim);
        }
        return product;
    }
}
