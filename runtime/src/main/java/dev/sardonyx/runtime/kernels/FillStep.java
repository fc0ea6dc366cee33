package dev.sardonyx.runtime.kernels;

/** Sets every element of a view to one value. */
public final class FillStep extends Step {

    private final View out;
    private final int[] dims;
    private final float value;

    /** {@code dims} are the view's dimensions. */
    public FillStep(StepInfo info, View out, float value, int... dims) {
        super(info);
        this.out = out;
        this.value = value;
        this.dims = dims.clone();
    }

    @Override
    public int units() {
        return 1;
    }

    @Override
    public void run(float[][] slots, float[] scratch, int from, int to) {
        float[] array = slots[out.slot()];
        int count = Strides.product(dims);
        for (int i = 0; i < count; i++) {
            array[out.at(i, dims)] = value;
        }
    }
}
