package dev.sardonyx.runtime.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link WinogradLoops} with the Vector API. A pass takes one column or row of a tile, whose values fit in registers; between the
 * passes they lie in the scratch memory, in the first-level cache. No method returns a vector: one that C2 does not inline would make it
 * an object.
 */
final class VectorWinogradLoops implements WinogradLoops {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

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
        for (int c = 0; c < channels; c += LANES) {
            int target = o + c / Strips.BLOCK * block + c % Strips.BLOCK;
            if (m == 4) {
                for (int x = 0; x < 6; x++) {
                    input4(in, first + c + x * pixelStride, rowStride, scratch, t + x * LANES, 6 * LANES);
                }
                for (int y = 0; y < 6; y++) {
                    input4(scratch, t + y * 6 * LANES, LANES, out, target + y * 6 * plane, plane);
                }
            } else {
                for (int x = 0; x < 4; x++) {
                    input2(in, first + c + x * pixelStride, rowStride, scratch, t + x * LANES, 4 * LANES);
                }
                for (int y = 0; y < 4; y++) {
                    input2(scratch, t + y * 4 * LANES, LANES, out, target + y * 4 * plane, plane);
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
        FloatVector two = FloatVector.broadcast(SPECIES, 2f);
        FloatVector minusTwo = FloatVector.broadcast(SPECIES, -2f);
        FloatVector four = FloatVector.broadcast(SPECIES, 4f);
        FloatVector minusFour = FloatVector.broadcast(SPECIES, -4f);
        FloatVector minusFive = FloatVector.broadcast(SPECIES, -5f);
        FloatVector a = d2.fma(minusFour, d4);
        FloatVector b = d1.fma(minusFour, d3);
        FloatVector e = d4.sub(d2);
        FloatVector f = d3.sub(d1);
        d0.fma(four, d2.fma(minusFive, d4)).intoArray(out, t);
        a.add(b).intoArray(out, t + stride);
        a.sub(b).intoArray(out, t + 2 * stride);
        f.fma(two, e).intoArray(out, t + 3 * stride);
        f.fma(minusTwo, e).intoArray(out, t + 4 * stride);
        d1.fma(four, d3.fma(minusFive, d5)).intoArray(out, t + 5 * stride);
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
        for (int c = 0; c < channels; c += LANES) {
            int source = v + c / width * panel + c % width;
            if (m == 4) {
                for (int x = 0; x < 6; x++) {
                    output4(sums, source + x * plane, 6 * plane, scratch, between + x * LANES, 6 * LANES);
                }
                for (int y = 0; y < 4; y++) {
                    output4(scratch, between + y * 6 * LANES, LANES, scratch, t + y * 4 * channels + c, channels);
                }
            } else {
                for (int x = 0; x < 4; x++) {
                    output2(sums, source + x * plane, 4 * plane, scratch, between + x * LANES, 4 * LANES);
                }
                for (int y = 0; y < 2; y++) {
                    output2(scratch, between + y * 4 * LANES, LANES, scratch, t + y * 2 * channels + c, channels);
                }
            }
        }
    }

    private static void output4(float[] sums, int v, int step, float[] out, int o, int stride) {
        FloatVector m0 = FloatVector.fromArray(SPECIES, sums, v);
        FloatVector m1 = FloatVector.fromArray(SPECIES, sums, v + step);
        FloatVector m2 = FloatVector.fromArray(SPECIES, sums, v + 2 * step);
        FloatVector m3 = FloatVector.fromArray(SPECIES, sums, v + 3 * step);
        FloatVector m4 = FloatVector.fromArray(SPECIES, sums, v + 4 * step);
        FloatVector m5 = FloatVector.fromArray(SPECIES, sums, v + 5 * step);
        FloatVector two = FloatVector.broadcast(SPECIES, 2f);
        FloatVector four = FloatVector.broadcast(SPECIES, 4f);
        FloatVector eight = FloatVector.broadcast(SPECIES, 8f);
        FloatVector a = m1.add(m2);
        FloatVector b = m1.sub(m2);
        FloatVector e = m3.add(m4);
        FloatVector f = m3.sub(m4);
        m0.add(a).add(e).intoArray(out, o);
        f.fma(two, b).intoArray(out, o + stride);
        e.fma(four, a).intoArray(out, o + 2 * stride);
        f.fma(eight, b).add(m5).intoArray(out, o + 3 * stride);
    }

    private static void output2(float[] sums, int v, int step, float[] out, int o, int stride) {
        FloatVector m0 = FloatVector.fromArray(SPECIES, sums, v);
        FloatVector m1 = FloatVector.fromArray(SPECIES, sums, v + step);
        FloatVector m2 = FloatVector.fromArray(SPECIES, sums, v + 2 * step);
        FloatVector m3 = FloatVector.fromArray(SPECIES, sums, v + 3 * step);
        m0.add(m1).add(m2).intoArray(out, o);
        m1.sub(m2).sub(m3).intoArray(out, o + stride);
    }
}
