package dev.sardonyx.runtime.kernels;

/** Last of three steps of a Winograd convolution: transforms all tiles back. A unit is a row of tiles. */
public final class WinogradOutputStep extends Step implements ImageStep {

    private final WinogradTiling tiling;
    private final int slot;
    private final int start;
    private final int strips;
    private final WinogradOutput output;
    private final Kernels kernels;

    /**
     * A step that transforms back.
     *
     * @param slot holds the products, from {@code start} on
     * @param strips strips of tiles
     */
    public WinogradOutputStep(
            StepInfo info,
            WinogradTiling tiling,
            int slot,
            int start,
            int strips,
            WinogradOutput output,
            Kernels kernels) {
        super(info);
        this.tiling = tiling;
        this.slot = slot;
        this.start = start;
        this.strips = strips;
        this.output = output;
        this.kernels = kernels;
    }

    @Override
    public Step from(int image) {
        return new WinogradOutputStep(info(), tiling, slot, start, strips, output.from(image), kernels);
    }

    @Override
    public int units() {
        return tiling.batch() * tiling.tilesH();
    }

    @Override
    public int scratch() {
        return output.scratch();
    }

    @Override
    public void run(float[][] slots, float[] scratch, int from, int to) {
        output.transform(
                slots,
                from * tiling.tilesW(),
                to * tiling.tilesW(),
                0,
                slots[slot],
                start,
                strips,
                scratch,
                Arena.FIRST,
                kernels.winograd(),
                kernels.epilogues());
    }
}
