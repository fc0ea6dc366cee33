package dev.sardonyx.runtime.kernels;

/** Softmax, or its logarithm, over one axis or several taken as one. A unit is one such set of elements. */
public final class SoftmaxStep extends Step {

    private final boolean log;
    private final View in;
    private final View out;
    private final View inSet;
    private final View outSet;
    private final int[] outer;
    private final int[] set;

    /**
     * A step that normalises.
     *
     * @param log take the logarithm
     * @param in strides of the input by outer axis
     * @param inSet offset 0 and strides of the input by normalised axis; likewise the output's
     * @param outer dimensions of the axes that are not normalised
     * @param set dimensions of the axes that are
     */
    public SoftmaxStep(StepInfo info, boolean log, View in, View inSet, View out, View outSet, int[] outer, int[] set) {
        super(info);
        this.log = log;
        this.in = in;
        this.inSet = inSet;
        this.out = out;
        this.outSet = outSet;
        this.outer = outer.clone();
        this.set = set.clone();
    }

    @Override
    public int units() {
        return Math.max(1, Strides.product(outer));
    }

    @Override
    public void run(float[][] slots, float[] scratch, int from, int to) {
        for (int unit = from; unit < to; unit++) {
            normalise(slots[in.slot()], in.at(unit, outer), slots[out.slot()], out.at(unit, outer));
        }
    }

    /** Subtracts the maximum first, so that no exponential overflows. */
    private void normalise(float[] source, int i, float[] target, int o) {
        int count = Strides.product(set);
        float maximum = Float.NEGATIVE_INFINITY;
        for (int k = 0; k < count; k++) {
            maximum = Math.max(maximum, source[i + inSet.at(k, set)]);
        }
        double sum = 0;
        for (int k = 0; k < count; k++) {
            sum += Math.exp(source[i + inSet.at(k, set)] - maximum);
        }
        double logSum = Math.log(sum);
        for (int k = 0; k < count; k++) {
            double shifted = source[i + inSet.at(k, set)] - maximum;
            target[o + outSet.at(k, set)] = (float) (log ? shifted - logSum : Math.exp(shifted) / sum);
        }
    }
}
