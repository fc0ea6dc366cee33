package dev.sardonyx.runtime.kernels;

/**
 * {@link WinogradLoops} without the Vector API, a channel at a time, with the results of {@link VectorWinogradLoops} to the bit: where
 * that has fused multiply-adds, the factors are powers of two, whose products are exact unless they overflow.
 */
final class PlainWinogradLoops implements WinogradLoops {

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
        for (int c = 0; c < channels; c++) {
            int target = o + c / Strips.BLOCK * block + c % Strips.BLOCK;
            if (m == 4) {
                input4(in, first + c, rowStride, pixelStride, scratch, t, 6, 1);
                input4(scratch, t, 1, 6, out, target, plane, 6 * plane);
            } else {
                input2(in, first + c, rowStride, pixelStride, scratch, t, 4, 1);
                input2(scratch, t, 1, 4, out, target, plane, 4 * plane);
            }
        }
    }

    private static void input4(float[] in, int d, int step, int next, float[] out, int t, int stride, int nextOut) {
        for (int line = 0; line < 6; line++) {
            int from = d + line * next;
            int to = t + line * nextOut;
            float d0 = in[from];
            float d1 = in[from + step];
            float d2 = in[from + 2 * step];
            float d3 = in[from + 3 * step];
            float d4 = in[from + 4 * step];
            float d5 = in[from + 5 * step];
            float a = d4 - 4 * d2;
            float b = d3 - 4 * d1;
            float e = d4 - d2;
            float f = d3 - d1;
            out[to] = 4 * (d0 - d2) + e;
            out[to + stride] = a + b;
            out[to + 2 * stride] = a - b;
            out[to + 3 * stride] = 2 * f + e;
            out[to + 4 * stride] = e - 2 * f;
            out[to + 5 * stride] = d5 - d3 - 4 * f;
        }
    }

    private static void input2(float[] in, int d, int step, int next, float[] out, int t, int stride, int nextOut) {
        for (int line = 0; line < 4; line++) {
            int from = d + line * next;
            int to = t + line * nextOut;
            float d0 = in[from];
            float d1 = in[from + step];
            float d2 = in[from + 2 * step];
            float d3 = in[from + 3 * step];
            out[to] = d0 - d2;
            out[to + stride] = d1 + d2;
            out[to + 2 * stride] = d2 - d1;
            out[to + 3 * stride] = d1 - d3;
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
        for (int c = 0; c < channels; c++) {
            int source = v + c / width * panel + c % width;
            if (m == 4) {
                output4(6, sums, source, 6 * plane, plane, scratch, between, 6, 1);
                output4(4, scratch, between, 1, 6, scratch, t + c, channels, 4 * channels);
            } else {
                output2(4, sums, source, 4 * plane, plane, scratch, between, 4, 1);
                output2(2, scratch, between, 1, 4, scratch, t + c, channels, 2 * channels);
            }
        }
    }

    private static void output4(
            int lines, float[] sums, int v, int step, int next, float[] out, int o, int stride, int nextOut) {
        for (int line = 0; line < lines; line++) {
            int from = v + line * next;
            int to = o + line * nextOut;
            float m1 = sums[from + step];
            float m2 = sums[from + 2 * step];
            float m3 = sums[from + 3 * step];
            float m4 = sums[from + 4 * step];
            float a = m1 + m2;
            float b = m1 - m2;
            float e = m3 + m4;
            float f = m3 - m4;
            out[to] = sums[from] + a + e;
            out[to + stride] = 2 * f + b;
            out[to + 2 * stride] = 4 * e + a;
            out[to + 3 * stride] = 8 * f + b + sums[from + 5 * step];
        }
    }

    private static void output2(
            int lines, float[] sums, int v, int step, int next, float[] out, int o, int stride, int nextOut) {
        for (int line = 0; line < lines; line++) {
            int from = v + line * next;
            int to = o + line * nextOut;
            float m1 = sums[from + step];
            float m2 = sums[from + 2 * step];
            out[to] = sums[from] + m1 + m2;
            out[to + stride] = m1 - m2 - sums[from + 3 * step];
        }
    }
}
