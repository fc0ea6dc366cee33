package dev.sardonyx.runtime;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Runs a {@link CompiledModel}, with buffers of its own. Cheap to create. One thread at a time; for concurrent
 * inferences open a session per thread. In the steady state a run allocates nothing.
 *
 * <p>Arrays are row-major with the shapes of {@link ModelInfo#inputs()} and {@link ModelInfo#outputs()}; they hold floats
 * whatever the {@link ElementType}. Generated models
 * return a subclass whose {@code run} is typed from the graph.
 */
public class Session implements AutoCloseable {

    private final ModelInfo info;
    private final Execution execution;
    private final float[][] inputs;
    private final float[][] outputs;
    private boolean closed;

    /** Opens a session on {@code model}; generated code calls this. */
    protected Session(CompiledModel model, SessionOptions options) {
        info = model.info();
        execution = model.engine().newExecution(options);
        inputs = buffers(info.inputs());
        outputs = buffers(info.outputs());
    }

    private static float[][] buffers(List<TensorInfo> tensors) {
        return tensors.stream().map(t -> new float[t.elements()]).toArray(float[][]::new);
    }

    /**
     * Runs once on arrays that the caller owns.
     *
     * @param in one array per input, in order; only read
     * @param out one array per output, in order; overwritten
     * @throws IllegalArgumentException if a count or a length is not the model's
     * @throws IllegalStateException if the session is closed
     */
    public final void run(float[][] in, float[][] out) {
        if (closed) {
            throw new IllegalStateException("this session of " + info.name() + " is closed");
        }
        check("input", info.inputs(), inputs, in);
        check("output", info.outputs(), outputs, out);
        execution.run(in, out);
    }

    /** Runs once on what {@link #set} gave; {@link #get} reads the result. */
    public final void run() {
        run(inputs, outputs);
    }

    /**
     * Copies values into the input called {@code name}.
     *
     * @throws IllegalArgumentException if there is no such input or the length is not its number of elements
     */
    public final void set(String name, float[] values) {
        float[] target = named("input", name, info.inputs(), inputs);
        checkLength("input", name, target.length, values.length);
        System.arraycopy(values, 0, target, 0, target.length);
    }

    /** As {@link #set(String, float[])}, from a segment of native-order float32 values. */
    public final void set(String name, MemorySegment values) {
        float[] target = named("input", name, info.inputs(), inputs);
        checkLength("input", name, target.length, values.byteSize() / Float.BYTES);
        MemorySegment.copy(values, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, target, 0, target.length);
    }

    /**
     * Copies the output called {@code name} of the last {@link #run()} to {@code into}.
     *
     * @throws IllegalArgumentException if there is no such output or the length is not its number of elements
     */
    public final void get(String name, float[] into) {
        float[] source = named("output", name, info.outputs(), outputs);
        checkLength("output", name, source.length, into.length);
        System.arraycopy(source, 0, into, 0, source.length);
    }

    /** As {@link #get(String, float[])}, to a segment of native-order float32 values. */
    public final void get(String name, MemorySegment into) {
        float[] source = named("output", name, info.outputs(), outputs);
        checkLength("output", name, source.length, into.byteSize() / Float.BYTES);
        MemorySegment.copy(source, 0, into, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, source.length);
    }

    /** Times per kernel since the session began; empty unless {@link SessionOptions#profiling()}. */
    public final List<KernelProfile> profile() {
        return execution.profile();
    }

    /** The session's own array for output {@code index}; the next run overwrites it. For generated code. */
    protected final float[] output(int index) {
        return outputs[index];
    }

    /** The session's own output arrays. For generated code. */
    protected final float[][] outputs() {
        return outputs;
    }

    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            execution.close();
        }
    }

    /** {@code own} are arrays of the right lengths: reckoning them from the shapes anew would allocate. */
    private static void check(String kind, List<TensorInfo> tensors, float[][] own, float[][] arrays) {
        if (arrays.length != own.length) {
            throw new IllegalArgumentException(
                    "the model has " + own.length + " " + kind + "s, but " + arrays.length + " were given");
        }
        for (int i = 0; i < arrays.length; i++) {
            checkLength(kind, tensors.get(i).name(), own[i].length, arrays[i].length);
        }
    }

    private static void checkLength(String kind, String name, int expected, long actual) {
        if (actual != expected) {
            throw new IllegalArgumentException(
                    kind + " '" + name + "' has " + expected + " elements, but " + actual + " were given");
        }
    }

    private static float[] named(String kind, String name, List<TensorInfo> tensors, float[][] arrays) {
        for (int i = 0; i < arrays.length; i++) {
            if (tensors.get(i).name().equals(name)) {
                return arrays[i];
            }
        }
        throw new IllegalArgumentException("the model has no " + kind + " '" + name + "'; it has "
                + tensors.stream().map(TensorInfo::name).toList());
    }
}
