package dev.sardonyx.runtime.kernels;

/** Packs the patches of all groups into a slot, for a {@link PanelStep}. A unit is a strip. */
public final class PatchStep extends Step implements ImageStep {

    private final Patches patches;
    private final Strips layout;
    private final int groups;
    private final int slot;
    private final int start;

    /**
     * A step that packs.
     *
     * @param slot receives the strips, group by group, from {@code start} on
     */
    public PatchStep(StepInfo info, Patches patches, Strips layout, int groups, int slot, int start) {
        super(info);
        this.patches = patches;
        this.layout = layout;
        this.groups = groups;
        this.slot = slot;
        this.start = start;
    }

    @Override
    public Step from(int image) {
        return new PatchStep(info(), patches.from(image), layout, groups, slot, start);
    }

    @Override
    public int units() {
        return groups * layout.count(patches.rows());
    }

    @Override
    public void run(float[][] slots, float[] scratch, int from, int to) {
        int strips = layout.count(patches.rows());
        for (int unit = from; unit < to; unit++) {
            patches.pack(
                    slots[patches.in().slot()],
                    unit / strips,
                    unit % strips,
                    layout,
                    slots[slot],
                    start + unit / strips * layout.size(strips) + layout.at(unit % strips));
        }
    }
}
