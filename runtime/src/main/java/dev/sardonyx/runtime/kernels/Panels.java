package dev.sardonyx.runtime.kernels;

/**
 * The right matrix of a product: weights packed panel by panel, and the tiles that multiply strips with them. Immutable.
 */
public final class Panels {

    /**
     * The tiles by number; the last panel of a group may be narrower, and the last tile lower than the others.
     *
     * @param rows rows of the other tiles
     * @param lowRows rows of the lower tiles
     */
    public record Numbers(int rows, int lowRows, int full, int low, int narrow, int narrowLow) {

        int tile(boolean isLow, boolean isNarrow) {
            return isNarrow ? (isLow ? narrowLow : narrow) : (isLow ? low : full);
        }
    }

    private final PanelLayout layout;
    private final Numbers numbers;
    private final Numbers adding;
    private final float[] weights;
    private final int start;
    private final MatrixTiles tiles;

    private Panels(PanelLayout layout, Numbers numbers, Numbers adding, Kernels kernels) {
        this.layout = layout;
        this.numbers = numbers;
        this.adding = adding;
        weights = kernels.arena().floats();
        start = kernels.arena().allocate(layout.packing().size());
        tiles = kernels.tiles();
    }

    /**
     * Packs the weights of a direct convolution.
     *
     * @param numbers the tiles that begin sums
     * @param adding the tiles that add to them, for products that are deeper than {@link Strips#BLOCK}
     */
    public static Panels direct(
            PanelLayout layout, Numbers numbers, Numbers adding, WeightReader weights, Kernels kernels) {
        Panels panels = new Panels(layout, numbers, adding, kernels);
        layout.packing().pack(weights, panels.weights, panels.start);
        return panels;
    }

    /**
     * Transforms and packs the weights of a convolution by Winograd's filtering; each of the (m+2)² values of a tile is a group.
     *
     * @param m output pixels of a tile in each direction, 2 or 4
     */
    public static Panels winograd(
            int m, PanelLayout layout, Numbers numbers, Numbers adding, WeightReader weights, Kernels kernels) {
        Panels panels = new Panels(layout, numbers, adding, kernels);
        WinogradMatrices.pack(m, layout.packing(), weights, panels.weights, panels.start);
        return panels;
    }

    PanelLayout layout() {
        return layout;
    }

    Strips strips() {
        return layout.strips();
    }

    ConvolutionPacking packing() {
        return layout.packing();
    }

    /** Multiplies the first {@code rows} rows of some strips with a panel; {@code out} gets the sums, row by row, from {@code o} on. */
    void multiply(float[] source, int s, int rows, int group, int panel, float[] out, int o) {
        multiply(source, s, rows, group, panel, 0, strips().depth(), out, o);
    }

    /**
     * Multiplies a piece of the first {@code rows} rows of some strips, a block of columns at a time.
     *
     * @param s where the first strip begins
     * @param first first column of the piece; other pieces than the first are added to {@code out}
     * @param depth columns of the piece
     */
    void multiply(float[] source, int s, int rows, int group, int panel, int first, int depth, float[] out, int o) {
        int end = first + depth;
        for (int column = first; column < end; ) {
            int columns = Math.min(end, (column / Strips.BLOCK + 1) * Strips.BLOCK) - column;
            multiplyBlock(source, s, rows, group, panel, column, columns, out, o);
            column += columns;
        }
    }

    private void multiplyBlock(
            float[] source, int s, int rows, int group, int panel, int first, int depth, float[] out, int o) {
        int channels = packing().panelChannels(panel);
        boolean narrow = channels < packing().panelWidth();
        Numbers chosen = first == 0 ? numbers : adding;
        int p = start + packing().panelOffset(group, panel) + first * channels;
        int sums = o;
        int column = s + strips().column(first);
        for (int done = 0; done < rows; done += strips().rows()) {
            int strip = column + strips().at(done / strips().rows());
            int end = Math.min(strips().rows(), rows - done);
            for (int row = 0; row < end; row += numbers.rows) {
                int tile = chosen.tile(end - row <= numbers.lowRows, narrow);
                tiles.multiply(tile, source, strip + row * Strips.PITCH, weights, p, depth, out, sums);
                sums += numbers.rows * packing().panelWidth();
            }
        }
    }

    /** Reads a piece of a panel, so that it lies in the cache when the tiles need it. */
    void touch(int group, int panel, int first, int depth, float[] scratch) {
        int channels = packing().panelChannels(panel);
        int from = start + packing().panelOffset(group, panel) + first * channels;
        Streams.touch(weights, from, depth * channels, scratch);
    }

    /** As {@link #touch(int, int, int, int, float[])}, for all panels of a group, unless the thread did so last. */
    void touch(int group, float[] scratch) {
        touchOnce(
                start + packing().panelOffset(group, 0),
                packing().size() / packing().groups(),
                scratch);
    }

    /** As {@link #touch(int, float[])}, for the panels of all groups. */
    void touchAll(float[] scratch) {
        touchOnce(start, packing().size(), scratch);
    }

    private void touchOnce(int from, int count, float[] scratch) {
        if (Float.floatToRawIntBits(scratch[1]) != from) {
            Streams.touch(weights, from, count, scratch);
            scratch[1] = Float.intBitsToFloat(from);
        }
    }
}
