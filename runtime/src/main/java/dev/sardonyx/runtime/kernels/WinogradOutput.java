package dev.sardonyx.runtime.kernels;

/**
 * What ends a Winograd convolution: transforms the (m+2)² matrices of products back into pixels. A matrix holds blocks of
 * sums, panel by panel and in each strip by strip.
 */
public final class WinogradOutput {

    private final WinogradTiling tiling;
    private final int height;
    private final int width;
    private final PanelLayout layout;
    private final PixelOutput output;

    /** {@code height} and {@code width} are the output image's, which tiles may reach beyond. */
    public WinogradOutput(WinogradTiling tiling, int height, int width, PanelLayout layout, PixelOutput output) {
        this.tiling = tiling;
        this.height = height;
        this.width = width;
        this.layout = layout;
        this.output = output;
    }

    /** The same of the images from number {@code n} on. */
    WinogradOutput from(int n) {
        return new WinogradOutput(tiling, height, width, layout, output.from(n));
    }

    /** Floats of scratch memory that a transform needs: one tile's pixels, and what is between the two passes. */
    int scratch() {
        return tiling.m() * tiling.m() * output.channels() + tiling.values() * WinogradLoops.MAX_LANES;
    }

    /**
     * Transforms the tiles {@code from} to {@code to} (exclusive) back.
     *
     * @param base tile that begins the first strip
     * @param sums the matrices, from {@code v} on, of {@code strips} strips each
     * @param scratch room for {@link #scratch()} floats, from {@code t} on
     */
    void transform(
            float[][] slots,
            int from,
            int to,
            int base,
            float[] sums,
            int v,
            int strips,
            float[] scratch,
            int t,
            WinogradLoops loops,
            EpilogueLoops epilogues) {
        int stripRows = layout.strips().rows();
        int pitch = layout.packing().panelWidth();
        int m = tiling.m();
        int channels = output.channels();
        for (int tile = from; tile < to; tile++) {
            int row = tile - base;
            int block = v + row / stripRows * layout.blockSize() + row % stripRows * pitch;
            int panel = strips * layout.blockSize();
            int between = t + m * m * channels;
            loops.output(m, sums, block, pitch, panel, layout.plane(strips), channels, scratch, t, between);
            finish(slots, tile, scratch, t, epilogues);
        }
    }

    private void finish(float[][] slots, int tile, float[] pixels, int t, EpilogueLoops loops) {
        int m = tiling.m();
        int channels = output.channels();
        int w = tile % tiling.tilesW() * m;
        int h = tile / tiling.tilesW() % tiling.tilesH() * m;
        int n = tile / tiling.tilesW() / tiling.tilesH();
        int count = Math.min(m, width - w);
        for (int y = 0; y < m && h + y < height; y++) {
            int first = (n * height + h + y) * width + w;
            output.finish(slots, pixels, t + y * m * channels, channels, first, count, 0, 0, channels, loops);
        }
    }
}
