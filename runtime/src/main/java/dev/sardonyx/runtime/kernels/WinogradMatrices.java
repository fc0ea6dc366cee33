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

    static float[][] inputTransform(int m) {
        return m == 2 ? BT2 : BT4;
    }

    static float[][] outputTransform(int m) {
        return m == 2 ? AT2 : AT4;
    }

    /**
     * Transforms the weights of a 3×3 convolution: G g Gᵀ for each pair of channels, computed in double.
     *
     * @param m output pixels of a tile in each direction, 2 or 4
     * @param weights [pairs, 3, 3], where pairs is output channels × input channels
     * @return [(m+2)², pairs]
     */
    public static float[] transformWeights(int m, float[] weights) {
        double[][] g = m == 2 ? G2 : G4;
        int n = m + 2;
        int pairs = weights.length / 9;
        float[] transformed = new float[Math.multiplyExact(n * n, pairs)];
        double[] half = new double[3 * n];
        for (int pair = 0; pair < pairs; pair++) {
            for (int i = 0; i < n; i++) {
                for (int x = 0; x < 3; x++) {
                    int w = pair * 9 + x;
                    half[i * 3 + x] = g[i][0] * weights[w] + g[i][1] * weights[w + 3] + g[i][2] * weights[w + 6];
                }
            }
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    double value = g[j][0] * half[i * 3] + g[j][1] * half[i * 3 + 1] + g[j][2] * half[i * 3 + 2];
                    transformed[(i * n + j) * pairs + pair] = (float) value;
                }
            }
        }
        return transformed;
    }
}
