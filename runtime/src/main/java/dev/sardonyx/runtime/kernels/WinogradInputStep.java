package dev.sardonyx.runtime.kernels;

/** First step of a Winograd convolution: transforms all tiles of the input. A unit is a row of tiles. */
public final class WinogradInputStep extends Step {

    private final WinogradTiling tiling;
    private final Image in;
    private final int slot;
    private final WinogradLoops loops;

    /**
     * A step that transforms.
     *
     * @param in the input; pixel (0, 0) is the first pixel of the first window
     * @param slot receives the transformed tiles
     */
    public WinogradInputStep(StepInfo info, WinogradTiling tiling, Image in, int slot, WinogradLoops loops) {
        super(info);
        this.tiling = tiling;
        this.in = in;
        this.slot = slot;
        this.loops = loops;
    }

    @Override
    public int units() {
        return tiling.tileRows();
    }

    @Override
    public void run(float[][] slots, int from, int to) {
        WinogradTiling t = tiling;
        for (int row = from; row < to; row++) {
            int n = row / t.tilesH();
            int h = row % t.tilesH() * t.m();
            for (int tile = 0; tile < t.tilesW(); tile++) {
                loops.input(
                        t.m(),
                        slots[in.slot()],
                        in.at(n, h, tile * t.m()),
                        in.rowStride(),
                        in.pixelStride(),
                        slots[slot],
                        (row * t.tilesW() + tile) * t.tileStride(),
                        t.plane(),
                        t.channels());
            }
        }
    }
}
