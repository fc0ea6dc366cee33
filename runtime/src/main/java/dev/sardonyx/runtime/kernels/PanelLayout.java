package dev.sardonyx.runtime.kernels;

/**
 * The shape of a product: strips of rows times panels of columns gives blocks of sums, panel by panel and in each strip by
 * strip.
 *
 * @param strips the left matrix
 * @param packing the right matrix
 */
public record PanelLayout(Strips strips, ConvolutionPacking packing) {

    /** What keeps the values of one Winograd tile, which are read together, from falling into few sets of the cache. */
    private static final int PLANE_GAP = 16;

    /** Floats of the sums of one strip and one panel. */
    int blockSize() {
        return strips.rows() * packing.panelWidth();
    }

    /** Floats from one product's sums to the next's where each has {@code count} strips. */
    public int plane(int count) {
        return packing.panels() * count * blockSize() + PLANE_GAP;
    }
}
