package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.Execution;
import dev.sardonyx.runtime.SessionOptions;
import dev.sardonyx.runtime.kernels.WeightReader;
import dev.sardonyx.runtime.opencl.KernelChoice.Algorithm;
import java.io.InputStream;
import java.util.Random;

/** One convolution on random values, to be computed by several algorithms. */
final class Trial {

    private static final long SEED = 1;

    private final Devices.Handle device;
    private final ConvolutionNetwork network;
    private final float[][] inputs;

    Trial(Devices.Handle device, Precision precision, ConvolutionShape shape) {
        this.device = device;
        Random random = new Random(SEED);
        float[] weights = random(random, shape.outChannels() * shape.depth());
        float[] bias = random(random, shape.bias() ? shape.outChannels() : 0);
        network = new ConvolutionNetwork(shape, precision, weights, bias);
        inputs = new float[][] {random(random, network.imageSize()), random(random, network.outputSize())};
    }

    /**
     * How far an algorithm may be from direct sums, by the largest value: the order of sums and the precision's rounding. Winograd's
     * filtering may err by 1e-5 on average, and by some times that at worst.
     */
    static float allowedError(Precision precision, Algorithm algorithm) {
        if (algorithm instanceof Algorithm.Winograd) {
            return 5e-5f;
        }
        return switch (precision) {
            case FP32, TF32X3 -> 1e-5f;
            case FP16_STORAGE, TF32, FP16 -> 2e-3f;
        };
    }

    private static float[] random(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }

    /**
     * What came out.
     *
     * @param values the convolution's output
     * @param nanoseconds of the shortest run, on the device
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Result(float[] values, long nanoseconds) {

        /** Whether the values are those of {@code other}, but for an error by the largest value. */
        boolean agrees(Result other, float error) {
            float scale = 0;
            for (float value : other.values) {
                scale = Math.max(scale, Math.abs(value));
            }
            for (int i = 0; i < values.length; i++) {
                if (!(Math.abs(values[i] - other.values[i]) <= error * scale)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Runs one algorithm, several times after a first one that does not count. */
    Result run(Algorithm algorithm, int runs) {
        float[][] outputs = {new float[network.outputSize()]};
        try (OpenClEngine engine = OpenClEngine.load(
                        device,
                        network.source(),
                        network,
                        new WeightReader(InputStream.nullInputStream()),
                        _ -> algorithm);
                Execution execution =
                        engine.newExecution(SessionOptions.defaults().withProfiling(true))) {
            long shortest = Long.MAX_VALUE;
            execution.run(inputs, outputs);
            long before = nanoseconds(execution);
            for (int i = 0; i < runs; i++) {
                execution.run(inputs, outputs);
                long after = nanoseconds(execution);
                shortest = Math.min(shortest, after - before);
                before = after;
            }
            return new Result(outputs[0], shortest);
        }
    }

    private static long nanoseconds(Execution execution) {
        return execution.profile().stream()
                .filter(kernel -> kernel.name().equals(ConvolutionNetwork.CONVOLUTION))
                .mapToLong(kernel -> kernel.nanoseconds())
                .sum();
    }
}
