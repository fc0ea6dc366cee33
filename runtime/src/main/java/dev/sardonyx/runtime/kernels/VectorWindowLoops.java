package dev.sardonyx.runtime.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link WindowLoops} with the Vector API: a vector of channels at a time. */
final class VectorWindowLoops implements WindowLoops {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** Height and width of the windows that {@link #exercise} runs over. */
    private static final int SIDE = 3;

    @Override
    public void maximum(
            float[] in,
            int first,
            int rows,
            int columns,
            int rowStride,
            int columnStride,
            float[] out,
            int outOffset,
            int channels) {
        int c = 0;
        for (; c <= channels - LANES; c += LANES) {
            FloatVector maximum = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
            for (int y = 0; y < rows; y++) {
                int row = first + c + y * rowStride;
                for (int x = 0; x < columns; x++) {
                    maximum = maximum.max(FloatVector.fromArray(SPECIES, in, row + x * columnStride));
                }
            }
            maximum.intoArray(out, outOffset + c);
        }
        for (; c < channels; c++) {
            out[outOffset + c] = PlainWindowLoops.maximum(in, first + c, rows, columns, rowStride, columnStride);
        }
    }

    @Override
    public void sum(
            float[] in,
            int first,
            int rows,
            int columns,
            int rowStride,
            int columnStride,
            float[] out,
            int outOffset,
            int channels,
            float factor) {
        int c = 0;
        for (; c <= channels - LANES; c += LANES) {
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int y = 0; y < rows; y++) {
                int row = first + c + y * rowStride;
                for (int x = 0; x < columns; x++) {
                    sum = sum.add(FloatVector.fromArray(SPECIES, in, row + x * columnStride));
                }
            }
            sum.mul(factor).intoArray(out, outOffset + c);
        }
        for (; c < channels; c++) {
            out[outOffset + c] = factor * PlainWindowLoops.sum(in, first + c, rows, columns, rowStride, columnStride);
        }
    }

    @Override
    public int room(int vectors) {
        return SIDE * SIDE * vectors * LANES;
    }

    /** One window, whose pixels take so many vectors each. */
    @Override
    public void exercise(int loop, int vectors, float[] floats) {
        int channels = vectors * LANES;
        int row = SIDE * channels;
        switch (loop) {
            case 0 -> maximum(floats, 0, SIDE, SIDE, row, channels, floats, 0, channels);
            case 1 -> sum(floats, 0, SIDE, SIDE, row, channels, floats, 0, channels, 1);
            default -> {}
        }
    }
}
