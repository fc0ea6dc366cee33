package dev.sardonyx.runtime.kernels;

/**
 * A Winograd convolution's input as (m+2)² matrices: a row holds one value of one transformed tile, for all channels. The matrices
 * are packed into strips, each {@code plane} floats.
 *
 * @param in the input; pixel (0, 0) is the first pixel of the first tile's window
 * @param strips rows are tiles, columns are channels
 */
public record WinogradInput(WinogradTiling tiling, Image in, Strips strips) {

    /** What keeps the values of one tile, which are written together, from falling into few sets of the cache. */
    private static final int PLANE_GAP = 16;

    /** Floats from matrix to matrix where each has {@code count} strips. */
    public int plane(int count) {
        return strips.size(count) + PLANE_GAP;
    }

    /** The same of the images from number {@code n} on. */
    WinogradInput from(int n) {
        return new WinogradInput(tiling, in.from(n), strips);
    }

    /** Floats of scratch memory that a transform needs. */
    int scratch() {
        return tiling.values() * WinogradLoops.MAX_LANES;
    }

    /**
     * Transforms the tiles {@code from} to {@code to} (exclusive).
     *
     * @param base tile that begins the first strip
     * @param out receives the matrices, from {@code o} on
     * @param scratch room for {@link #scratch()} floats, from {@code t} on
     */
    void transform(
            float[] source,
            int from,
            int to,
            int base,
            float[] out,
            int o,
            int plane,
            float[] scratch,
            int t,
            WinogradLoops loops) {
        for (int tile = from; tile < to; tile++) {
            int x = tile % tiling.tilesW();
            int y = tile / tiling.tilesW() % tiling.tilesH();
            int n = tile / tiling.tilesW() / tiling.tilesH();
            int row = tile - base;
            loops.input(
                    tiling.m(),
                    source,
                    in.at(n, y * tiling.m(), x * tiling.m()),
                    in.rowStride(),
                    in.pixelStride(),
                    out,
                    o + strips.at(row / strips.rows()) + row % strips.rows() * Strips.PITCH,
                    strips.blockStride(),
                    plane,
                    strips.depth(),
                    scratch,
                    t);
        }
    }
}
