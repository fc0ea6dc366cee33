package dev.sardonyx.runtime.kernels;

/** First of three steps of a Winograd convolution: transforms all tiles of the input. A unit is a strip of tiles. */
public final class WinogradInputStep extends Step implements ImageStep {

    private final WinogradInput input;
    private final int slot;
    private final int start;
    private final Kernels kernels;

    /**
     * A step that transforms.
     *
     * @param slot receives the matrices, from {@code start} on
     */
    public WinogradInputStep(StepInfo info, WinogradInput input, int slot, int start, Kernels kernels) {
        super(info);
        this.input = input;
        this.slot = slot;
        this.start = start;
        this.kernels = kernels;
    }

    @Override
    public Step from(int image) {
        return new WinogradInputStep(info(), input.from(image), slot, start, kernels);
    }

    @Override
    public int units() {
        return input.strips().count(input.tiling().tiles());
    }

    @Override
    public int scratch() {
        return input.scratch();
    }

    @Override
    public void run(float[][] slots, float[] scratch, int from, int to) {
        int rows = input.strips().rows();
        int end = Math.min(to * rows, input.tiling().tiles());
        float[] source = slots[input.in().slot()];
        input.transform(
                source,
                from * rows,
                end,
                0,
                slots[slot],
                start,
                input.plane(units()),
                scratch,
                Arena.FIRST,
                kernels.winograd());
    }
}
