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
     * @param ahead as {@code full}, but reads ahead; {@code full} itself where none does
     */
    public record Numbers(int rows, int lowRows, int full, int low, int narrow, int narrowLow, int ahead) {

        int tile(boolean isLow, boolean isNarrow) {
            return isNarrow ? (isLow ? narrowLow : narrow) : (isLow ? low : full);
        }

        boolean readAhead() {
            return ahead != full;
        }

        /** How many of the tiles for {@code count} rows are not lower ones. */
        int notLow(int count) {
            return count / rows + (count % rows > lowRows ? 1 : 0);
        }
    }

    /** In a thread's scratch memory: the weights that it has read last in one go. */
    private static final int READ = 1;

    /** In a thread's scratch memory: where what tiles have read ahead begins. */
    private static final int AHEAD = 2;

    /** In a thread's scratch memory: floats that tiles have read ahead. */
    private static final int FLOATS_AHEAD = 3;

    private final PanelLayout layout;
    private final Numbers numbers;
    private final Numbers adding;
    private final float[] weights;
    private final int start;
    private final MatrixTiles tiles;
    private final Kernels kernels;

    private Panels(PanelLayout layout, Numbers numbers, Numbers adding, Kernels kernels) {
        this.layout = layout;
        this.numbers = numbers;
        this.adding = adding;
        weights = kernels.arena().floats();
        start = kernels.arena().allocate(layout.packing().size());
        tiles = kernels.tiles();
        this.kernels = kernels;
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

    /**
     * Multiplies the first {@code rows} rows of some strips with a panel; {@code out} gets the sums, row by row, from {@code o} on.
     *
     * @param scratch the thread's scratch memory
     */
    void multiply(float[] source, int s, int rows, int group, int panel, float[] out, int o, float[] scratch) {
        multiply(source, s, rows, group, panel, 0, strips().depth(), out, o, scratch);
    }

    /**
     * Multiplies a piece of the first {@code rows} rows of some strips, a block of columns at a time.
     *
     * @param s where the first strip begins
     * @param first first column of the piece; other pieces than the first are added to {@code out}
     * @param depth columns of the piece
     * @param scratch the thread's scratch memory
     */
    void multiply(
            float[] source,
            int s,
            int rows,
            int group,
            int panel,
            int first,
            int depth,
            float[] out,
            int o,
            float[] scratch) {
        int end = first + depth;
        for (int column = first; column < end; ) {
            int columns = Math.min(end, (column / Strips.BLOCK + 1) * Strips.BLOCK) - column;
            multiplyBlock(source, s, rows, group, panel, column, columns, out, o, scratch);
            column += columns;
        }
    }

    /** Multiplies a block, and meanwhile may read as many of the weights after it as it has itself: those are usually needed next. */
    private void multiplyBlock(
            float[] source,
            int s,
            int rows,
            int group,
            int panel,
            int first,
            int depth,
            float[] out,
            int o,
            float[] scratch) {
        int channels = packing().panelChannels(panel);
        boolean narrow = channels < packing().panelWidth();
        Numbers chosen = first == 0 ? numbers : adding;
        int p = start + packing().panelOffset(group, panel) + first * channels;
        int next = p + depth * channels;
        boolean mayRead = chosen.readAhead() && !narrow && kernels.isReadingAhead();
        int pace = mayRead ? pace(channels, chosen.notLow(rows)) : 0;
        int stride = pace * depth / Strips.STEP;
        int endAhead = mayRead ? Math.min(next + depth * channels, weights.length - stride) : next;
        int ahead = next;
        int column = s + strips().column(first);
        int sums = o;
        for (int done = 0; done < rows; done += strips().rows()) {
            int strip = column + strips().at(done / strips().rows());
            int end = Math.min(strips().rows(), rows - done);
            for (int row = 0; row < end; row += numbers.rows) {
                boolean low = end - row <= numbers.lowRows;
                boolean reading = !low && ahead < endAhead;
                int tile = reading ? chosen.ahead : chosen.tile(low, narrow);
                tiles.multiply(tile, source, strip + row * Strips.PITCH, weights, p, depth, out, sums, ahead, pace);
                ahead += reading ? stride : 0;
                sums += numbers.rows * packing().panelWidth();
            }
        }
        scratch[AHEAD] = Float.intBitsToFloat(next);
        scratch[FLOATS_AHEAD] = Float.intBitsToFloat(ahead - next);
    }

    /** Floats that each of {@code count} tiles reads ahead for each step: together what a panel has, but no cache line is left out. */
    private static int pace(int channels, int count) {
        return Math.min(Arena.LINE, Math.ceilDiv(channels * Strips.STEP, Math.max(1, count)));
    }

    /** Reads a piece of a panel, so that it lies in the cache when the tiles need it: what they have not read ahead. */
    void touch(int group, int panel, int first, int depth, float[] scratch) {
        int channels = packing().panelChannels(panel);
        int from = start + packing().panelOffset(group, panel) + first * channels;
        boolean expected = Float.floatToRawIntBits(scratch[AHEAD]) == from;
        int read = expected ? Math.min(Float.floatToRawIntBits(scratch[FLOATS_AHEAD]), depth * channels) : 0;
        Streams.touch(weights, from + read, depth * channels - read, scratch);
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
        if (Float.floatToRawIntBits(scratch[READ]) != from) {
            Streams.touch(weights, from, count, scratch);
            scratch[READ] = Float.intBitsToFloat(from);
        }
    }
}
