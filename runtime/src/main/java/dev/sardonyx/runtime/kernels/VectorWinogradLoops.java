package dev.sardonyx.runtime.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link WinogradLoops} with the Vector API. A pass takes one line of a tile after the other, columns or rows, whose values fit in
 * registers; between the passes they lie in the scratch memory, in the first-level cache. Each pass has that loop to itself, since C2
 * would else compile the callers once for every loop in them that becomes hot. No method returns a vector: one that C2 does not inline
 * would make it an object.
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
                input4(6, in, first + c, rowStride, pixelStride, scratch, t, 6 * LANES, LANES);
                input4(6, scratch, t, LANES, 6 * LANES, out, target, plane, 6 * plane);
            } else {
                input2(4, in, first + c, rowStride, pixelStride, scratch, t, 4 * LANES, LANES);
                input2(4, scratch, t, LANES, 4 * LANES, out, target, plane, 4 * plane);
            }
        }
    }

    private static void input4(
            int lines, float[] in, int d, int step, int next, float[] out, int t, int stride, int nextOut) {
        if (lines == 0) {
            return; // before there are constants, which are objects until C2 has compiled this
        }
        FloatVector two = FloatVector.broadcast(SPECIES, 2f);
        FloatVector minusTwo = FloatVector.broadcast(SPECIES, -2f);
        FloatVector four = FloatVector.broadcast(SPECIES, 4f);
        FloatVector minusFour = FloatVector.broadcast(SPECIES, -4f);
        for (int line = 0; line < lines; line++) {
            int from = d + line * next;
            int to = t + line * nextOut;
            FloatVector d0 = FloatVector.fromArray(SPECIES, in, from);
            FloatVector d1 = FloatVector.fromArray(SPECIES, in, from + step);
            FloatVector d2 = FloatVector.fromArray(SPECIES, in, from + 2 * step);
            FloatVector d3 = FloatVector.fromArray(SPECIES, in, from + 3 * step);
            FloatVector d4 = FloatVector.fromArray(SPECIES, in, from + 4 * step);
            FloatVector d5 = FloatVector.fromArray(SPECIES, in, from + 5 * step);
            FloatVector a = d2.fma(minusFour, d4);
            FloatVector b = d1.fma(minusFour, d3);
            FloatVector e = d4.sub(d2);
            FloatVector f = d3.sub(d1);
            d0.sub(d2).fma(four, e).intoArray(out, to);
            a.add(b).intoArray(out, to + stride);
            a.sub(b).intoArray(out, to + 2 * stride);
            f.fma(two, e).intoArray(out, to + 3 * stride);
            f.fma(minusTwo, e).intoArray(out, to + 4 * stride);
            f.fma(minusFour, d5.sub(d3)).intoArray(out, to + 5 * stride);
        }
    }

    private static void input2(
            int lines, float[] in, int d, int step, int next, float[] out, int t, int stride, int nextOut) {
        for (int line = 0; line < lines; line++) {
            int from = d + line * next;
            int to = t + line * nextOut;
            FloatVector d0 = FloatVector.fromArray(SPECIES, in, from);
            FloatVector d1 = FloatVector.fromArray(SPECIES, in, from + step);
            FloatVector d2 = FloatVector.fromArray(SPECIES, in, from + 2 * step);
            FloatVector d3 = FloatVector.fromArray(SPECIES, in, from + 3 * step);
            d0.sub(d2).intoArray(out, to);
            d1.add(d2).intoArray(out, to + stride);
            d2.sub(d1).intoArray(out, to + 2 * stride);
            d1.sub(d3).intoArray(out, to + 3 * stride);
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
        for (int c = 0; c < channels; c += LANES) {
            int source = v + c / width * panel + c % width;
            if (m == 4) {
                output4(6, sums, source, 6 * plane, plane, scratch, between, 6 * LANES, LANES);
                output4(4, scratch, between, LANES, 6 * LANES, scratch, t + c, channels, 4 * channels);
            } else {
                output2(4, sums, source, 4 * plane, plane, scratch, between, 4 * LANES, LANES);
                output2(2, scratch, between, LANES, 4 * LANES, scratch, t + c, channels, 2 * channels);
            }
        }
    }

    private static void output4(
            int lines, float[] sums, int v, int step, int next, float[] out, int o, int stride, int nextOut) {
        if (lines == 0) {
            return; // before there are constants, which are objects until C2 has compiled this
        }
        FloatVector two = FloatVector.broadcast(SPECIES, 2f);
        FloatVector four = FloatVector.broadcast(SPECIES, 4f);
        FloatVector eight = FloatVector.broadcast(SPECIES, 8f);
        for (int line = 0; line < lines; line++) {
            int from = v + line * next;
            int to = o + line * nextOut;
            FloatVector m0 = FloatVector.fromArray(SPECIES, sums, from);
            FloatVector m1 = FloatVector.fromArray(SPECIES, sums, from + step);
            FloatVector m2 = FloatVector.fromArray(SPECIES, sums, from + 2 * step);
            FloatVector m3 = FloatVector.fromArray(SPECIES, sums, from + 3 * step);
            FloatVector m4 = FloatVector.fromArray(SPECIES, sums, from + 4 * step);
            FloatVector m5 = FloatVector.fromArray(SPECIES, sums, from + 5 * step);
            FloatVector a = m1.add(m2);
            FloatVector b = m1.sub(m2);
            FloatVector e = m3.add(m4);
            FloatVector f = m3.sub(m4);
            m0.add(a).add(e).intoArray(out, to);
            f.fma(two, b).intoArray(out, to + stride);
            e.fma(four, a).intoArray(out, to + 2 * stride);
            f.fma(eight, b).add(m5).intoArray(out, to + 3 * stride);
        }
    }

    private static void output2(
            int lines, float[] sums, int v, int step, int next, float[] out, int o, int stride, int nextOut) {
        for (int line = 0; line < lines; line++) {
            int from = v + line * next;
            int to = o + line * nextOut;
            FloatVector m0 = FloatVector.fromArray(SPECIES, sums, from);
            FloatVector m1 = FloatVector.fromArray(SPECIES, sums, from + step);
            FloatVector m2 = FloatVector.fromArray(SPECIES, sums, from + 2 * step);
            FloatVector m3 = FloatVector.fromArray(SPECIES, sums, from + 3 * step);
            m0.add(m1).add(m2).intoArray(out, to);
            m1.sub(m2).sub(m3).intoArray(out, to + stride);
        }
    }

    /** A line is a vector, and the passes reach five beyond the first. */
    @Override
    public int room(int lines) {
        return (lines + 5) * LANES;
    }

    @Override
    public void exercise(int loop, int lines, float[] floats) {
        switch (loop) {
            case 0 -> input4(lines, floats, 0, LANES, LANES, floats, 0, LANES, LANES);
            case 1 -> input2(lines, floats, 0, LANES, LANES, floats, 0, LANES, LANES);
            case 2 -> output4(lines, floats, 0, LANES, LANES, floats, 0, LANES, LANES);
            case 3 -> output2(lines, floats, 0, LANES, LANES, floats, 0, LANES, LANES);
            default -> {}
        }
    }
}
