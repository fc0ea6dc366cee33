package dev.sardonyx.runtime.kernels;

import java.util.Arrays;

/** Mean or maximum over some axes. A unit is a row: the last kept axis. */
public final class ReductionStep extends Step {

    private final boolean mean;
    private final View in;
    private final View out;
    private final int[] outer;
    private final int inner;
    private final int[] kept;
    private final int[] reduced;
    private final View reducedView;

    /**
     * A step that reduces.
     *
     * @param mean mean rather than maximum
     * @param in the kept axes of the input, as many as {@code kept}
     * @param reducedStrides strides of the reduced axes, as many as {@code reduced}
     * @param out the output, as many axes as {@code kept}
     * @param kept dimensions that stay, at least one
     * @param reduced dimensions that go
     */
    public ReductionStep(
            StepInfo info, boolean mean, View in, int[] reducedStrides, View out, int[] kept, int[] reduced) {
        super(info);
        this.mean = mean;
        this.in = in;
        this.out = out;
        this.kept = kept.clone();
        this.reduced = reduced.clone();
        reducedView = View.of(in.slot(), 0, reducedStrides);
        outer = Arrays.copyOf(kept, kept.length - 1);
        inner = kept[kept.length - 1];
    }

    @Override
    public int units() {
        return Math.max(1, Strides.product(outer));
    }

    @Override
    public void run(float[][] slots, float[] scratch, int from, int to) {
        float[] source = slots[in.slot()];
        float[] target = slots[out.slot()];
        int last = kept.length - 1;
        int count = Strides.product(reduced);
        for (int row = from; row < to; row++) {
            int i = in.at(row, outer);
            int o = out.at(row, outer);
            fill(target, o, out.stride(last), inner, mean ? 0 : Float.NEGATIVE_INFINITY);
            for (int r = 0; r < count; r++) {
                int s = i + reducedView.at(r, reduced);
                if (mean) {
                    add(source, s, in.stride(last), target, o, out.stride(last), inner);
                } else {
                    maximum(source, s, in.stride(last), target, o, out.stride(last), inner);
                }
            }
            if (mean) {
                divide(target, o, out.stride(last), inner, count);
            }
        }
    }

    private static void fill(float[] target, int t, int tStep, int count, float value) {
        for (int c = 0; c < count; c++) {
            target[t + c * tStep] = value;
        }
    }

    private static void add(float[] source, int s, int sStep, float[] target, int t, int tStep, int count) {
        if (sStep == 1 && tStep == 1) {
            for (int c = 0; c < count; c++) {
                target[t + c] += source[s + c];
            }
        } else {
            for (int c = 0; c < count; c++) {
                target[t + c * tStep] += source[s + c * sStep];
            }
        }
    }

    private static void maximum(float[] source, int s, int sStep, float[] target, int t, int tStep, int count) {
        for (int c = 0; c < count; c++) {
            target[t + c * tStep] = Math.max(target[t + c * tStep], source[s + c * sStep]);
        }
    }

    private static void divide(float[] target, int t, int tStep, int count, int divisor) {
        for (int c = 0; c < count; c++) {
            target[t + c * tStep] /= divisor;
        }
    }
}
