package dev.sardonyx.runtime.opencl;

/** Rounding to tf32, by arithmetic on values. */
final class Tf32 {

    private Tf32() {}

    static float[] rounded(float[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = rounded(values[i]);
        }
        return rounded;
    }

    /** To 10 bits after the point; halves away from zero. */
    static float rounded(float value) {
        double unit = Math.scalb(1.0, Math.getExponent(value) - 10);
        return (float) (Math.copySign(Math.floor(Math.abs(value) / unit + 0.5), value) * unit);
    }
}
