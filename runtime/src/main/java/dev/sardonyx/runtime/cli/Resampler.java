package dev.sardonyx.runtime.cli;

/**
 * Scales a picture with a triangle filter. Enlarging interpolates linearly; reducing widens the triangle with the factor, so that
 * every source pixel counts: the "bilinear" of PIL and torchvision, which round to 8 bits after each axis, columns first.
 */
final class Resampler {

    private static final int CHANNELS = 3;

    /** As many as leave room for a sum of 255 in an int; also what PIL has, so that ties round alike. */
    private static final int FRACTION_BITS = 22;

    private Resampler() {}

    /** The {@code width} x {@code height} pixels that {@code framing} cuts out, as rows of red, green, blue bytes. */
    static byte[] scale(Picture picture, Framing framing, int width, int height) {
        Axis columns = Axis.of(picture.width(), framing.scaledWidth(), framing.left(), width);
        Axis rows = Axis.of(picture.height(), framing.scaledHeight(), framing.top(), height);
        int stride = width * CHANNELS;
        byte[] source = new byte[picture.width() * CHANNELS];
        byte[] narrowed = new byte[Math.multiplyExact(rows.end() - rows.start(), stride)];
        for (int y = rows.start(); y < rows.end(); y++) {
            picture.row(y, source);
            int target = (y - rows.start()) * stride;
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < CHANNELS; c++) {
                    narrowed[target + x * CHANNELS + c] = columns.at(x, source, c, CHANNELS);
                }
            }
        }
        byte[] result = new byte[height * stride];
        for (int y = 0; y < height; y++) {
            for (int i = 0; i < stride; i++) {
                result[y * stride + i] = rows.at(y, narrowed, i - rows.start() * stride, stride);
            }
        }
        return result;
    }

    /**
     * The source pixels of each result pixel of one axis.
     *
     * @param starts the first source pixel of each
     * @param weights the shares of that and the following ones; fixed-point numbers that add up to 1
     */
    private record Axis(int[] starts, int[][] weights) {

        /** Pixels {@code first} to {@code first + count - 1} of an axis of {@code from} pixels scaled to {@code to}. */
        static Axis of(int from, int to, int first, int count) {
            double scale = (double) from / to;
            double reach = Math.max(scale, 1);
            int[] starts = new int[count];
            int[][] weights = new int[count][];
            for (int i = 0; i < count; i++) {
                double centre = (first + i + 0.5) * scale;
                starts[i] = Math.max(0, (int) (centre - reach + 0.5));
                int end = Math.min(from, (int) (centre + reach + 0.5));
                weights[i] = triangle(starts[i], end, centre, reach);
            }
            return new Axis(starts, weights);
        }

        private static int[] triangle(int start, int end, double centre, double reach) {
            double[] heights = new double[end - start];
            double sum = 0;
            for (int i = 0; i < heights.length; i++) {
                heights[i] = Math.max(0, 1 - Math.abs(start + i + 0.5 - centre) / reach);
                sum += heights[i];
            }
            int[] weights = new int[heights.length];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (int) Math.round(heights[i] / sum * (1 << FRACTION_BITS));
            }
            return weights;
        }

        int start() {
            return starts[0];
        }

        int end() {
            int last = starts.length - 1;
            return starts[last] + weights[last].length;
        }

        /** Result pixel {@code i}, from 8-bit pixels of which number n lies at {@code offset + n * step}. */
        byte at(int i, byte[] pixels, int offset, int step) {
            int sum = 1 << (FRACTION_BITS - 1);
            int at = offset + starts[i] * step;
            for (int weight : weights[i]) {
                sum += weight * (pixels[at] & 0xff);
                at += step;
            }
            return (byte) Math.clamp(sum >> FRACTION_BITS, 0, 255);
        }
    }
}
