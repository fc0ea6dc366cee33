package dev.sardonyx.runtime.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link WinogradLoops} with the Vector API. A pass takes one column or row of a tile, whose values fit in registers; between the
 * passes they lie in the output, still in the first-level cache.
 */
final class VectorWinogradLoops implements WinogradLoops {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    @Override
    public void input(
            int m, float[] in, int first, int rowStride, int pixelStride, float[] out, int o, int plane, int channels) {
        int n = m + 2;
        for (int c = 0; c < channels; c += LANES) {
            for (int column = 0; column < n; column++) {
                int d = first + c + column * pixelStride;
                int t = o + c + column * plane;
                if (m == 4) {
                    input4(in, d, rowStride, out, t, n * plane);
                } else {
                    input2(in, d, rowStride, out, t, n * plane);
                }
            }
            for (int row = 0; row < n; row++) {
                int t = o + c + row * n * plane;
                if (m == 4) {
                    input4(out, t, plane, out, t, plane);
                } else {
                    input2(out, t, plane, out, t, plane);
                }
            }
        }
    }

    private static void input4(float[] in, int d, int step, float[] out, int t, int stride) {
        FloatVector d0 = FloatVector.fromArray(SPECIES, in, d);
        FloatVector d1 = FloatVector.fromArray(SPECIES, in, d + step);
        FloatVector d2 = FloatVector.fromArray(SPECIES, in, d + 2 * step);
        FloatVector d3 = FloatVector.fromArray(SPECIES, in, d + 3 * step);
        FloatVector d4 = FloatVector.fromArray(SPECIES, in, d + 4 * step);
        FloatVector d5 = FloatVector.fromArray(SPECIES, in, d + 5 * step);
        FloatVector a = d4.sub(d2.mul(4f));
        FloatVector b = d3.sub(d1.mul(4f));
        FloatVector e = d4.sub(d2);
        FloatVector f = d3.sub(d1).mul(2f);
        d0.mul(4f).sub(d2.mul(5f)).add(d4).intoArray(out, t);
        a.add(b).intoArray(out, t + stride);
        a.sub(b).intoArray(out, t + 2 * stride);
        e.add(f).intoArray(out, t + 3 * stride);
        e.sub(f).intoArray(out, t + 4 * stride);
        d1.mul(4f).sub(d3.mul(5f)).add(d5).intoArray(out, t + 5 * stride);
    }

    private static void input2(float[] in, int d, int step, float[] out, int t, int stride) {
        FloatVector d0 = FloatVector.fromArray(SPECIES, in, d);
        FloatVector d1 = FloatVector.fromArray(SPECIES, in, d + step);
        FloatVector d2 = FloatVector.fromArray(SPECIES, in, d + 2 * step);
        FloatVector d3 = FloatVector.fromArray(SPECIES, in, d + 3 * step);
        d0.sub(d2).intoArray(out, t);
        d1.add(d2).intoArray(out, t + stride);
        d2.sub(d1).intoArray(out, t + 2 * stride);
        d1.sub(d3).intoArray(out, t + 3 * stride);
    }

    @Override
    public void output(int m, float[] values, int v, int plane, int channels) {
        int n = m + 2;
        for (int c = 0; c < channels; c += LANES) {
            for (int column = 0; column < n; column++) {
                if (m == 4) {
                    output4(values, v + c + column * plane, n * plane);
                } else {
                    output2(values, v + c + column * plane, n * plane);
                }
            }
            for (int row = 0; row < m; row++) {
                if (m == 4) {
                    output4(values, v + c + row * n * plane, plane);
                } else {
                    output2(values, v + c + row * n * plane, plane);
                }
            }
        }
    }

    private static void output4(float[] values, int v, int step) {
        FloatVector m0 = FloatVector.fromArray(SPECIES, values, v);
        FloatVector m1 = FloatVector.fromArray(SPECIES, values, v + step);
        FloatVector m2 = FloatVector.fromArray(SPECIES, values, v + 2 * step);
        FloatVector m3 = FloatVector.fromArray(SPECIES, values, v + 3 * step);
        FloatVector m4 = FloatVector.fromArray(SPECIES, values, v + 4 * step);
        FloatVector m5 = FloatVector.fromArray(SPECIES, values, v + 5 * step);
        FloatVector a = m1.add(m2);
        FloatVector b = m1.sub(m2);
        FloatVector e = m3.add(m4);
        FloatVector f = m3.sub(m4);
        m0.add(a).add(e).intoArray(values, v);
        b.add(f.mul(2f)).intoArray(values, v + step);
        a.add(e.mul(4f)).intoArray(values, v + 2 * step);
        b.add(f.mul(8f)).add(m5).intoArray(values, v + 3 * step);
    }

    private static void output2(float[] values, int v, int step) {
        FloatVector m0 = FloatVector.fromArray(SPECIES, values, v);
        FloatVector m1 = FloatVector.fromArray(SPECIES, values, v + step);
        FloatVector m2 = FloatVector.fromArray(SPECIES, values, v + 2 * step);
        FloatVector m3 = FloatVector.fromArray(SPECIES, values, v + 3 * step);
        m0.add(m1).add(m2).intoArray(values, v);
        m1.sub(m2).sub(m3).intoArray(values, v + step);
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
        boolean adds = (epilogue & ConvolutionTiles.RESIDUAL) != 0;
        boolean activates = (epilogue & ConvolutionTiles.ACTIVATE) != 0;
        for (int c = 0; c < channels; c += LANES) {
            FloatVector y = FloatVector.fromArray(SPECIES, values, v + c).add(FloatVector.fromArray(SPECIES, bias, c));
            if (adds) {
                y = y.add(FloatVector.fromArray(SPECIES, residual, residualOffset + c));
            }
            if (activates) {
                y = activation.slope() != 0
                        ? y.blend(y.mul(activation.slope()), y.compare(VectorOperators.LT, 0f))
                        : y.max(activation.min()).min(activation.max());
            }
            y.intoArray(out, outOffset + c);
        }
    }
}
