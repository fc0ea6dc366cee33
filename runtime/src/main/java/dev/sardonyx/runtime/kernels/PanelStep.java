package dev.sardonyx.runtime.kernels;

/**
 * Direct convolution over patches that are packed already ({@link PatchStep}). A unit is a panel, so that each weight
 * comes from memory once: for small images with many channels. Sums longer than a tile's are computed block by block. Units that a
 * thread takes at a time end together.
 */
public final class PanelStep extends Step implements ImageStep {

    /** Channels that end together: of each pixel a few cache lines side by side are read and written, instead of one here and there. */
    private static final int CHANNELS_TOGETHER = 128;

    /** Rows whose sums end before those of the next ones do, panel by panel. */
    private static final int ROWS_TOGETHER = 14;

    private final int rows;
    private final int slot;
    private final int start;
    private final Panels panels;
    private final PixelOutput output;
    private final Kernels kernels;

    /**
     * A step that multiplies.
     *
     * @param rows output pixels of all images
     * @param slot holds the strips, group by group, from {@code start} on
     */
    public PanelStep(StepInfo info, int rows, int slot, int start, Panels panels, PixelOutput output, Kernels kernels) {
        super(info);
        this.rows = rows;
        this.slot = slot;
        this.start = start;
        this.panels = panels;
        this.output = output;
        this.kernels = kernels;
    }

    @Override
    public Step from(int image) {
        return new PanelStep(info(), rows, slot, start, panels, output.from(image), kernels);
    }

    @Override
    public int units() {
        return panels.packing().groups() * panels.packing().panels();
    }

    @Override
    public int scratch() {
        return Math.min(panelsTogether(), panels.packing().panels()) * sumsOfPanel();
    }

    private int panelsTogether() {
        return Math.max(1, CHANNELS_TOGETHER / panels.packing().panelWidth());
    }

    private int sumsOfPanel() {
        return panels.strips().count(rows) * panels.layout().blockSize();
    }

    @Override
    public void run(float[][] slots, float[] scratch, int from, int to) {
        int count = panels.packing().panels();
        for (int unit = from; unit < to; ) {
            int panel = unit % count;
            int together = Math.min(Math.min(panelsTogether(), to - unit), count - panel);
            for (int i = 0; i < together; i++) {
                multiply(slots[slot], unit / count, panel + i, scratch, Arena.FIRST + i * sumsOfPanel());
            }
            for (int row = 0; row < rows; row += ROWS_TOGETHER) {
                int ending = Math.min(ROWS_TOGETHER, rows - row);
                for (int i = 0; i < together; i++) {
                    finish(slots, unit / count, panel + i, row, ending, scratch, Arena.FIRST + i * sumsOfPanel());
                }
            }
            unit += together;
        }
    }

    private void multiply(float[] source, int group, int panel, float[] scratch, int sums) {
        Strips layout = panels.strips();
        int s = start + group * layout.size(layout.count(rows));
        for (int first = 0; first < layout.depth(); first += Strips.BLOCK) {
            int depth = Math.min(Strips.BLOCK, layout.depth() - first);
            panels.touch(group, panel, first, depth, scratch);
            panels.multiply(source, s, rows, group, panel, first, depth, scratch, sums, scratch);
        }
    }

    /** Ends {@code count} rows of a panel whose sums lie from {@code sums} on. */
    private void finish(float[][] slots, int group, int panel, int row, int count, float[] scratch, int sums) {
        ConvolutionPacking packing = panels.packing();
        int width = packing.panelWidth();
        output.finish(
                slots,
                scratch,
                sums + row * width,
                width,
                row,
                count,
                group,
                panel * width,
                packing.panelChannels(panel),
                kernels.epilogues());
    }
}
