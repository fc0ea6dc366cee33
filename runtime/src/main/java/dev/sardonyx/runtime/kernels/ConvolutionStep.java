package dev.sardonyx.runtime.kernels;

/**
 * Direct convolution as a matrix product. A unit is a few strips of output pixels of one group: it packs their patches,
 * multiplies them with all panels of weights while they are in the cache, and ends the sums tile by tile.
 */
public final class ConvolutionStep extends Step {

    private final Patches patches;
    private final Panels panels;
    private final PixelOutput output;
    private final int stripBlock;
    private final boolean cached;
    private final RowLoops loops;
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
            RowLoops loops) {
        super(info);
        this.patches = patches;
        this.panels = panels;
        this.output = output;
        this.stripBlock = stripBlock;
        this.cached = cached;
        this.loops = loops;
        blocks = (panels.strips().count(patches.rows()) + stripBlock - 1) / stripBlock;
    }

    @Override
    public int units() {
        return panels.packing().groups() * blocks;
    }

    @Override
    public int scratch() {
        return stripBlock * panels.strips().size() + panels.layout().blockSize();
    }

    @Override
    public void run(float[][] slots, float[] scratch, int from, int to) {
        Strips layout = panels.strips();
        int size = layout.size();
        for (int unit = from; unit < to; unit++) {
            int group = unit / blocks;
            if (cached) {
                panels.touch(group, scratch);
            }
            int first = unit % blocks * stripBlock;
            int count = Math.min(stripBlock, layout.count(patches.rows()) - first);
            for (int i = 0; i < count; i++) {
                patches.pack(
                        slots[patches.in().slot()], group, first + i, layout, scratch, Arena.FIRST + i * size, loops);
            }
            for (int panel = 0; panel < panels.packing().panels(); panel++) {
                if (!cached) {
                    panels.touch(group, panel, 0, layout.depth(), scratch);
                }
                for (int i = 0; i < count; i++) {
                    multiply(
                            slots,
                            scratch,
                            Arena.FIRST + i * size,
                            group,
                            panel,
                            first + i,
                            Arena.FIRST + stripBlock * size);
                }
            }
        }
    }

    private void multiply(float[][] slots, float[] scratch, int s, int group, int panel, int strip, int sums) {
        int row = strip * panels.strips().rows();
        int rows = Math.min(panels.strips().rows(), patches.rows() - row);
        ConvolutionPacking packing = panels.packing();
        panels.multiply(scratch, s, rows, group, panel, scratch, sums);
        int width = packing.panelWidth();
        output.finish(
                slots, scratch, sums, width, row, rows, group, panel * width, packing.panelChannels(panel), loops);
    }
}
