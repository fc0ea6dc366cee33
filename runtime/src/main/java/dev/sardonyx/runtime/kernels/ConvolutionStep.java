package dev.sardonyx.runtime.kernels;

/**
 * Direct convolution over {@link ConvolutionTiles}. Rows of output pixels are cut into tiles; a unit of work is a block of
 * rows times a block of panels of one group.
 */
public final class ConvolutionStep extends Step {

    /**
     * Where the data lies and how the loops run.
     *
     * @param batch number of images
     * @param rows rows of output pixels in an image
     * @param width pixels in a row
     * @param lastWidth pixels in the last row of an image
     * @param in the input; pixel (0, 0) is where the first window begins, and its strides are those between windows
     * @param rowStride from one tap to the next downwards
     * @param columnStride from one tap to the next sideways
     * @param inGroup from one group's input to the next's
     * @param outGroup from one group's output to the next's
     * @param out the output
     * @param residual what is added; ignored where {@code epilogue} says so
     * @param epilogue see {@link ConvolutionTiles#run}
     */
    public record Geometry(
            int batch,
            int rows,
            int width,
            int lastWidth,
            Image in,
            int rowStride,
            int columnStride,
            int inGroup,
            int outGroup,
            Image out,
            Image residual,
            int epilogue) {}

    /**
     * How the work is cut.
     *
     * @param tile the tile for full panels
     * @param narrowTile the tile for the last, narrower panel of a group
     * @param pixels output pixels of both tiles
     * @param rowBlock rows in a unit
     * @param panelBlock panels in a unit
     */
    public record Blocking(int tile, int narrowTile, int pixels, int rowBlock, int panelBlock) {}

    private final Geometry geometry;
    private final Blocking blocking;
    private final ConvolutionPacking packing;
    private final float[] weights;
    private final ConvolutionTiles tiles;
    private final int rowBlocks;
    private final int panelBlocks;

    /** Packs {@code weights} and {@code bias} as {@link ConvolutionPacking#pack} takes them. */
    public ConvolutionStep(
            StepInfo info,
            Geometry geometry,
            Blocking blocking,
            ConvolutionPacking packing,
            float[] weights,
            float[] bias,
            ConvolutionTiles tiles) {
        super(info);
        this.geometry = geometry;
        this.blocking = blocking;
        this.packing = packing;
        this.weights = packing.pack(weights, bias);
        this.tiles = tiles;
        rowBlocks = ceilDiv(geometry.batch * geometry.rows, blocking.rowBlock);
        panelBlocks = ceilDiv(packing.panels(), blocking.panelBlock);
    }

    private static int ceilDiv(int a, int b) {
        return (a + b - 1) / b;
    }

    @Override
    public int units() {
        return packing.groups() * rowBlocks * panelBlocks;
    }

    /** Units count row blocks fastest, so that one panel's weights serve all rows while they are in the cache. */
    @Override
    public void run(float[][] slots, int from, int to) {
        for (int unit = from; unit < to; unit++) {
            int rowBlock = unit % rowBlocks;
            int panelBlock = unit / rowBlocks % panelBlocks;
            int group = unit / rowBlocks / panelBlocks;
            int firstPanel = panelBlock * blocking.panelBlock;
            int endPanel = Math.min(firstPanel + blocking.panelBlock, packing.panels());
            int firstRow = rowBlock * blocking.rowBlock;
            int endRow = Math.min(firstRow + blocking.rowBlock, geometry.batch * geometry.rows);
            for (int panel = firstPanel; panel < endPanel; panel++) {
                for (int row = firstRow; row < endRow; row++) {
                    row(slots, group, panel, row);
                }
            }
        }
    }

    private void row(float[][] slots, int group, int panel, int row) {
        Geometry g = geometry;
        int n = row / g.rows;
        int h = row % g.rows;
        int width = h == g.rows - 1 ? g.lastWidth : g.width;
        int channel = group * g.outGroup + panel * packing.vectors() * packing.vector();
        float[] in = slots[g.in.slot()];
        float[] out = slots[g.out.slot()];
        float[] residual = slots[g.residual.slot()];
        int inOffset = g.in.at(n, h, 0) + group * g.inGroup;
        int outOffset = g.out.at(n, h, 0) + channel;
        int residualOffset = g.residual.at(n, h, 0) + channel;
        int weightOffset = packing.panelOffset(group, panel);
        boolean full = packing.panelChannels(panel) == packing.vectors() * packing.vector();
        int tile = full ? blocking.tile : blocking.narrowTile;
        for (int x = 0; x < width; x += blocking.pixels) {
            tiles.run(
                    tile,
                    in,
                    inOffset + x * g.in.pixelStride(),
                    g.rowStride,
                    g.columnStride,
                    packing.depth(),
                    weights,
                    weightOffset,
                    out,
                    outOffset + x * g.out.pixelStride(),
                    g.out.pixelStride(),
                    residual,
                    residualOffset + x * g.residual.pixelStride(),
                    g.residual.pixelStride(),
                    g.epilogue,
                    Math.min(blocking.pixels, width - x));
        }
    }
}
