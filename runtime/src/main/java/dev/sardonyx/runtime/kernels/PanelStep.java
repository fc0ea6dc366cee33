package dev.sardonyx.runtime.kernels;

/**
 * Direct convolution over patches that are packed already ({@link PatchStep}). A unit is a panel, so that each weight
 * comes from memory once: for small images with many channels. Sums longer than a tile's are computed block by block.
 */
public final class PanelStep extends Step implements ImageStep {

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
        return panels.strips().count(rows) * panels.layout().blockSize();
    }

    @Override
    public void run(float[][] slots, float[] scratch, int from, int to) {
        int count = panels.packing().panels();
        for (int unit = from; unit < to; unit++) {
            multiply(slots[slot], unit / count, unit % count, scratch);
            finish(slots, unit / count, unit % count, scratch);
        }
    }

    private void multiply(float[] source, int group, int panel, float[] scratch) {
        Strips layout = panels.strips();
        int s = start + group * layout.size(layout.count(rows));
        for (int first = 0; first < layout.depth(); first += Strips.BLOCK) {
            int depth = Math.min(Strips.BLOCK, layout.depth() - first);
            panels.touch(group, panel, first, depth, scratch);
            panels.multiply(source, s, rows, group, panel, first, depth, scratch, Arena.FIRST);
        }
    }

    private void finish(float[][] slots, int group, int panel, float[] scratch) {
        ConvolutionPacking packing = panels.packing();
        int width = packing.panelWidth();
        int channels = packing.panelChannels(panel);
        output.finish(slots, scratch, Arena.FIRST, width, 0, rows, group, panel * width, channels, kernels.epilogues());
    }
}
