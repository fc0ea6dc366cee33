package dev.sardonyx.runtime.kernels;

/**
 * Depthwise convolution: every output channel sees one input channel. A unit is a row of output pixels. The input has a halo
 * of zeros where windows reach over its border.
 */
public final class DepthwiseStep extends Step implements ImageStep {

    /**
     * Sizes.
     *
     * @param multiplier output channels per input channel
     * @param in the input; pixel (0, 0) is where the first window begins, its strides are those between windows
     */
    public record Geometry(
            int batch,
            int outH,
            int outW,
            int channels,
            int multiplier,
            int kernelH,
            int kernelW,
            Image in,
            int rowStride,
            int columnStride,
            Image out,
            Image residual,
            Epilogue epilogue) {

        /** The same of the images from number {@code n} on. */
        Geometry from(int n) {
            return new Geometry(
                    batch,
                    outH,
                    outW,
                    channels,
                    multiplier,
                    kernelH,
                    kernelW,
                    in.from(n),
                    rowStride,
                    columnStride,
                    out.from(n),
                    residual.from(n),
                    epilogue);
        }
    }

    private final Geometry g;
    private final float[] weights;

    /** {@code weights}: first the biases, [channels], then [kernelH · kernelW, channels]. */
    public DepthwiseStep(StepInfo info, Geometry geometry, float[] weights) {
        super(info);
        g = geometry;
        this.weights = weights;
    }

    /** Packs [kernelH · kernelW, channels] and biases (empty for none) for this step. */
    public static float[] pack(float[] weights, float[] bias, int channels) {
        float[] packed = new float[channels + weights.length];
        System.arraycopy(bias, 0, packed, 0, bias.length);
        System.arraycopy(weights, 0, packed, channels, weights.length);
        return packed;
    }

    @Override
    public Step from(int image) {
        return new DepthwiseStep(info(), g.from(image), weights);
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
                pixel(slots, n, h, w);
            }
        }
    }

    private void pixel(float[][] slots, int n, int h, int w) {
        float[] in = slots[g.in.slot()];
        float[] out = slots[g.out.slot()];
        int o = g.out.at(n, h, w);
        if (g.epilogue.residual()) {
            begin(weights, slots[g.residual.slot()], g.residual.at(n, h, w), out, o, g.channels);
        } else {
            System.arraycopy(weights, 0, out, o, g.channels);
        }
        int panel = g.channels;
        for (int y = 0; y < g.kernelH; y++) {
            for (int x = 0; x < g.kernelW; x++) {
                int i = g.in.at(n, h, w) + y * g.rowStride + x * g.columnStride;
                if (g.multiplier == 1) {
                    accumulate(in, i, weights, panel, out, o, g.channels);
                } else {
                    accumulate(in, i, g.multiplier, weights, panel, out, o, g.channels);
                }
                panel += g.channels;
            }
        }
        if (!g.epilogue.clamp().equals(Clamp.NONE)) {
            for (int c = o; c < o + g.channels; c++) {
                out[c] = g.epilogue.clamp().apply(out[c]);
            }
        }
    }

    private static void begin(float[] bias, float[] residual, int r, float[] out, int o, int channels) {
        for (int c = 0; c < channels; c++) {
            out[o + c] = bias[c] + residual[r + c];
        }
    }

    private static void accumulate(float[] in, int i, float[] weights, int w, float[] out, int o, int channels) {
        for (int c = 0; c < channels; c++) {
            out[o + c] += in[i + c] * weights[w + c];
        }
    }

    private static void accumulate(
            float[] in, int i, int multiplier, float[] weights, int w, float[] out, int o, int channels) {
        for (int c = 0; c < channels; c++) {
            out[o + c] += in[i + c / multiplier] * weights[w + c];
        }
    }
}
