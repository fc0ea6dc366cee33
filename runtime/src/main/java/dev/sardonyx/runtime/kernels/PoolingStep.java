package dev.sardonyx.runtime.kernels;

/** Windowed maximum or average of images; windows are clipped at the image's borders. A unit is a row of output pixels. */
public final class PoolingStep extends Step implements ImageStep {

    /**
     * Sizes.
     *
     * @param channels channels to compute
     * @param inH rows of the input without padding
     * @param endH the rows that count for an average's divisor, where padding counts: input and end padding
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
    private final Kernels kernels;

    /**
     * A step that pools {@code in} to {@code out}.
     *
     * @param average average rather than maximum
     * @param countPadding whether padding counts in an average's divisor
     */
    public PoolingStep(
            StepInfo info,
            boolean average,
            boolean countPadding,
            Geometry geometry,
            Image in,
            Image out,
            Kernels kernels) {
        super(info);
        this.average = average;
        this.countPadding = countPadding;
        this.g = geometry;
        this.in = in;
        this.out = out;
        this.kernels = kernels;
    }

    @Override
    public Step from(int image) {
        return new PoolingStep(info(), average, countPadding, g, in.from(image), out.from(image), kernels);
    }

    @Override
    public int units() {
        return g.batch * g.outH;
    }

    @Override
    public void run(float[][] slots, float[] scratch, int from, int to) {
        for (int unit = from; unit < to; unit++) {
            int n = unit / g.outH;
            int h = unit % g.outH;
            for (int w = 0; w < g.outW; w++) {
                pixel(slots[in.slot()], slots[out.slot()], n, h, w);
            }
        }
    }

    private void pixel(float[] source, float[] target, int n, int h, int w) {
        int top = h * g.strideH - g.padTop;
        int left = w * g.strideW - g.padLeft;
        int firstRow = firstTap(top, g.dilationH);
        int firstColumn = firstTap(left, g.dilationW);
        int rows = taps(top, g.dilationH, g.kernelH, g.inH) - firstRow;
        int columns = taps(left, g.dilationW, g.kernelW, g.inW) - firstColumn;
        int i = in.at(n, top + firstRow * g.dilationH, left + firstColumn * g.dilationW);
        int rowStride = g.dilationH * in.rowStride();
        int columnStride = g.dilationW * in.pixelStride();
        int o = out.at(n, h, w);
        if (average) {
            int divisor = countPadding
                    ? taps(top, g.dilationH, g.kernelH, g.endH) * taps(left, g.dilationW, g.kernelW, g.endW)
                    : rows * columns;
            kernels.windows()
                    .sum(source, i, rows, columns, rowStride, columnStride, target, o, g.channels, 1f / divisor);
        } else {
            kernels.windows().maximum(source, i, rows, columns, rowStride, columnStride, target, o, g.channels);
        }
    }

    /** The first tap that does not lie before the image. */
    private static int firstTap(int start, int dilation) {
        return start >= 0 ? 0 : (-start + dilation - 1) / dilation;
    }

    /** The number of taps that lie before {@code end}. */
    private static int taps(int start, int dilation, int kernel, int end) {
        return Math.min(kernel, Math.max(0, (end - start + dilation - 1) / dilation));
    }
}
