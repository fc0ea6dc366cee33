package dev.sardonyx.runtime.kernels;

/** The matrices of F(2×2, 3×3) and F(4×4, 3×3), and the transform of the weights. */
public final class WinogradMatrices {

    private static final float[][] BT2 = {{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}};
    private static final float[][] AT2 = {{1, 1, 1, 0}, {0, 1, -1, -1}};
    private static final double[][] G2 = {{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}};

    private static final float[][] BT4 = {
        {4, 0, -5, 0, 1, 0},
        {0, -4, -4, 1, 1, 0},
        {0, 4, -4, -1, 1, 0},
        {0, -2, -1, 2, 1, 0},
        {0, 2, -1, -2, 1, 0},
        {0, 4, 0, -5, 0, 1}
    };
    private static final float[][] AT4 = {
        {1, 1, 1, 1, 1, 0}, {0, 1, -1, 2, -2, 0}, {0, 1, 1, 4, 4, 0}, {0, 1, -1, 8, -8, 1}
    };
    private static final double[][] G4 = {
        {1.0 / 4, 0, 0},
        {-1.0 / 6, -1.0 / 6, -1.0 / 6},
        {-1.0 / 6, 1.0 / 6, -1.0 / 6},
        {1.0 / 24, 1.0 / 12, 1.0 / 6},
        {1.0 / 24, -1.0 / 12, 1.0 / 6},
        {0, 0, 1}
    };

    private WinogradMatrices() {}

    /** Bᵀ, [m + 2, m + 2]. Not to be changed, like the other two. */
    public static float[][] inputTransform(int m) {
        return m == 2 ? BT2 : BT4;
    }

    /** Aᵀ, [m, m + 2]. */
    public static float[][] outputTransform(int m) {
        return m == 2 ? AT2 : AT4;
    }

    /** G, [m + 2, 3]. */
    public static double[][] weightTransform(int m) {
        return m == 2 ? G2 : G4;
    }

    /**
     * Transforms the weights of a 3×3 convolution, G g Gᵀ for each pair of channels, computed in double; and packs them.
     *
     * @param m output pixels of a tile in each direction, 2 or 4
     * @param packing a group for each of the (m+2)² values
     */
    static void pack(int m, ConvolutionPacking packing, WeightReader weights, float[] packed, int from) {
        double[][] g = weightTransform(m);
        int n = m + 2;
        int outputs = packing.outChannels();
        float[] taps = new float[9 * outputs];
        double[] half = new double[3 * n * outputs];
        float[] row = new float[outputs];
        for (int channel = 0; channel < packing.inChannels(); channel++) {
            weights.next(taps);
            for (int i = 0; i < n; i++) {
                for (int x = 0; x < 3; x++) {
                    combine(g[i], taps, x * outputs, 3 * outputs, half, (i * 3 + x) * outputs, outputs);
                }
            }
            for (int value = 0; value < n * n; value++) {
                combine(g[value % n], half, value / n * 3 * outputs, outputs, row);
                packing.packRow(row, 0, value, channel, packed, from);
            }
        }
    }

    /** Adds up three rows, {@code pitch} apart, times their factors. */
    private static void combine(double[] factors, float[] in, int i, int pitch, double[] out, int o, int count) {
        double a = factors[0];
        double b = factors[1];
        double c = factors[2];
        for (int x = 0; x < count; x++) {
            out[o + x] = a * in[i + x] + b * in[i + pitch + x] + c * in[i + 2 * pitch + x];
        }
    }

    private static void combine(double[] factors, double[] in, int i, int pitch, float[] out) {
        double a = factors[0];
        double b = factors[1];
        double c = factors[2];
        for (int x = 0; x < out.length; x++) {
            out[x] = (float) (a * in[i + x] + b * in[i + pitch + x] + c * in[i + 2 * pitch + x]);
        }
    }
}
