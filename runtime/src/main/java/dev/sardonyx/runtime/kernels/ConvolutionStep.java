package dev.sardonyx.runtime.kernels;

/**
 * Direct convolution as a matrix product. A unit is a few strips of output pixels of one group: it packs their patches,
 * multiplies them with all panels of weights while they are in the cache, and ends the sums panel by panel.
 */
public final class ConvolutionStep extends Step implements ImageStep {

    private final Patches patches;
    private final Panels panels;
    private final PixelOutput output;
    private final int stripBlock;
    private final boolean cached;
    private final Kernels kernels;
    private final int blocks;

    /**
     * A step that convolves.
     *
     * @param stripBlock strips in a unit
     * @param cached whether the weights of a group stay in the cache from unit to unit
     */
    public ConvolutionStep(
            StepInfo info,
            Patches patches,
            Panels panels,
            PixelOutput output,
            int stripBlock,
            boolean cached,
            Kernels kernels) {
        super(info);
        this.patches = patches;
        this.panels = panels;
        this.output = output;
        this.stripBlock = stripBlock;
        this.cached = cached;
        this.kernels = kernels;
        blocks = (panels.strips().count(patches.rows()) + stripBlock - 1) / stripBlock;
    }

    @Override
    public Step from(int image) {
        return new ConvolutionStep(
                info(), patches.from(image), panels, output.from(image), stripBlock, cached, kernels);
    }

    @Override
    public int units() {
        return panels.packing().groups() * blocks;
    }

    @Override
    public int scratch() {
        return panels.strips().size(stripBlock) + stripBlock * panels.layout().blockSize();
    }

    @Override
    public void run(float[][] slots, float[] scratch, int from, int to) {
        Strips layout = panels.strips();
        ConvolutionPacking packing = panels.packing();
        int sums = Arena.FIRST + layout.size(stripBlock);
        for (int unit = from; unit < to; unit++) {
            int group = unit / blocks;
            if (cached) {
                panels.touch(group, scratch);
            }
            int first = unit % blocks * stripBlock;
            int count = Math.min(stripBlock, layout.count(patches.rows()) - first);
            for (int i = 0; i < count; i++) {
                patches.pack(slots[patches.in().slot()], group, first + i, layout, scratch, Arena.FIRST + layout.at(i));
            }
            int row = first * layout.rows();
            int rows = Math.min(count * layout.rows(), patches.rows() - row);
            int width = packing.panelWidth();
            if (packing.groups() == 1) { // else each group would read the others' channels, too
                output.touch(slots, row, rows, scratch);
            }
            for (int panel = 0; panel < packing.panels(); panel++) {
                if (!cached) {
                    panels.touch(group, panel, 0, layout.depth(), scratch);
                }
                panels.multiply(scratch, Arena.FIRST, rows, group, panel, scratch, sums, scratch);
                output.finish(
                        slots,
                        scratch,
                        sums,
                        width,
                        row,
                        rows,
                        group,
                        panel * width,
                        packing.panelChannels(panel),
                        kernels.epilogues());
            }
        }
    }
}
