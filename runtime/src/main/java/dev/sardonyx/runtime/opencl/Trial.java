package dev.sardonyx.runtime.opencl;

import static org.jocl.CL.*;

import dev.sardonyx.runtime.kernels.StepInfo;
import dev.sardonyx.runtime.opencl.KernelChoice.Algorithm;
import dev.sardonyx.runtime.opencl.Launch.Argument;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_mem;

/** One convolution on random values, to be computed by several algorithms. The images stay on the device meanwhile. */
final class Trial implements AutoCloseable {

    private static final long SEED = 1;

    /** Random values, after which they come again: making as many as an image has would take longer than all kernels. */
    private static final int DIFFERENT_VALUES = 65_521;

    private final Precision precision;
    private final ConvolutionShape shape;
    private final Context context;
    private final List<Runnable> releases = new ArrayList<>();
    private final cl_command_queue queue;
    private final cl_mem[] slots;
    private final float[] weights;
    private final float[] bias;

    Trial(Devices.Handle device, Precision precision, ConvolutionShape shape) {
        this.precision = precision;
        this.shape = shape;
        Random random = new Random(SEED);
        weights = random(random, shape.outChannels() * shape.depth());
        bias = random(random, shape.outChannels());
        context = new Context(device, shape.batch());
        releases.add(context::close);
        try {
            queue = context.newQueue(true);
            releases.add(() -> clReleaseCommandQueue(queue));
            Uploads images = new Uploads(context, precision);
            releases.add(images::close);
            cl_mem image = images.stored(random(random, Math.toIntExact(shape.inputs())));
            cl_mem residual =
                    shape.residual() ? images.stored(random(random, Math.toIntExact(shape.outputs()))) : image;
            slots = new cl_mem[] {image, residual, allocate(shape.outputs() * precision.bytes())};
        } catch (Throwable e) {
            Releases.afterFailure(releases, e);
            throw e;
        }
    }

    private cl_mem allocate(long bytes) {
        cl_mem memory = context.allocate(bytes, CL_MEM_READ_WRITE);
        releases.add(() -> clReleaseMemObject(memory));
        return memory;
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
        int different = Math.min(count, DIFFERENT_VALUES);
        for (int i = 0; i < different; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        for (int i = different; i < count; i++) {
            values[i] = values[i - different];
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

    /**
     * Builds what these algorithms need, side by side.
     *
     * @throws dev.sardonyx.runtime.UnsupportedMachineException if the device's compiler does not take all of them; the others are built
     */
    void build(List<Algorithm> algorithms) {
        Argument unused = new Argument.Unused();
        context.build(algorithms.stream()
                .flatMap(algorithm -> launches(algorithm, unused, unused).stream())
                .map(Launch::source)
                .toList());
    }

    private List<Launch> launches(Algorithm algorithm, Argument weightsThere, Argument biasThere) {
        Step.Convolution step =
                new Step.Convolution(new StepInfo("", "", 0, 0), shape, 0, shape.residual() ? 1 : -1, 2, weights, bias);
        return Convolutions.launches(
                step, algorithm, weightsThere, biasThere, ProgramSource.options(context.device(), precision));
    }

    /** Runs one algorithm, several times after a first one that does not count. */
    Result run(Algorithm algorithm, int runs) {
        try {
            return tried(algorithm, runs);
        } catch (CLException e) {
            throw context.failure(e);
        }
    }

    private Result tried(Algorithm algorithm, int runs) {
        int kept = releases.size();
        try (Uploads constants = new Uploads(context, precision)) {
            List<Launch> launches = launches(
                    algorithm,
                    constants.weights(shape, algorithm, weights),
                    shape.bias() ? constants.floats(bias) : new Argument.Unused());
            Scratch scratch = Convolutions.scratch(shape, algorithm);
            cl_mem[] rooms = {allocate(scratch.first() * Float.BYTES), allocate(scratch.second() * Float.BYTES)};
            try (BoundLaunches bound = new BoundLaunches(context, queue, launches, slots, rooms, true)) {
                time(bound, launches.size());
                float[] values = output();
                long shortest = Long.MAX_VALUE;
                for (int i = 0; i < runs; i++) {
                    shortest = Math.min(shortest, time(bound, launches.size()));
                }
                return new Result(values, shortest);
            }
        } finally {
            Releases.all(releases.subList(kept, releases.size()));
        }
    }

    private long time(BoundLaunches bound, int launches) {
        bound.enqueue();
        clFinish(queue);
        long[] nanoseconds = new long[1];
        bound.addTimes(new int[launches], nanoseconds);
        return nanoseconds[0];
    }

    private float[] output() {
        int count = Math.toIntExact(shape.outputs());
        float[] values = new float[count];
        if (!precision.isHalf()) {
            clEnqueueReadBuffer(
                    queue, slots[2], true, 0, (long) count * Float.BYTES, Pointer.to(values), 0, null, null);
            return values;
        }
        short[] halves = new short[count];
        clEnqueueReadBuffer(queue, slots[2], true, 0, (long) count * Short.BYTES, Pointer.to(halves), 0, null, null);
        for (int i = 0; i < count; i++) {
            values[i] = Float.float16ToFloat(halves[i]);
        }
        return values;
    }

    @Override
    public void close() {
        context.release(releases);
    }
}
