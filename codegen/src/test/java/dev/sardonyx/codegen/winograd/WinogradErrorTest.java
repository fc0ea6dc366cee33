package dev.sardonyx.codegen.winograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.winograd.ErrorBudget.Products;
import dev.sardonyx.runtime.kernels.WinogradMatrices;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The estimated error against that of tiles computed in float32, on random inputs whose neighbours are correlated or not. */
class WinogradErrorTest {

    private static final int OUT_CHANNELS = 16;
    private static final int TILES = 30;

    /** What the nine taps of a pair of channels are. */
    enum Taps {
        RANDOM,
        RANDOM_AND_ENORMOUS,
        ONE_IN_THE_CORNER,
        CANCELLING;

        private static final double[] SECOND_DIFFERENCES = {1, -2, 1, -2, 4, -2, 1, -2, 1};

        double[] draw(Random random) {
            double factor = random.nextGaussian();
            double[] taps = new double[9];
            for (int tap = 0; tap < taps.length; tap++) {
                taps[tap] = switch (this) {
                    case RANDOM -> random.nextGaussian();
                    case RANDOM_AND_ENORMOUS -> 1e9 * random.nextGaussian();
                    case ONE_IN_THE_CORNER -> tap == 8 ? factor : 0;
                    case CANCELLING -> factor * SECOND_DIFFERENCES[tap];
                };
            }
            return taps;
        }
    }

    private static Constant weights(Taps taps, int inChannels, Random random) {
        float[] values = new float[OUT_CHANNELS * inChannels * 9];
        for (int pair = 0; pair < OUT_CHANNELS * inChannels; pair++) {
            double[] drawn = taps.draw(random);
            for (int tap = 0; tap < 9; tap++) {
                values[9 * pair + tap] = (float) drawn[tap];
            }
        }
        return new Constant(List.of(OUT_CHANNELS, inChannels, 3, 3), values);
    }

    @ParameterizedTest(name = "F({0}x{0}), {1} channels, {2}, {3}")
    @CsvSource({
        "2,  16, RANDOM, FLOAT32",
        "2, 256, RANDOM, FLOAT32",
        "2,  64, RANDOM_AND_ENORMOUS, FLOAT32",
        "2,  64, ONE_IN_THE_CORNER, FLOAT32",
        "2,  64, CANCELLING, FLOAT32",
        "4,  16, RANDOM, FLOAT32",
        "4, 256, RANDOM, FLOAT32",
        "4,  64, RANDOM_AND_ENORMOUS, FLOAT32",
        "4,  64, ONE_IN_THE_CORNER, FLOAT32",
        "4,  64, CANCELLING, FLOAT32",
        "2,  16, RANDOM, TF32X3",
        "2, 256, RANDOM, TF32X3",
        "2,  64, ONE_IN_THE_CORNER, TF32X3",
        "4,   8, RANDOM, TF32X3",
        "4, 256, RANDOM, TF32X3",
        "4,  64, RANDOM_AND_ENORMOUS, TF32X3",
        "4,  64, ONE_IN_THE_CORNER, TF32X3"
    })
    void lies_above_what_is_measured_and_not_far(int m, int inChannels, Taps taps, Products products) {
        Random random = new Random(5);
        Constant weights = weights(taps, inChannels, random);

        double estimate = WinogradError.estimate(m, weights, products);
        double measured =
                Math.max(measure(m, weights, 0, products, random), measure(m, weights, 0.9, products, random));

        assertThat(estimate).isBetween(measured, 6 * measured);
    }

    @Test
    void outputs_without_weights_do_not_count() {
        float[] values = new float[2 * 9];
        values[4] = 1;
        double one = WinogradError.estimate(
                4, new Constant(List.of(1, 1, 3, 3), Arrays.copyOf(values, 9)), Products.FLOAT32);

        assertThat(WinogradError.estimate(4, new Constant(List.of(2, 1, 3, 3), values), Products.FLOAT32))
                .isCloseTo(one / Math.sqrt(2), within(1e-6 * one));
        assertThat(WinogradError.estimate(4, new Constant(List.of(1, 1, 3, 3), new float[9]), Products.FLOAT32))
                .isZero();
    }

    @Test
    void weights_that_are_not_finite_have_no_estimate() {
        float[] values = {1, 2, 3, Float.NaN, 5, 6, 7, 8, 9};

        assertThat(WinogradError.estimate(2, new Constant(List.of(1, 1, 3, 3), values), Products.FLOAT32))
                .isNaN();
    }

    /** Root mean square, over channels, of the error by the output's root mean square. */
    private static double measure(int m, Constant weights, double correlation, Products products, Random random) {
        double[] error = new double[OUT_CHANNELS];
        double[] scale = new double[OUT_CHANNELS];
        for (int tile = 0; tile < TILES; tile++) {
            new Tile(m, weights, correlation, products, random).add(error, scale);
        }
        double sum = 0;
        for (int channel = 0; channel < OUT_CHANNELS; channel++) {
            sum += error[channel] / scale[channel];
        }
        return Math.sqrt(sum / OUT_CHANNELS);
    }

    /** One tile, in float32 as kernels compute it, and in double. */
    private static final class Tile {
        private final int m;
        private final int n;
        private final Constant weights;
        private final Products products;
        private final float[][][] input;

        Tile(int m, Constant weights, double correlation, Products products, Random random) {
            this.m = m;
            n = m + 2;
            this.weights = weights;
            this.products = products;
            input = new float[weights.dim(1)][][];
            for (int c = 0; c < input.length; c++) {
                input[c] = correlated(correlation, random);
            }
        }

        /** Each row, and each column, goes on from its neighbour. */
        private float[][] correlated(double correlation, Random random) {
            double rest = Math.sqrt(1 - correlation * correlation);
            float[][] noise = new float[n][n];
            for (int x = 0; x < n; x++) {
                for (int y = 0; y < n; y++) {
                    double fresh = random.nextGaussian();
                    double row = y == 0 ? fresh : rest * fresh;
                    noise[x][y] = (float) (y == 0 ? row : correlation * noise[x][y - 1] + row);
                }
            }
            for (int x = 1; x < n; x++) {
                for (int y = 0; y < n; y++) {
                    noise[x][y] = (float) (correlation * noise[x - 1][y] + rest * noise[x][y]);
                }
            }
            return noise;
        }

        void add(double[] error, double[] scale) {
            float[][] bt = WinogradMatrices.inputTransform(m);
            float[][][] values = new float[input.length][][];
            for (int c = 0; c < input.length; c++) {
                values[c] = transposed(product(bt, transposed(product(bt, input[c]))));
            }
            for (int channel = 0; channel < OUT_CHANNELS; channel++) {
                double[][] exact = new double[m][m];
                for (int c = 0; c < input.length; c++) {
                    convolve(channel, c, exact);
                }
                float[][] at = WinogradMatrices.outputTransform(m);
                float[][] out = product(at, transposed(product(at, sums(channel, values))));
                for (int x = 0; x < m; x++) {
                    for (int y = 0; y < m; y++) {
                        double difference = out[y][x] - exact[x][y];
                        error[channel] += difference * difference;
                        scale[channel] += exact[x][y] * exact[x][y];
                    }
                }
            }
        }

        private float[][] sums(int channel, float[][][] values) {
            double[][] g = WinogradMatrices.weightTransform(m);
            float[][] sums = new float[n][n];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    float[] left = new float[input.length];
                    float[] right = new float[input.length];
                    for (int c = 0; c < input.length; c++) {
                        double weight = 0;
                        for (int tap = 0; tap < 9; tap++) {
                            weight += g[i][tap / 3] * g[j][tap % 3] * weight(channel, c, tap);
                        }
                        left[c] = values[c][i][j];
                        right[c] = (float) weight;
                    }
                    sums[i][j] = products == Products.TF32X3 ? threefold(left, right) : fused(left, right);
                }
            }
            return sums;
        }

        private static float fused(float[] a, float[] b) {
            float sum = 0;
            for (int c = 0; c < a.length; c++) {
                sum = Math.fma(b[c], a[c], sum);
            }
            return sum;
        }

        /** As tensor.cl multiplies, on tensor cores as coarse as any are: eight products and a sum, all cut off where the largest ends. */
        private static float threefold(float[] a, float[] b) {
            float sum = 0;
            for (int c = 0; c < a.length; c += 8) {
                double[] small = new double[8];
                double[] other = new double[8];
                double[] large = new double[8];
                for (int k = 0; k < 8; k++) {
                    float aHigh = tf32(a[c + k]);
                    float bHigh = tf32(b[c + k]);
                    small[k] = (double) tf32(a[c + k] - aHigh) * bHigh;
                    other[k] = (double) aHigh * tf32(b[c + k] - bHigh);
                    large[k] = (double) aHigh * bHigh;
                }
                sum += cutOff(large, cutOff(other, cutOff(small, 0)));
            }
            return sum;
        }

        private static float tf32(float value) {
            return Float.intBitsToFloat((Float.floatToRawIntBits(value) + 0x1000) & 0xffffe000);
        }

        private static float cutOff(double[] products, float sum) {
            double largest = Math.abs(sum);
            for (double product : products) {
                largest = Math.max(largest, Math.abs(product));
            }
            double unit = Math.ulp((float) largest);
            long units = (long) (sum / unit);
            for (double product : products) {
                units += (long) (product / unit);
            }
            float rounded = (float) (units * unit);
            return Math.abs((double) rounded) > Math.abs(units * unit) ? Math.nextAfter(rounded, 0) : rounded;
        }

        private void convolve(int channel, int c, double[][] exact) {
            for (int x = 0; x < m; x++) {
                for (int y = 0; y < m; y++) {
                    for (int tap = 0; tap < 9; tap++) {
                        exact[x][y] += (double) weight(channel, c, tap) * input[c][x + tap / 3][y + tap % 3];
                    }
                }
            }
        }

        private float weight(int channel, int c, int tap) {
            return weights.values()[(channel * input.length + c) * 9 + tap];
        }

        private static float[][] product(float[][] a, float[][] b) {
            float[][] product = new float[a.length][b[0].length];
            for (int i = 0; i < a.length; i++) {
                for (int j = 0; j < b[0].length; j++) {
                    for (int k = 0; k < b.length; k++) {
                        product[i][j] = Math.fma(a[i][k], b[k][j], product[i][j]);
                    }
                }
            }
            return product;
        }

        private static float[][] transposed(float[][] a) {
            float[][] transposed = new float[a[0].length][a.length];
            for (int i = 0; i < a.length; i++) {
                for (int j = 0; j < a[0].length; j++) {
                    transposed[j][i] = a[i][j];
                }
            }
            return transposed;
        }
    }
}
