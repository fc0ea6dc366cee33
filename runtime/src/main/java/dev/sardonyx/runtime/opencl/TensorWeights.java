package dev.sardonyx.runtime.opencl;

/** Weights as the tensor cores take them: words of one float32 or tf32, or of two neighbouring halves of a sum. */
final class TensorWeights {

    /** Columns that tensor.cl loads at once. */
    private static final int LANES = 4;

    /** Lower bits of a float32 that a tf32 lacks. */
    private static final int DROPPED_BITS = 13;

    private TensorWeights() {}

    /**
     * The words in the order [group][word of the sum][column], columns filled up with zeros to a multiple of 4, as sums are to
     * whole words.
     *
     * @param packed what {@link Convolutions#packed} gives
     */
    static int[] words(ConvolutionShape shape, Precision precision, float[] packed) {
        int elements = precision.wordElements();
        int depth = shape.depth();
        int words = Math.ceilDiv(depth, elements);
        int columns = Math.ceilDiv(shape.columns(), LANES) * LANES;
        int[] result = new int[Math.multiplyExact(shape.groups() * words, columns)];
        for (int group = 0; group < shape.groups(); group++) {
            for (int k = 0; k < depth; k++) {
                int from = (group * depth + k) * shape.columns();
                int to = (group * words + k / elements) * columns;
                for (int column = 0; column < shape.columns(); column++) {
                    result[to + column] |= bits(precision, packed[from + column]) << (k % elements * Short.SIZE);
                }
            }
        }
        return result;
    }

    private static int bits(Precision precision, float value) {
        return switch (precision) {
            case FP16 -> Float.floatToFloat16(value) & 0xffff;
            case TF32 -> Float.floatToRawIntBits(tf32(value));
            default -> Float.floatToRawIntBits(value);
        };
    }

    /** To the nearest number of 10 bits after the point, halves away from zero; mma.cl rounds likewise. */
    static float tf32(float value) {
        int half = 1 << (DROPPED_BITS - 1);
        return Float.isNaN(value)
                ? value
                : Float.intBitsToFloat((Float.floatToRawIntBits(value) + half) & (-1 << DROPPED_BITS));
    }
}
