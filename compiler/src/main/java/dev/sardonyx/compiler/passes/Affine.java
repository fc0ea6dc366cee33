package dev.sardonyx.compiler.passes;

import java.util.Arrays;

/** y = scale[c]·x + shift[c] for each channel c: batch normalization in its inference form. In double; the arrays are not to be changed. */
record Affine(double[] scale, double[] shift) {

    /** y = x. */
    static Affine identity(int channels) {
        return new Affine(filled(channels, 1), new double[channels]);
    }

    /** y = factor[c]·x. */
    static Affine scaling(double[] factor) {
        return new Affine(factor, new double[factor.length]);
    }

    /** y = x + term[c]. */
    static Affine shifting(double[] term) {
        return new Affine(filled(term.length, 1), term);
    }

    /** This, and {@code next} on its result. */
    Affine then(Affine next) {
        double[] scales = new double[scale.length];
        double[] shifts = new double[scale.length];
        for (int c = 0; c < scale.length; c++) {
            scales[c] = next.scale[c] * scale[c];
            shifts[c] = next.scale[c] * shift[c] + next.shift[c];
        }
        return new Affine(scales, shifts);
    }

    boolean scales() {
        return Arrays.stream(scale).anyMatch(factor -> factor != 1);
    }

    boolean shifts() {
        return Arrays.stream(shift).anyMatch(term -> term != 0);
    }

    private static double[] filled(int channels, double value) {
        double[] values = new double[channels];
        Arrays.fill(values, value);
        return values;
    }
}
