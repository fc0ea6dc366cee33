package dev.sardonyx.runtime.kernels;

/** ONNX LRN: each value divided by a power of the squares of its neighbours across channels. A unit is a pixel. */
public final class LocalResponseNormalizationStep extends Step {

    private final View in;
    private final View out;
    private final int[] pixels;
    private final int channels;
    private final int size;
    private final float alpha;
    private final float beta;
    private final float bias;

    /**
     * A step that normalises; both views have the axes of {@code pixels}, then the channel.
     *
     * @param size channels in a neighbourhood
     */
    public LocalResponseNormalizationStep(
            StepInfo info,
            View in,
            View out,
            int[] pixels,
            int channels,
            int size,
            float alpha,
            float beta,
            float bias) {
        super(info);
        this.in = in;
        this.out = out;
        this.pixels = pixels.clone();
        this.channels = channels;
        this.size = size;
        this.alpha = alpha;
        this.beta = beta;
        this.bias = bias;
    }

    @Override
    public int units() {
        return Math.max(1, Strides.product(pixels));
    }

    @Override
    public void run(float[][] slots, float[] scratch, int from, int to) {
        float[] source = slots[in.slot()];
        float[] target = slots[out.slot()];
        int inStep = in.stride(pixels.length);
        int outStep = out.stride(pixels.length);
        for (int unit = from; unit < to; unit++) {
            int i = in.at(unit, pixels);
            int o = out.at(unit, pixels);
            for (int c = 0; c < channels; c++) {
                double squares = 0;
                int first = Math.max(0, c - (size - 1) / 2);
                int last = Math.min(channels - 1, c + size / 2);
                for (int k = first; k <= last; k++) {
                    float x = source[i + k * inStep];
                    squares += (double) x * x;
                }
                target[o + c * outStep] =
                        (float) (source[i + c * inStep] / Math.pow(bias + alpha / size * squares, beta));
            }
        }
    }
}
