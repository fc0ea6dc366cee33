package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.opencl.ConvolutionShape.Activation;
import dev.sardonyx.runtime.opencl.KernelChoice.Algorithm;

/**
 * A convolution in float32 whose every sum is formed in the order in which a kernel (of words of one element, as in tf32) forms it, by {@link Math#fma}: what the kernel
 * must equal to the bit. Images are stored pixel by pixel.
 *
 * @param weights [outChannels, inChannels/groups, kernelHeight, kernelWidth]
 * @param bias [outChannels], or empty
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record OrderedSums(ConvolutionShape shape, Algorithm algorithm, float[] weights, float[] bias) {

    float[] of(float[] x, float[] residual) {
        float[] y = new float[shape.rows() * shape.outChannels()];
        for (int at = 0; at < y.length; at++) {
            int filter = at % shape.outChannels();
            float sum = sum(x, at / shape.outChannels(), filter);
            sum += shape.bias() ? bias[filter] : 0;
            sum += shape.residual() ? residual[at] : 0;
            y[at] = activate(shape.activation(), sum);
        }
        return y;
    }

    private float sum(float[] x, int pixel, int filter) {
        return switch (algorithm) {
            case Algorithm.Direct() -> sum(x, pixel, filter, 0, shape.depth(), 1);
            case Algorithm.Vector() -> {
                float sum = 0;
                for (int slice = 0; slice < KernelChoice.VECTOR_SLICES; slice++) {
                    sum += sum(x, pixel, filter, slice, shape.depth(), KernelChoice.VECTOR_SLICES);
                }
                yield sum;
            }
            case Algorithm.Winograd _ -> throw new IllegalArgumentException("no sum of its own");
            case Algorithm.Product(Tiling tile, int split) -> {
                int pieces = Math.ceilDiv(shape.depth(), tile.depth());
                float sum = 0;
                for (int part = 0; part < split; part++) {
                    int first = part * pieces / split * tile.depth();
                    int end = Math.min(shape.depth(), (part + 1) * pieces / split * tile.depth());
                    sum += sum(x, pixel, filter, first, end, 1);
                }
                yield sum;
            }
        };
    }

    /** The sum over every {@code step}-th factor from {@code first}; factors are ordered by kernel row, kernel column, channel. */
    private float sum(float[] x, int pixel, int filter, int first, int end, int step) {
        int channels = shape.groupInChannels();
        int taps = shape.kernelHeight() * shape.kernelWidth();
        float sum = 0;
        for (int k = first; k < end; k += step) {
            int tap = k / channels;
            int channel = k % channels;
            int row = pixel / shape.outWidth() % shape.outHeight() * shape.strideHeight()
                    - shape.padTop()
                    + tap / shape.kernelWidth() * shape.dilationHeight();
            int column = pixel % shape.outWidth() * shape.strideWidth()
                    - shape.padLeft()
                    + tap % shape.kernelWidth() * shape.dilationWidth();
            if (row >= 0 && row < shape.inHeight() && column >= 0 && column < shape.inWidth()) {
                int image = pixel / shape.outWidth() / shape.outHeight();
                int source = (image * shape.inHeight() + row) * shape.inWidth() + column;
                float value = x[source * shape.inChannels() + filter / shape.columns() * channels + channel];
                sum = Math.fma(value, weights[(filter * channels + channel) * taps + tap], sum);
            }
        }
        return sum;
    }

    static float activate(Activation activation, float x) {
        return switch (activation.kind()) {
            case NONE -> x;
            case RELU -> x < 0 ? 0 : x;
            case CLIP -> Math.min(Math.max(x, activation.low()), activation.high());
            case LEAKY -> x < 0 ? x * activation.slope() : x;
        };
    }
}
