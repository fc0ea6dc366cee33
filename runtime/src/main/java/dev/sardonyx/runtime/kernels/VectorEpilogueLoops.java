package dev.sardonyx.runtime.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link EpilogueLoops} with the Vector API. Loops run in the direction that makes them few and long: down the rows, two vectors of
 * columns at a time, since two of 256 bits are a cache line, or across each row. No vector is handed from method to method, for it becomes
 * an object where C2 does not inline.
 */
final class VectorEpilogueLoops implements EpilogueLoops {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    @Override
    public void finish(
            float[] sums,
            int s,
            int pitch,
            float[] bias,
            int b,
            float[] residual,
            int r,
            int residualPitch,
            float[] out,
            int o,
            int outPitch,
            int rows,
            int channels,
            Epilogue epilogue) {
        Clamp clamp = epilogue.clamp();
        float min = clamp.slope() == 0 ? clamp.min() : Float.NEGATIVE_INFINITY;
        int whole = channels / LANES * LANES;
        if (rows * 2 * LANES <= whole) {
            for (int row = 0; row < rows; row++) {
                int at = s + row * pitch;
                int to = o + row * outPitch;
                if (epilogue.residual()) {
                    addAcross(sums, at, bias, b, residual, r + row * residualPitch, out, to, whole, min);
                } else {
                    storeAcross(sums, at, bias, b, out, to, whole, min);
                }
            }
        } else {
            for (int c = 0; c < whole; c += 2 * LANES) {
                int next = c + LANES < whole ? LANES : 0;
                int at = s + c;
                int to = o + c;
                if (epilogue.residual()) {
                    int from = r + c;
                    addDown(
                            sums,
                            at,
                            pitch,
                            bias,
                            b + c,
                            residual,
                            from,
                            residualPitch,
                            out,
                            to,
                            outPitch,
                            rows,
                            next,
                            min);
                } else {
                    storeDown(sums, at, pitch, bias, b + c, out, to, outPitch, rows, next, min);
                }
            }
        }
        if (clamp.slope() != 0 || clamp.max() != Float.POSITIVE_INFINITY) {
            clamp(out, o, outPitch, rows, whole, clamp);
        }
        for (int c = whole; c < channels; c++) {
            for (int row = 0; row < rows; row++) {
                float y = sums[s + c + row * pitch] + bias[b + c];
                if (epilogue.residual()) {
                    y += residual[r + c + row * residualPitch];
                }
                out[o + c + row * outPitch] = clamp.apply(y);
            }
        }
    }

    private static void storeAcross(
            float[] sums, int s, float[] bias, int b, float[] out, int o, int columns, float min) {
        if (columns == 0) {
            return; // before there are constants, which are objects until C2 has compiled this
        }
        FloatVector least = FloatVector.broadcast(SPECIES, min);
        for (int c = 0; c < columns; c += LANES) {
            FloatVector y =
                    FloatVector.fromArray(SPECIES, sums, s + c).add(FloatVector.fromArray(SPECIES, bias, b + c));
            y.blend(least, y.lt(least)).intoArray(out, o + c);
        }
    }

    private static void addAcross(
            float[] sums,
            int s,
            float[] bias,
            int b,
            float[] residual,
            int r,
            float[] out,
            int o,
            int columns,
            float min) {
        if (columns == 0) {
            return; // before there are constants, which are objects until C2 has compiled this
        }
        FloatVector least = FloatVector.broadcast(SPECIES, min);
        for (int c = 0; c < columns; c += LANES) {
            FloatVector y = FloatVector.fromArray(SPECIES, sums, s + c)
                    .add(FloatVector.fromArray(SPECIES, bias, b + c))
                    .add(FloatVector.fromArray(SPECIES, residual, r + c));
            y.blend(least, y.lt(least)).intoArray(out, o + c);
        }
    }

    /** @param next from the first vector to the second, floats; 0 where there is but one, which is then computed twice */
    private static void storeDown(
            float[] sums,
            int s,
            int pitch,
            float[] bias,
            int b,
            float[] out,
            int o,
            int outPitch,
            int rows,
            int next,
            float min) {
        if (rows == 0) {
            return; // before there are constants, which are objects until C2 has compiled this
        }
        FloatVector least = FloatVector.broadcast(SPECIES, min);
        FloatVector biases = FloatVector.fromArray(SPECIES, bias, b);
        FloatVector nextBiases = FloatVector.fromArray(SPECIES, bias, b + next);
        for (int row = 0; row < rows; row++) {
            int at = s + row * pitch;
            int to = o + row * outPitch;
            FloatVector y = FloatVector.fromArray(SPECIES, sums, at).add(biases);
            FloatVector z = FloatVector.fromArray(SPECIES, sums, at + next).add(nextBiases);
            y.blend(least, y.lt(least)).intoArray(out, to);
            z.blend(least, z.lt(least)).intoArray(out, to + next);
        }
    }

    /** As {@link #storeDown}, with a residual, which may be where the output is: so both vectors are loaded before the first is stored. */
    private static void addDown(
            float[] sums,
            int s,
            int pitch,
            float[] bias,
            int b,
            float[] residual,
            int r,
            int residualPitch,
            float[] out,
            int o,
            int outPitch,
            int rows,
            int next,
            float min) {
        if (rows == 0) {
            return; // before there are constants, which are objects until C2 has compiled this
        }
        FloatVector least = FloatVector.broadcast(SPECIES, min);
        FloatVector biases = FloatVector.fromArray(SPECIES, bias, b);
        FloatVector nextBiases = FloatVector.fromArray(SPECIES, bias, b + next);
        for (int row = 0; row < rows; row++) {
            int at = s + row * pitch;
            int from = r + row * residualPitch;
            int to = o + row * outPitch;
            FloatVector y = FloatVector.fromArray(SPECIES, sums, at)
                    .add(biases)
                    .add(FloatVector.fromArray(SPECIES, residual, from));
            FloatVector z = FloatVector.fromArray(SPECIES, sums, at + next)
                    .add(nextBiases)
                    .add(FloatVector.fromArray(SPECIES, residual, from + next));
            y.blend(least, y.lt(least)).intoArray(out, to);
            z.blend(least, z.lt(least)).intoArray(out, to + next);
        }
    }

    /** Activations that are rare enough for a pass of their own. */
    private static void clamp(float[] out, int o, int pitch, int rows, int columns, Clamp clamp) {
        for (int row = 0; row < rows; row++) {
            int end = o + row * pitch + columns;
            for (int at = end - columns; at < end; at += LANES) {
                FloatVector y = FloatVector.fromArray(SPECIES, out, at);
                FloatVector activated = clamp.slope() != 0
                        ? y.blend(y.mul(clamp.slope()), y.compare(VectorOperators.LT, 0f))
                        : y.blend(clamp.max(), y.compare(VectorOperators.GT, clamp.max()));
                activated.intoArray(out, at);
            }
        }
    }

    @Override
    public int room(int rows) {
        return (rows + 1) * 2 * LANES;
    }

    @Override
    public void exercise(int loop, int rows, float[] floats) {
        int pitch = 2 * LANES;
        switch (loop) {
            case 0 -> storeDown(floats, 0, pitch, floats, 0, floats, 0, pitch, rows, LANES, 0);
            case 1 -> addDown(floats, 0, pitch, floats, 0, floats, 0, pitch, floats, 0, pitch, rows, LANES, 0);
            case 2 -> storeAcross(floats, 0, floats, 0, floats, 0, rows * LANES, 0);
            case 3 -> addAcross(floats, 0, floats, 0, floats, 0, floats, 0, rows * LANES, 0);
            default -> {}
        }
    }
}
