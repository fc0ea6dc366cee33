package dev.sardonyx.runtime.opencl;

import static org.jocl.CL.*;

import java.util.ArrayList;
import java.util.List;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;

/** Launches bound to memory, to be enqueued together, and their times. One thread at a time. */
final class BoundLaunches implements AutoCloseable {

    /** Waits after every command: for checkers, and so that a failure is that of the kernel just enqueued. */
    private static final String SYNCHRONOUS = "sardonyx.opencl.synchronous";

    private final boolean synchronous = isSynchronous();
    private final Launch[] launches;
    private final cl_command_queue queue;
    private final List<cl_kernel> kernels = new ArrayList<>();
    private final cl_event[] events;

    /**
     * Binds launches; the caller closes this before it releases what they are bound to.
     *
     * @param timed whether their times are kept, for which the queue must be one that profiles
     */
    BoundLaunches(
            Context context,
            cl_command_queue queue,
            List<Launch> launches,
            cl_mem[] slots,
            cl_mem[] rooms,
            boolean timed) {
        this.queue = queue;
        this.launches = launches.toArray(Launch[]::new);
        events = new cl_event[timed ? this.launches.length : 0];
        try {
            for (Launch launch : launches) {
                kernels.add(launch.bind(context, slots, rooms));
            }
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    static boolean isSynchronous() {
        return Boolean.getBoolean(SYNCHRONOUS);
    }

    /** Enqueues all, in order. Where they are timed, {@link #addTimes} must follow. */
    void enqueue() {
        for (int i = 0; i < launches.length; i++) {
            Launch launch = launches[i];
            cl_event event = events.length > 0 || synchronous ? new cl_event() : null;
            clEnqueueNDRangeKernel(
                    queue,
                    kernels.get(i),
                    launch.global().length,
                    launch.offset(),
                    launch.global(),
                    launch.local(),
                    0,
                    null,
                    event);
            if (event != null) {
                keep(event, i);
            }
        }
    }

    private void keep(cl_event event, int launch) {
        if (synchronous) {
            clWaitForEvents(1, new cl_event[] {event});
        }
        if (events.length > 0) {
            events[launch] = event;
        } else {
            clReleaseEvent(event);
        }
    }

    /**
     * Adds up what launches took, by the device's own clock, once they have ended.
     *
     * @param lineOf where the time of each launch is added
     * @param nanoseconds to these
     */
    void addTimes(int[] lineOf, long[] nanoseconds) {
        long[] start = new long[1];
        long[] end = new long[1];
        for (int i = 0; i < events.length; i++) {
            clGetEventProfilingInfo(events[i], CL_PROFILING_COMMAND_START, Long.BYTES, Pointer.to(start), null);
            clGetEventProfilingInfo(events[i], CL_PROFILING_COMMAND_END, Long.BYTES, Pointer.to(end), null);
            clReleaseEvent(events[i]);
            nanoseconds[lineOf[i]] += end[0] - start[0];
        }
    }

    @Override
    public void close() {
        kernels.forEach(kernel -> clReleaseKernel(kernel));
        kernels.clear();
    }
}
