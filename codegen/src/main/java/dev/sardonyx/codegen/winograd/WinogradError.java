package dev.sardonyx.codegen.winograd;

import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.runtime.kernels.WinogradMatrices;

/**
 * An estimate of how much a convolution by Winograd's filtering errs, made from its weights. A bound that held for all inputs would
 * be thousands of times what is ever seen, and forbid direct sums too; so roundings and inputs are random here. The relative error of a
 * rounding is independent of all others; channels are independent, of mean 0 and variance 1; pixels are either independent or as
 * smooth as those of a picture. Smooth ones show up taps that cancel: their outputs are small, the errors are not. The estimate is the worse
 * of the two.
 *
 * <p>The variances of outputs and of errors are quadratic forms of the nine taps, so one pass over the weights, for their second
 * moments, serves every size of tile. With {@code r} a rounding, the error of an output of the tile has the variance
 *
 * <pre>{@code
 * r² Σij ai² aj² (Σc Uijc² (εij + (11 + p) qi qj) + Σc (C − c) Uijc² qi qj)      U = G g Gᵀ, q = variance of Bᵀ d, a from Aᵀ
 * }</pre>
 *
 * where ε is what the input's transform loses, the eleven are the weights' rounding and ten in the output's transform, p is what
 * {@link ErrorBudget.Products} lose, and the last term is the sum over channels, rounded at each.
 */
final class WinogradError {

    /** Root mean square of the relative error of one rounding: it is at most 2⁻²⁴, and half of it on average. */
    private static final double ROUNDING = 0x1p-25;

    /** Roundings of one value in one pass of the input's transform, at most. */
    private static final int INPUT_ROUNDINGS = 3;

    /** Roundings of an output value after the sum over channels, and of a weight. */
    private static final int OTHER_ROUNDINGS = 11;

    private static final double[] CORRELATIONS_OF_NEIGHBOURS = {0, 0.9};

    private static final int TAPS = 9;

    private WinogradError() {}

    /**
     * The error's root mean square over a tile's pixels and all output channels, each measured by the root mean square of that
     * channel's output. NaN where weights are not finite.
     *
     * @param m output pixels of a tile in each direction
     * @param weights [outChannels, inChannels, 3, 3]
     */
    static double estimate(int m, Constant weights, ErrorBudget.Products products) {
        int outChannels = weights.dim(0);
        double worst = 0;
        Moments[] moments = new Moments[outChannels];
        for (int channel = 0; channel < outChannels; channel++) {
            moments[channel] = Moments.of(weights, channel);
        }
        for (double correlation : CORRELATIONS_OF_NEIGHBOURS) {
            Model model = new Model(m, correlation, products);
            double sum = 0;
            for (Moments channel : moments) {
                sum += model.relativeVariance(channel);
            }
            worst = Math.max(worst, sum / outChannels);
        }
        return Math.sqrt(worst);
    }

    /**
     * Second moments of the taps that lead to one output channel, [9, 9].
     *
     * @param all their sum over the input channels
     * @param partial the sum of the sums over the first 1, 2, 3… of them
     */
    private record Moments(double[] all, double[] partial) {

        static Moments of(Constant weights, int outChannel) {
            float[] values = weights.values();
            int inChannels = weights.dim(1);
            double[] all = new double[TAPS * TAPS];
            double[] partial = new double[TAPS * TAPS];
            int first = outChannel * inChannels * TAPS;
            for (int channel = 0; channel < inChannels; channel++) {
                int taps = first + channel * TAPS;
                for (int a = 0; a < TAPS; a++) {
                    for (int b = 0; b < TAPS; b++) {
                        double product = (double) values[taps + a] * values[taps + b];
                        all[a * TAPS + b] += product;
                        partial[a * TAPS + b] += (inChannels - channel) * product;
                    }
                }
            }
            return new Moments(all, partial);
        }
    }

    /** The quadratic forms of one size of tile and one kind of input. */
    private static final class Model {
        private final double[] output = new double[TAPS * TAPS];
        private final double[] once = new double[TAPS * TAPS];
        private final double[] summing = new double[TAPS * TAPS];

        Model(int m, double correlation, ErrorBudget.Products products) {
            int n = m + 2;
            double otherRoundings = OTHER_ROUNDINGS + products.roundings;
            for (int a = 0; a < TAPS; a++) {
                for (int b = 0; b < TAPS; b++) {
                    output[a * TAPS + b] =
                            covariance(correlation, a / 3, b / 3) * covariance(correlation, a % 3, b % 3);
                }
            }
            float[][] bt = WinogradMatrices.inputTransform(m);
            double[][] g = WinogradMatrices.weightTransform(m);
            double[] norm = new double[n];
            double[] q = new double[n];
            double[] partial = new double[n];
            for (int i = 0; i < n; i++) {
                for (int x = 0; x < n; x++) {
                    norm[i] += bt[i][x] * bt[i][x];
                    for (int y = 0; y < n; y++) {
                        double term = bt[i][x] * bt[i][y] * covariance(correlation, x, y);
                        q[i] += term;
                        partial[i] += Math.abs(term);
                    }
                }
            }
            double[] gain = gain(m);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    double product = q[i] * q[j];
                    double transform = INPUT_ROUNDINGS * (partial[i] * norm[j] + q[i] * partial[j]);
                    for (int a = 0; a < TAPS; a++) {
                        for (int b = 0; b < TAPS; b++) {
                            double u = g[i][a / 3] * g[j][a % 3] * g[i][b / 3] * g[j][b % 3] * gain[i] * gain[j];
                            once[a * TAPS + b] += u * (transform + otherRoundings * product);
                            summing[a * TAPS + b] += u * product;
                        }
                    }
                }
            }
        }

        /** Covariance of two pixels of a row. */
        private static double covariance(double correlation, int x, int y) {
            return Math.pow(correlation, Math.abs(x - y));
        }

        /** What the square of value i adds to the square of an output pixel, on average over the m pixels. */
        private static double[] gain(int m) {
            double[] gain = new double[m + 2];
            for (float[] row : WinogradMatrices.outputTransform(m)) {
                for (int i = 0; i < gain.length; i++) {
                    gain[i] += row[i] * row[i] / m;
                }
            }
            return gain;
        }

        /** The error's variance as a part of the output's; 0 where there is no output. */
        double relativeVariance(Moments channel) {
            double scale = dot(output, channel.all);
            if (scale == 0) {
                return 0;
            }
            return ROUNDING * ROUNDING * (dot(once, channel.all) + dot(summing, channel.partial)) / scale;
        }

        private static double dot(double[] a, double[] b) {
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                sum += a[i] * b[i];
            }
            return sum;
        }
    }
}
