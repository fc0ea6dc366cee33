package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.kernels.WinogradMatrices;

/**
 * A convolution by Winograd's filtering in float32, one value after the other, rounded in the order in which the kernels round it: what
 * they must equal to the bit. Images are stored pixel by pixel.
 *
 * @param shape a 3×3 convolution
 * @param m output pixels of a tile in each direction
 * @param weights [outChannels, inChannels, 3, 3]
 * @param bias [outChannels], or empty
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record WinogradSums(ConvolutionShape shape, int m, float[] weights, float[] bias) {

    float[] of(float[] x, float[] residual) {
        float[] y = new float[shape.rows() * shape.outChannels()];
        float[][][] filters = filters();
        for (int image = 0; image < shape.batch(); image++) {
            for (int top = 0; top < shape.outHeight(); top += m) {
                for (int left = 0; left < shape.outWidth(); left += m) {
                    tile(x, residual, image, top, left, filters, y);
                }
            }
        }
        return y;
    }

    private void tile(float[] x, float[] residual, int image, int top, int left, float[][][] filters, float[] y) {
        float[][] inputs = new float[shape.inChannels()][];
        for (int channel = 0; channel < inputs.length; channel++) {
            inputs[channel] = input(x, image, top - shape.padTop(), left - shape.padLeft(), channel);
        }
        for (int filter = 0; filter < shape.outChannels(); filter++) {
            float[] sums = new float[(m + 2) * (m + 2)];
            for (int channel = 0; channel < inputs.length; channel++) {
                for (int value = 0; value < sums.length; value++) {
                    sums[value] = Math.fma(inputs[channel][value], filters[filter][channel][value], sums[value]);
                }
            }
            columnsThenRows(sums, m);
            for (int row = top; row < Math.min(top + m, shape.outHeight()); row++) {
                for (int column = left; column < Math.min(left + m, shape.outWidth()); column++) {
                    int at = ((image * shape.outHeight() + row) * shape.outWidth() + column) * shape.outChannels()
                            + filter;
                    float sum = sums[(row - top) * (m + 2) + column - left];
                    sum += shape.bias() ? bias[filter] : 0;
                    sum += shape.residual() ? residual[at] : 0;
                    y[at] = OrderedSums.activate(shape.activation(), sum);
                }
            }
        }
    }

    private float[] input(float[] x, int image, int top, int left, int channel) {
        int side = m + 2;
        float[] d = new float[side * side];
        for (int i = 0; i < d.length; i++) {
            int row = top + i / side;
            int column = left + i % side;
            if (row >= 0 && row < shape.inHeight() && column >= 0 && column < shape.inWidth()) {
                int pixel = (image * shape.inHeight() + row) * shape.inWidth() + column;
                d[i] = x[pixel * shape.inChannels() + channel];
            }
        }
        columnsThenRows(d, side);
        return d;
    }

    /** Transforms the columns of a square, then the first {@code results} of its rows. */
    private void columnsThenRows(float[] square, int results) {
        int side = m + 2;
        for (int column = 0; column < side; column++) {
            pass(square, column, side, results);
        }
        for (int row = 0; row < results; row++) {
            pass(square, row * side, 1, results);
        }
    }

    private void pass(float[] d, int at, int step, int results) {
        float[] v = new float[m + 2];
        for (int i = 0; i < v.length; i++) {
            v[i] = d[at + i * step];
        }
        float[] transformed = results == m ? output(v) : input(v);
        for (int i = 0; i < results; i++) {
            d[at + i * step] = transformed[i];
        }
    }

    private float[] input(float[] d) {
        if (m == 2) {
            return new float[] {d[0] - d[2], d[1] + d[2], d[2] - d[1], d[1] - d[3]};
        }
        float even = Math.fma(-4, d[2], d[4]);
        float odd = Math.fma(-4, d[1], d[3]);
        return new float[] {
            Math.fma(4, d[0], Math.fma(-5, d[2], d[4])),
            even + odd,
            even - odd,
            Math.fma(2, d[3] - d[1], d[4] - d[2]),
            Math.fma(-2, d[3] - d[1], d[4] - d[2]),
            Math.fma(4, d[1], Math.fma(-5, d[3], d[5]))
        };
    }

    private float[] output(float[] v) {
        if (m == 2) {
            return new float[] {v[0] + v[1] + v[2], v[1] - v[2] - v[3]};
        }
        float sum = v[1] + v[2];
        float difference = v[1] - v[2];
        return new float[] {
            v[0] + sum + (v[3] + v[4]),
            Math.fma(2, v[3] - v[4], difference),
            Math.fma(4, v[3] + v[4], sum),
            Math.fma(8, v[3] - v[4], difference) + v[5]
        };
    }

    /** G g Gᵀ in double, [filter][channel][value]. */
    private float[][][] filters() {
        double[][] g = WinogradMatrices.weightTransform(m);
        float[][][] filters = new float[shape.outChannels()][shape.inChannels()][(m + 2) * (m + 2)];
        for (int filter = 0; filter < filters.length; filter++) {
            for (int channel = 0; channel < filters[filter].length; channel++) {
                int taps = (filter * shape.inChannels() + channel) * 9;
                for (int value = 0; value < filters[filter][channel].length; value++) {
                    double sum = 0;
                    for (int column = 0; column < 3; column++) {
                        double half = 0;
                        for (int row = 0; row < 3; row++) {
                            half += g[value / (m + 2)][row] * weights[taps + row * 3 + column];
                        }
                        sum += g[value % (m + 2)][column] * half;
                    }
                    filters[filter][channel][value] = (float) sum;
                }
            }
        }
        return filters;
    }
}
