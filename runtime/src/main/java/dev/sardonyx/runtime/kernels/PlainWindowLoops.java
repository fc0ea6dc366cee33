package dev.sardonyx.runtime.kernels;

/** {@link WindowLoops} without the Vector API. */
final class PlainWindowLoops implements WindowLoops {

    @Override
    public void maximum(
            float[] in,
            int first,
            int rows,
            int columns,
            int rowStride,
            int columnStride,
            float[] out,
            int outOffset,
            int channels) {
        for (int c = 0; c < channels; c++) {
            out[outOffset + c] = maximum(in, first + c, rows, columns, rowStride, columnStride);
        }
    }

    /** Maximum of one channel. */
    static float maximum(float[] in, int first, int rows, int columns, int rowStride, int columnStride) {
        float maximum = Float.NEGATIVE_INFINITY;
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < columns; x++) {
                maximum = Math.max(maximum, in[first + y * rowStride + x * columnStride]);
            }
        }
        return maximum;
    }

    @Override
    public void sum(
            float[] in,
            int first,
            int rows,
            int columns,
            int rowStride,
            int columnStride,
            float[] out,
            int outOffset,
            int channels,
            float factor) {
        for (int c = 0; c < channels; c++) {
            out[outOffset + c] = factor * sum(in, first + c, rows, columns, rowStride, columnStride);
        }
    }

    /** Sum of one channel. */
    static float sum(float[] in, int first, int rows, int columns, int rowStride, int columnStride) {
        float sum = 0;
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < columns; x++) {
                sum += in[first + y * rowStride + x * columnStride];
            }
        }
        return sum;
    }
}
