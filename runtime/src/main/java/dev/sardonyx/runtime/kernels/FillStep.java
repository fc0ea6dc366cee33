package dev.sardonyx.runtime.kernels;

import java.util.Arrays;

/** Sets every element of a view to one value, row by row. */
public final class FillStep extends Step {

    private final View out;
    private final int[] outer;
    private final int inner;
    private final int innerStride;
    private final float value;

    /** {@code dims} are the view's dimensions, at least one; the last axis is a row. */
    public FillStep(StepInfo info, View out, float value, int... dims) {
        super(info);
        int last = dims.length - 1;
        this.out = out;
        this.value = value;
        outer = Arrays.copyOf(dims, last);
        inner = dims[last];
        innerStride = out.stride(last);
    }

    @Override
    public int units() {
        return 1;
    }

    @Override
    public void run(float[][] slots, float[] scratch, int from, int to) {
        float[] array = slots[out.slot()];
        int rows = Strides.product(outer);
        for (int row = 0; row < rows; row++) {
            fill(array, out.at(row, outer));
        }
    }

    private void fill(float[] array, int start) {
        if (innerStride == 1) {
            Arrays.fill(array, start, start + inner, value);
        } else {
            for (int i = 0; i < inner; i++) {
                array[start + i * innerStride] = value;
            }
        }
    }
}
