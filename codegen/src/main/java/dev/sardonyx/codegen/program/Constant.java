package dev.sardonyx.codegen.program;

import java.util.List;

/**
 * Trained values that a kernel reads, row-major. Compared by identity; the array is not to be changed.
 */
public final class Constant {

    private final List<Integer> shape;
    private final float[] values;

    public Constant(List<Integer> shape, float[] values) {
        this.shape = List.copyOf(shape);
        this.values = values;
    }

    public List<Integer> shape() {
        return shape;
    }

    public float[] values() {
        return values;
    }

    public int dim(int axis) {
        return shape.get(axis);
    }

    @Override
    public String toString() {
        return "constant" + shape;
    }
}
