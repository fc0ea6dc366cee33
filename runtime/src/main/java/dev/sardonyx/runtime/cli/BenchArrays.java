package dev.sardonyx.runtime.cli;

import dev.sardonyx.runtime.ModelInfo;
import java.util.Random;

/** The arrays that benchmarks run on. No streams: {@link StartCommand} would measure their bootstrap. */
public final class BenchArrays {

    private static final long SEED = 42;

    private BenchArrays() {}

    /** Random values from 0 to 1, the same each time: one array per input. */
    public static float[][] inputs(ModelInfo info) {
        Random random = new Random(SEED);
        float[][] inputs = new float[info.inputs().size()][];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = new float[info.inputs().get(i).elements()];
            for (int j = 0; j < inputs[i].length; j++) {
                inputs[i][j] = random.nextFloat();
            }
        }
        return inputs;
    }

    /** One array per output. */
    public static float[][] outputs(ModelInfo info) {
        float[][] outputs = new float[info.outputs().size()][];
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = new float[info.outputs().get(i).elements()];
        }
        return outputs;
    }
}
