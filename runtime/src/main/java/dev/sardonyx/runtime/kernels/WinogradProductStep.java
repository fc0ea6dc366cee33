package dev.sardonyx.runtime.kernels;

/**
 * Second of three steps of a Winograd convolution: multiplies the (m+2)² matrices with the transformed weights. A unit is a few
 * panels of one matrix, so that each weight comes from memory once.
 */
public final class WinogradProductStep extends Step implements ImageStep {

    private final int tiles;
    private final int values;
    private final int source;
    private final int sourceStart;
    private final int inPlane;
    private final Panels panels;
    private final int target;
    private final int targetStart;

    /**
     * A step that multiplies.
     *
     * @param source slot that holds the matrices of {@code input}, from {@code sourceStart} on
     * @param panels the transformed weights; a group for each of the (m+2)² values
     * @param target slot that receives the products, from {@code targetStart} on
     */
    public WinogradProductStep(
            StepInfo info,
            WinogradInput input,
            int source,
            int sourceStart,
            Panels panels,
            int target,
            int targetStart) {
        super(info);
        this.source = source;
        this.sourceStart = sourceStart;
        this.panels = panels;
        this.target = target;
        this.targetStart = targetStart;
        tiles = input.tiling().tiles();
        values = input.tiling().values();
        inPlane = input.plane(panels.strips().count(tiles));
    }

    /** This one: matrices and products are the same memory for each image. */
    @Override
    public Step from(int image) {
        return this;
    }

    @Override
    public int units() {
        return values * panels.packing().panels();
    }

    @Override
    public void run(float[][] slots, float[] scratch, int from, int to) {
        int count = panels.packing().panels();
        int strips = panels.strips().count(tiles);
        int outPlane = panels.layout().plane(strips);
        for (int unit = from; unit < to; unit++) {
            int value = unit / count;
            int panel = unit % count;
            panels.touch(value, panel, 0, panels.strips().depth(), scratch);
            multiply(
                    panels,
                    value,
                    panel,
                    panel + 1,
                    tiles,
                    strips,
                    slots[source],
                    sourceStart + value * inPlane,
                    slots[target],
                    targetStart + value * outPlane,
                    scratch);
        }
    }

    /** Multiplies {@code rows} rows of one matrix with some panels; {@code strips} is what the matrices have room for. */
    static void multiply(
            Panels panels,
            int value,
            int firstPanel,
            int endPanel,
            int rows,
            int strips,
            float[] in,
            int s,
            float[] out,
            int o,
            float[] scratch) {
        int block = panels.layout().blockSize();
        for (int panel = firstPanel; panel < endPanel; panel++) {
            panels.multiply(in, s, rows, value, panel, out, o + panel * strips * block, scratch);
        }
    }
}
