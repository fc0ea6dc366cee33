package dev.sardonyx.runtime.kernels;

import java.util.Arrays;

/** Copies one index space from a source to a view: transposes, slices, pads, changes of layout. The last axis is the inner loop. */
public final class CopyStep extends Step {

    private final Source in;
    private final View out;
    private final int[] outer;
    private final int inner;
    private final int inStride;
    private final int outStride;

    /** {@code dims} are the dimensions of both sides, at least one. */
    public CopyStep(StepInfo info, Source in, View out, int... dims) {
        super(info);
        this.in = in;
        this.out = out;
        int last = dims.length - 1;
        outer = Arrays.copyOf(dims, last);
        inner = dims[last];
        inStride = in.view().stride(last);
        outStride = out.stride(last);
    }

    @Override
    public int units() {
        return outer.length == 0 ? 1 : outer[0];
    }

    @Override
    public void run(float[][] slots, float[] scratch, int from, int to) {
        float[] source = in.array(slots);
        float[] target = slots[out.slot()];
        int rows = Strides.product(outer) / units();
        for (int row = from * rows; row < to * rows; row++) {
            copy(source, in.view().at(row, outer), inStride, target, out.at(row, outer), outStride, inner);
        }
    }

    private static void copy(float[] source, int s, int sStep, float[] target, int t, int tStep, int count) {
        if (sStep == 1 && tStep == 1) {
            System.arraycopy(source, s, target, t, count);
        } else {
            for (int i = 0; i < count; i++) {
                target[t + i * tStep] = source[s + i * sStep];
            }
        }
    }
}
