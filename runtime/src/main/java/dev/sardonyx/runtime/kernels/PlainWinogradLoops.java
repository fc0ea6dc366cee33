package dev.sardonyx.runtime.kernels;

/** {@link WinogradLoops} without the Vector API: matrix products as they stand in the paper. */
final class PlainWinogradLoops implements WinogradLoops {

    @Override
    public void input(
            int m,
            float[] in,
            int first,
            int rowStride,
            int pixelStride,
            float[] out,
            int o,
            int block,
            int plane,
            int channels,
            float[] scratch,
            int t) {
        float[][] bt = WinogradMatrices.inputTransform(m);
        int n = m + 2;
        for (int c = 0; c < channels; c++) {
            for (int x = 0; x < n; x++) {
                multiply(bt, in, first + c + x * pixelStride, rowStride, scratch, t + x, n);
            }
            int target = o + c / Strips.BLOCK * block + c % Strips.BLOCK;
            for (int y = 0; y < n; y++) {
                multiply(bt, scratch, t + y * n, 1, out, target + y * n * plane, plane);
            }
        }
    }

    @Override
    public void output(
            int m,
            float[] sums,
            int v,
            int width,
            int panel,
            int plane,
            int channels,
            float[] scratch,
            int t,
            int between) {
        float[][] at = WinogradMatrices.outputTransform(m);
        int n = m + 2;
        for (int c = 0; c < channels; c++) {
            int source = v + c / width * panel + c % width;
            for (int x = 0; x < n; x++) {
                multiply(at, sums, source + x * plane, n * plane, scratch, between + x, n);
            }
            for (int y = 0; y < m; y++) {
                multiply(at, scratch, between + y * n, 1, scratch, t + y * m * channels + c, channels);
            }
        }
    }

    /** Multiplies a matrix with a strided vector. */
    private static void multiply(float[][] matrix, float[] x, int i, int step, float[] out, int o, int outStep) {
        for (int row = 0; row < matrix.length; row++) {
            float sum = 0;
            for (int k = 0; k < matrix[row].length; k++) {
                if (matrix[row][k] != 0) {
                    sum += matrix[row][k] * x[i + k * step];
                }
            }
            out[o + row * outStep] = sum;
        }
    }
}
