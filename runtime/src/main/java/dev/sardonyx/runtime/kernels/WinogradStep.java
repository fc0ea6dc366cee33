package dev.sardonyx.runtime.kernels;

/**
 * Winograd convolution of a block of tiles at a time: transforms their input, multiplies and transforms back while everything is in
 * the cache. A unit is a block of tiles.
 */
public final class WinogradStep extends Step implements ImageStep {

    private final WinogradInput input;
    private final Panels panels;
    private final WinogradOutput output;
    private final int strips;
    private final boolean cached;
    private final Kernels kernels;
    private final int tiles;
    private final int blockTiles;
    private final int inPlane;
    private final int outPlane;

    /**
     * A step that convolves.
     *
     * @param panels the transformed weights; a group for each of the (m+2)² values
     * @param strips strips of tiles in a unit
     * @param cached whether the weights stay in the cache from unit to unit
     */
    public WinogradStep(
            StepInfo info,
            WinogradInput input,
            Panels panels,
            WinogradOutput output,
            int strips,
            boolean cached,
            Kernels kernels) {
        super(info);
        this.input = input;
        this.panels = panels;
        this.output = output;
        this.strips = strips;
        this.cached = cached;
        this.kernels = kernels;
        tiles = input.tiling().tiles();
        blockTiles = strips * panels.strips().rows();
        inPlane = input.plane(strips);
        outPlane = panels.layout().plane(strips);
    }

    @Override
    public Step from(int image) {
        return new WinogradStep(info(), input.from(image), panels, output.from(image), strips, cached, kernels);
    }

    @Override
    public int units() {
        return (tiles + blockTiles - 1) / blockTiles;
    }

    private int sums() {
        return Arena.FIRST + input.tiling().values() * inPlane;
    }

    private int rest() {
        return sums() + input.tiling().values() * outPlane;
    }

    @Override
    public int scratch() {
        return rest() - Arena.FIRST + Math.max(input.scratch(), output.scratch());
    }

    @Override
    public void run(float[][] slots, float[] scratch, int from, int to) {
        WinogradLoops loops = kernels.winograd();
        for (int unit = from; unit < to; unit++) {
            if (cached) { // else they would take the tiles' place
                panels.touchAll(scratch);
            }
            int first = unit * blockTiles;
            int end = Math.min(first + blockTiles, tiles);
            float[] source = slots[input.in().slot()];
            input.transform(source, first, end, first, scratch, Arena.FIRST, inPlane, scratch, rest(), loops);
            for (int value = 0; value < input.tiling().values(); value++) {
                WinogradProductStep.multiply(
                        panels,
                        value,
                        0,
                        panels.packing().panels(),
                        end - first,
                        strips,
                        scratch,
                        Arena.FIRST + value * inPlane,
                        scratch,
                        sums() + value * outPlane,
                        scratch);
            }
            output.transform(
                    slots, first, end, first, scratch, sums(), strips, scratch, rest(), loops, kernels.epilogues());
        }
    }
}
