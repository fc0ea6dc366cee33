package dev.sardonyx.runtime.kernels;

/** {@link WinogradLoops} without the Vector API: matrix products as they stand in the paper. */
final class PlainWinogradLoops implements WinogradLoops {

    @Override
    public void input(
            int m, float[] in, int first, int rowStride, int pixelStride, float[] out, int o, int plane, int channels) {
        float[][] bt = WinogradMatrices.inputTransform(m);
        int n = m + 2;
        for (int c = 0; c < channels; c++) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    float sum = 0;
                    for (int y = 0; y < n; y++) {
                        float line = 0;
                        for (int x = 0; x < n; x++) {
                            line += bt[j][x] * in[first + c + y * rowStride + x * pixelStride];
                        }
                        sum += bt[i][y] * line;
                    }
                    out[o + c + (i * n + j) * plane] = sum;
                }
            }
        }
    }

    @Override
    public void output(int m, float[] values, int v, int plane, int channels) {
        float[][] at = WinogradMatrices.outputTransform(m);
        int n = m + 2;
        for (int c = v; c < v + channels; c++) {
            for (int column = 0; column < n; column++) {
                multiply(at, values, c + column * plane, n * plane);
            }
            for (int row = 0; row < m; row++) {
                multiply(at, values, c + row * n * plane, plane);
            }
        }
    }

    /** Replaces a vector's first elements by the matrix times the vector. */
    private static void multiply(float[][] matrix, float[] values, int first, int step) {
        int rows = matrix.length;
        float[] product = new float[rows];
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < matrix[i].length; k++) {
                product[i] += matrix[i][k] * values[first + k * step];
            }
        }
        for (int i = 0; i < rows; i++) {
            values[first + i * step] = product[i];
        }
    }

    @Override
    public void finish(
            float[] values,
            int v,
            float[] bias,
            float[] residual,
            int residualOffset,
            float[] out,
            int outOffset,
            int epilogue,
            TileShape.Clamp activation,
            int channels) {
        for (int c = 0; c < channels; c++) {
            float y = values[v + c] + bias[c];
            if ((epilogue & ConvolutionTiles.RESIDUAL) != 0) {
                y += residual[residualOffset + c];
            }
            out[outOffset + c] = (epilogue & ConvolutionTiles.ACTIVATE) != 0 ? activation.apply(y) : y;
        }
    }
}
