package dev.sardonyx.runtime.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link EpilogueLoops} with the Vector API. Loops run down the rows, a vector of columns at a time. No vector is handed from method to
 * method, for it becomes an object where C2 does not inline.
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
        int c = 0;
        for (; c <= channels - LANES; c += LANES) {
            if (epilogue.residual()) {
                add(
                        sums,
                        s + c,
                        pitch,
                        bias,
                        b + c,
                        residual,
                        r + c,
                        residualPitch,
                        out,
                        o + c,
                        outPitch,
                        rows,
                        epilogue);
            } else {
                store(sums, s + c, pitch, bias, b + c, out, o + c, outPitch, rows, epilogue);
            }
        }
        for (; c < channels; c++) {
            for (int row = 0; row < rows; row++) {
                float y = sums[s + c + row * pitch] + bias[b + c];
                if (epilogue.residual()) {
                    y += residual[r + c + row * residualPitch];
                }
                out[o + c + row * outPitch] = epilogue.clamp().apply(y);
            }
        }
    }

    private static void store(
            float[] sums,
            int s,
            int pitch,
            float[] bias,
            int b,
            float[] out,
            int o,
            int outPitch,
            int rows,
            Epilogue epilogue) {
        Clamp clamp = epilogue.clamp();
        FloatVector biases = FloatVector.fromArray(SPECIES, bias, b);
        if (clamp.equals(Clamp.RELU)) {
            FloatVector zero = FloatVector.zero(SPECIES);
            for (int row = 0; row < rows; row++) {
                FloatVector.fromArray(SPECIES, sums, s + row * pitch)
                        .add(biases)
                        .max(zero)
                        .intoArray(out, o + row * outPitch);
            }
            return;
        }
        for (int row = 0; row < rows; row++) {
            FloatVector.fromArray(SPECIES, sums, s + row * pitch).add(biases).intoArray(out, o + row * outPitch);
        }
        if (!clamp.equals(Clamp.NONE)) {
            clamp(out, o, outPitch, rows, clamp);
        }
    }

    private static void add(
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
            Epilogue epilogue) {
        Clamp clamp = epilogue.clamp();
        FloatVector biases = FloatVector.fromArray(SPECIES, bias, b);
        if (clamp.equals(Clamp.RELU)) {
            FloatVector zero = FloatVector.zero(SPECIES);
            for (int row = 0; row < rows; row++) {
                FloatVector.fromArray(SPECIES, sums, s + row * pitch)
                        .add(biases)
                        .add(FloatVector.fromArray(SPECIES, residual, r + row * residualPitch))
                        .max(zero)
                        .intoArray(out, o + row * outPitch);
            }
            return;
        }
        for (int row = 0; row < rows; row++) {
            FloatVector.fromArray(SPECIES, sums, s + row * pitch)
                    .add(biases)
                    .add(FloatVector.fromArray(SPECIES, residual, r + row * residualPitch))
                    .intoArray(out, o + row * outPitch);
        }
        if (!clamp.equals(Clamp.NONE)) {
            clamp(out, o, outPitch, rows, clamp);
        }
    }

    /** Activations that are rare enough for a pass of their own. */
    private static void clamp(float[] out, int o, int pitch, int rows, Clamp clamp) {
        for (int row = 0; row < rows; row++) {
            FloatVector y = FloatVector.fromArray(SPECIES, out, o + row * pitch);
            FloatVector activated = clamp.slope() != 0
                    ? y.blend(y.mul(clamp.slope()), y.compare(VectorOperators.LT, 0f))
                    : y.max(clamp.min()).min(clamp.max());
            activated.intoArray(out, o + row * pitch);
        }
    }
}
