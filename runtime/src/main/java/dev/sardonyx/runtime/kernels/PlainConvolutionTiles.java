package dev.sardonyx.runtime.kernels;

/**
 * The convolution tiles without the Vector API, over the same packed weights: sums are kept in the output array, and the
 * loop over a panel's channels is left to the JVM's own vectorisation. Several times slower than the generated tiles.
 */
public final class PlainConvolutionTiles implements ConvolutionTiles {

    private final TileShape[] shapes;

    public PlainConvolutionTiles(TileShape... shapes) {
        this.shapes = shapes.clone();
    }

    @Override
    public void run(
            int tile,
            float[] in,
            int inOffset,
            int rowStride,
            int columnStride,
            int depth,
            float[] weights,
            int weightOffset,
            float[] out,
            int outOffset,
            int outPitch,
            float[] residual,
            int residualOffset,
            int residualPitch,
            int epilogue,
            int count) {
        TileShape shape = shapes[tile];
        int channels = shape.channels();
        for (int pixel = 0; pixel < count; pixel++) {
            int o = outOffset + pixel * outPitch;
            if ((epilogue & RESIDUAL) != 0) {
                begin(weights, weightOffset, residual, residualOffset + pixel * residualPitch, out, o, channels);
            } else {
                System.arraycopy(weights, weightOffset, out, o, channels);
            }
            int w = weightOffset + channels;
            for (int row = 0; row < shape.rows(); row++) {
                for (int column = 0; column < shape.columns(); column++) {
                    int i = inOffset + pixel * shape.pitch() + row * rowStride + column * columnStride;
                    accumulate(in, i, depth, weights, w, out, o, channels);
                    w += depth * channels;
                }
            }
            if ((epilogue & ACTIVATE) != 0) {
                for (int c = o; c < o + channels; c++) {
                    out[c] = shape.activation().apply(out[c]);
                }
            }
        }
    }

    private static void begin(float[] bias, int b, float[] residual, int r, float[] out, int o, int channels) {
        for (int c = 0; c < channels; c++) {
            out[o + c] = bias[b + c] + residual[r + c];
        }
    }

    private static void accumulate(
            float[] in, int i, int depth, float[] weights, int w, float[] out, int o, int channels) {
        for (int k = 0; k < depth; k++) {
            float x = in[i + k];
            int panel = w + k * channels;
            for (int c = 0; c < channels; c++) {
                out[o + c] += x * weights[panel + c];
            }
        }
    }
}
