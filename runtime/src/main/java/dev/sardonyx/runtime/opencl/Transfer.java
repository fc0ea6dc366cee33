package dev.sardonyx.runtime.opencl;

import static org.jocl.CL.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Optional;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_event;
import org.jocl.cl_mem;

/**
 * The way of one input or output: a slot, and memory of the host that the device reads and writes directly. Where the queue is
 * {@code synchronous} that is ordinary memory, and every call waits: JOCL waits for mappings and transfers that do not in a thread
 * of its own, which checkers with queues for one thread do not survive.
 */
final class Transfer {

    private final cl_command_queue queue;
    private final cl_mem slot;
    private final boolean synchronous;
    private final Optional<cl_mem> pinned;
    private final ByteBuffer bytes;
    private final FloatBuffer floats;
    private final Pointer pointer;
    private final long size;

    /** Memory for {@code elements} floats; the caller calls {@link #close} before it releases slot and queue. */
    Transfer(Context context, cl_command_queue queue, cl_mem slot, int elements) {
        this.queue = queue;
        this.slot = slot;
        synchronous = BoundLaunches.isSynchronous();
        size = (long) elements * Float.BYTES;
        if (size > Integer.MAX_VALUE) { // which a ByteBuffer cannot hold
            throw context.transferTooLarge(size);
        }
        pinned = synchronous
                ? Optional.empty()
                : Optional.of(context.allocate(size, CL_MEM_READ_WRITE | CL_MEM_ALLOC_HOST_PTR));
        bytes = pinned.map(this::map)
                .orElseGet(() -> ByteBuffer.allocateDirect(Math.toIntExact(size)))
                .order(ByteOrder.nativeOrder());
        floats = bytes.asFloatBuffer();
        pointer = Pointer.to(bytes);
    }

    private ByteBuffer map(cl_mem memory) {
        return clEnqueueMapBuffer(queue, memory, true, CL_MAP_READ | CL_MAP_WRITE, 0, size, 0, null, null, null);
    }

    void upload(float[] values) {
        floats.put(0, values);
        clEnqueueWriteBuffer(queue, slot, synchronous, 0, size, pointer, 0, null, null);
    }

    void enqueueDownload(boolean wait) {
        clEnqueueReadBuffer(queue, slot, wait || synchronous, 0, size, pointer, 0, null, null);
    }

    void download(float[] values) {
        floats.get(0, values);
    }

    void close() {
        pinned.ifPresent(memory -> {
            cl_event done = new cl_event();
            clEnqueueUnmapMemObject(queue, memory, bytes, 0, null, done);
            clWaitForEvents(1, new cl_event[] {done});
            clReleaseEvent(done);
            clReleaseMemObject(memory);
        });
    }
}
