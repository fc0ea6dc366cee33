package dev.sardonyx.runtime.kernels;

/** Windowed maximum or average of images; windows are clipped at the image's borders. A unit is a row of output pixels. */
public final class PoolingStep extends Step {

    /**
     * Sizes.
     *
     * @param inH rows of the input without padding
     * @param endH the rows that count for an average's divisor, where padding counts: input and end padding
     * @param channels channels to compute
     */
    public record Geometry(
            int batch,
            int channels,
            int inH,
            int inW,
            int outH,
            int outW,
            int kernelH,
            int kernelW,
            int strideH,
            int strideW,
            int dilationH,
            int dilationW,
            int padTop,
            int padLeft,
            int endH,
            int endW) {}

    private final boolean average;
    private final boolean countPadding;
    private final Geometry g;
    private final Image in;
    private final Image out;

    /**
     * A step that pools {@code in} to {@code out}.
     *
     * @param average average rather than maximum
     * @param countPadding whether padding counts in an average's divisor
     */
    public PoolingStep(StepInfo info, boolean average, boolean countPadding, Geometry geometry, Image in, Image out) {
        super(info);
        this.average = average;
        this.countPadding = countPadding;
        this.g = geometry;
        this.in = in;
        this.out = out;
    }

    @Override
    public int units() {
        return g.batch * g.outH;
    }

    @Override
    public void run(float[][] slots, int from, int to) {
        for (int unit = from; unit < to; unit++) {
            int n = unit / g.outH;
            int h = unit % g.outH;
            for (int w = 0; w < g.outW; w++) {
                pixel(slots[in.slot()], slots[out.slot()], n, h, w);
            }
        }
    }

    private void pixel(float[] source, float[] target, int n, int h, int w) {
        int firstH = h * g.strideH - g.padTop;
        int firstW = w * g.strideW - g.padLeft;
        int o = out.at(n, h, w);
        for (int c = o; c < o + g.channels; c++) {
            target[c] = average ? 0 : Float.NEGATIVE_INFINITY;
        }
        int taps = 0;
        for (int y = 0; y < g.kernelH; y++) {
            int inH = firstH + y * g.dilationH;
            for (int x = 0; x < g.kernelW; x++) {
                int inW = firstW + x * g.dilationW;
                if (inH >= 0 && inH < g.inH && inW >= 0 && inW < g.inW) {
                    taps++;
                    int i = in.at(n, inH, inW);
                    if (average) {
                        add(source, i, target, o, g.channels);
                    } else {
                        maximum(source, i, target, o, g.channels);
                    }
                } else if (countPadding && inH < g.endH && inW < g.endW) {
                    taps++;
                }
            }
        }
        if (average) {
            scale(target, o, g.channels, 1f / taps);
        }
    }

    private static void add(float[] source, int s, float[] target, int t, int count) {
        for (int c = 0; c < count; c++) {
            target[t + c] += source[s + c];
        }
    }

    private static void maximum(float[] source, int s, float[] target, int t, int count) {
        for (int c = 0; c < count; c++) {
            target[t + c] = Math.max(target[t + c], source[s + c]);
        }
    }

    private static void scale(float[] target, int t, int count, float factor) {
        for (int c = 0; c < count; c++) {
            target[t + c] *= factor;
        }
    }
}
