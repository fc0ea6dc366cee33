package dev.sardonyx.compiler.zoo;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Estimated mean and variance of each channel of a feature map, over images and positions, for an input of standard normal
 * pixels. They are carried through the network layer by layer as if values were normal and independent. That is close enough
 * to choose batch-norm statistics that fit the weights without running the network.
 *
 * @param mean the mean of each channel
 * @param variance the variance of each channel
 */
record Moments(double[] mean, double[] variance) {

    static Moments of(int channels, IntToDoubleFunction mean, IntToDoubleFunction variance) {
        var means = new double[channels];
        var variances = new double[channels];
        Arrays.setAll(means, mean);
        Arrays.setAll(variances, variance);
        return new Moments(means, variances);
    }

    static Moments standardNormal(int channels) {
        return of(channels, c -> 0, c -> 1);
    }

    int channels() {
        return mean.length;
    }

    /** Over all channels. */
    double meanSquare() {
        double sum = 0;
        for (int c = 0; c < channels(); c++) {
            sum += variance[c] + mean[c] * mean[c];
        }
        return sum / channels();
    }

    Moments plus(Moments other) {
        return of(channels(), c -> mean[c] + other.mean[c], c -> variance[c] + other.variance[c]);
    }

    /** Zero channels are added before and after. */
    Moments padded(int before, int channels) {
        Moments padded = of(channels, c -> 0, c -> 0);
        System.arraycopy(mean, 0, padded.mean, before, channels());
        System.arraycopy(variance, 0, padded.variance, before, channels());
        return padded;
    }

    /** The mean of {@code positions} values of each channel. */
    Moments averaged(int positions) {
        return of(channels(), c -> mean[c], c -> variance[c] / positions);
    }

    /**
     * The maximum of each window. Of nine independent values that are zero or half-normal it lies 1.9 standard deviations above their
     * mean, of four 1.1; its own deviation is about theirs.
     */
    Moments maximum(int window) {
        double rise = window == 9 ? 1.9 : 1.1;
        return of(channels(), c -> mean[c] + rise * Math.sqrt(variance[c]), c -> variance[c]);
    }

    /** Each channel repeated. */
    Moments repeated(int times) {
        return of(channels() * times, c -> mean[c / times], c -> variance[c / times]);
    }

    /** The rectified normal distribution's moments. */
    Moments rectified() {
        return of(channels(), this::rectifiedMean, c -> {
            double rectifiedMean = rectifiedMean(c);
            double ratio = ratio(c);
            double square = (mean[c] * mean[c] + variance[c]) * normalCdf(ratio)
                    + mean[c] * Math.sqrt(variance[c]) * normalDensity(ratio);
            return Math.max(square - rectifiedMean * rectifiedMean, 0);
        });
    }

    private double rectifiedMean(int c) {
        double ratio = ratio(c);
        return mean[c] * normalCdf(ratio) + Math.sqrt(variance[c]) * normalDensity(ratio);
    }

    private double ratio(int c) {
        return variance[c] == 0 ? Math.signum(mean[c]) * 40 : mean[c] / Math.sqrt(variance[c]);
    }

    private static double normalDensity(double x) {
        return StrictMath.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    /** Abramowitz and Stegun 26.2.17, error below 7.5e-8. */
    private static double normalCdf(double x) {
        double t = 1 / (1 + 0.2316419 * Math.abs(x));
        double series =
                t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        double tail = normalDensity(x) * series;
        return x < 0 ? tail : 1 - tail;
    }
}
