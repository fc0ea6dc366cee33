package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.kernels.WinogradMatrices;
import dev.sardonyx.runtime.opencl.ConvolutionShape.Activation;

/**
 * A 3×3 convolution by Winograd's minimal filtering F(m×m, 3×3): tiles of the input are transformed into (m+2)² values for each
 * channel, each value is multiplied with its own matrix of weights, and the products are transformed back. So many tiles at a time
 * that what lies between is not too large.
 *
 * @param shape one for which {@link ConvolutionShape#winograd} is at least m
 * @param m output pixels of a tile in each direction, 2 or 4
 * @param parts into how many parts the tiles are divided
 */
record Filtering(ConvolutionShape shape, int m, int parts) {

    private static final int TAPS = 9;

    /** Values of a transformed tile. */
    int values() {
        return (m + 2) * (m + 2);
    }

    /** Tiles of all images. */
    int tiles() {
        return shape.batch() * Math.ceilDiv(shape.outHeight(), m) * Math.ceilDiv(shape.outWidth(), m);
    }

    /** Tiles of a part; the last one may have fewer. */
    int partTiles() {
        return Math.ceilDiv(tiles(), parts);
    }

    /** Elements of a part of the transformed input, [tile][value][channel]. */
    long inputElements() {
        return (long) partTiles() * values() * shape.inChannels();
    }

    /** Elements of a part of the products, [tile][value][channel]. */
    long productElements() {
        return (long) partTiles() * values() * shape.outChannels();
    }

    /** Room for a part. */
    Scratch scratch() {
        return new Scratch(inputElements(), productElements());
    }

    /** Elements of the transformed weights. */
    long weightElements() {
        return (long) values() * shape.inChannels() * shape.outChannels();
    }

    /** The products of a part as a convolution: a tile is a pixel, a value a group. */
    ConvolutionShape product() {
        return new ConvolutionShape(
                1,
                1,
                partTiles(),
                values() * shape.inChannels(),
                1,
                partTiles(),
                values() * shape.outChannels(),
                1,
                1,
                1,
                1,
                1,
                1,
                0,
                0,
                values(),
                false,
                false,
                Activation.of(Activation.Kind.NONE),
                0);
    }

    /** The definitions that specialise the transforms for it. */
    String options() {
        return shape.options() + " -DWINOGRAD=" + m + " -DPART_TILES=" + partTiles();
    }

    /**
     * The weights of the products, G g Gᵀ computed in double.
     *
     * @param weights [outChannels, inChannels, 3, 3]
     * @return [value][input channel][output channel]
     */
    float[] weights(float[] weights) {
        int channels = shape.inChannels();
        int filters = shape.outChannels();
        float[] transformed = new float[Math.toIntExact(weightElements())];
        double[] half = new double[3 * (m + 2)];
        for (int channel = 0; channel < channels; channel++) {
            for (int filter = 0; filter < filters; filter++) {
                transform(
                        weights,
                        (filter * channels + channel) * TAPS,
                        half,
                        transformed,
                        channel * filters + filter,
                        channels * filters);
            }
        }
        return transformed;
    }

    private void transform(float[] weights, int taps, double[] half, float[] to, int first, int step) {
        double[][] g = WinogradMatrices.weightTransform(m);
        for (int i = 0; i < m + 2; i++) {
            for (int x = 0; x < 3; x++) {
                half[i * 3 + x] =
                        g[i][0] * weights[taps + x] + g[i][1] * weights[taps + 3 + x] + g[i][2] * weights[taps + 6 + x];
            }
        }
        for (int value = 0; value < values(); value++) {
            double[] row = g[value % (m + 2)];
            int line = value / (m + 2) * 3;
            to[first + value * step] =
                    (float) (row[0] * half[line] + row[1] * half[line + 1] + row[2] * half[line + 2]);
        }
    }
}
