package dev.sardonyx.runtime.opencl;

import static org.jocl.CL.*;

import dev.sardonyx.runtime.opencl.KernelChoice.Algorithm;
import dev.sardonyx.runtime.opencl.Launch.Argument;
import java.util.ArrayList;
import java.util.List;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_mem;

/** Values that are written to a device once, for kernels to read, and stay there until this is closed. */
final class Uploads implements AutoCloseable {

    private final Context context;
    private final Precision precision;
    private final cl_command_queue queue;
    private final List<cl_mem> memories = new ArrayList<>();

    Uploads(Context context, Precision precision) {
        this.context = context;
        this.precision = precision;
        queue = context.newQueue(false);
    }

    /** Values as float32. */
    Argument floats(float[] values) {
        return new Argument.Shared(write(Pointer.to(values), (long) values.length * Float.BYTES));
    }

    /** Values as tensors between kernels are stored. */
    cl_mem stored(float[] values) {
        if (!precision.isHalf()) {
            return write(Pointer.to(values), (long) values.length * Float.BYTES);
        }
        short[] halves = new short[values.length];
        for (int i = 0; i < values.length; i++) {
            halves[i] = Float.floatToFloat16(values[i]);
        }
        return write(Pointer.to(halves), (long) halves.length * Short.BYTES);
    }

    /**
     * A convolution's weights as its algorithm reads them.
     *
     * @param weights [outChannels, inChannels/groups, kernelHeight, kernelWidth]
     */
    Argument weights(ConvolutionShape shape, Algorithm algorithm, float[] weights) {
        return switch (algorithm) {
            case Algorithm.Winograd(int m, Tiling tile, int parts) -> {
                Filtering filtering = new Filtering(shape, m, parts);
                float[] transformed = filtering.weights(weights);
                yield tile instanceof WarpTile ? words(filtering.product(), transformed) : floats(transformed);
            }
            case Algorithm.Product(WarpTile _, int _) -> words(shape, Convolutions.packed(shape, weights));
            case Algorithm.Product _, Algorithm.Vector _, Algorithm.Direct _ ->
                new Argument.Shared(stored(Convolutions.packed(shape, weights)));
        };
    }

    private Argument words(ConvolutionShape shape, float[] packed) {
        int[] words = TensorWeights.words(shape, precision, packed);
        return new Argument.Shared(write(Pointer.to(words), (long) words.length * Integer.BYTES));
    }

    private cl_mem write(Pointer values, long bytes) {
        cl_mem memory = context.allocate(bytes, CL_MEM_READ_ONLY);
        memories.add(memory);
        try {
            clEnqueueWriteBuffer(queue, memory, true, 0, bytes, values, 0, null, null);
        } catch (CLException e) {
            throw context.failure(e);
        }
        return memory;
    }

    @Override
    public void close() {
        memories.forEach(memory -> clReleaseMemObject(memory));
        memories.clear();
        clReleaseCommandQueue(queue);
    }
}
