package dev.sardonyx.runtime.kernels;

/**
 * Last step of a Winograd convolution: transforms the tiles back, adds bias and residual, activates. A unit is a row of tiles.
 */
public final class WinogradOutputStep extends Step {

    /**
     * Where the result goes.
     *
     * @param height rows of an output image
     * @param width pixels of an output row
     * @param epilogue see {@link ConvolutionTiles#run}
     */
    public record Result(int height, int width, Image out, Image residual, int epilogue, TileShape.Clamp activation) {}

    private final WinogradTiling tiling;
    private final int slot;
    private final Result result;
    private final float[] bias;
    private final WinogradLoops loops;

    /**
     * A step that transforms back.
     *
     * @param slot holds the tiles; overwritten
     * @param bias one value per channel, or empty for none
     */
    public WinogradOutputStep(
            StepInfo info, WinogradTiling tiling, int slot, Result result, float[] bias, WinogradLoops loops) {
        super(info);
        this.tiling = tiling;
        this.slot = slot;
        this.result = result;
        this.bias = bias.length == 0 ? new float[tiling.channels()] : bias;
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
            for (int tile = 0; tile < t.tilesW(); tile++) {
                int v = (row * t.tilesW() + tile) * t.tileStride();
                loops.output(t.m(), slots[slot], v, t.plane(), t.channels());
                finish(slots, v, row / t.tilesH(), row % t.tilesH() * t.m(), tile * t.m());
            }
        }
    }

    /** Tiles at the right and bottom border may reach beyond the image. */
    private void finish(float[][] slots, int v, int n, int h, int w) {
        WinogradTiling t = tiling;
        int rows = Math.min(t.m(), result.height - h);
        int columns = Math.min(t.m(), result.width - w);
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < columns; x++) {
                loops.finish(
                        slots[slot],
                        v + (y * (t.m() + 2) + x) * t.plane(),
                        bias,
                        slots[result.residual.slot()],
                        result.residual.at(n, h + y, w + x),
                        slots[result.out.slot()],
                        result.out.at(n, h + y, w + x),
                        result.epilogue,
                        result.activation,
                        t.channels());
            }
        }
    }
}
