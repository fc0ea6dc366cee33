package dev.sardonyx.runtime.opencl;

import static org.jocl.CL.*;

import dev.sardonyx.runtime.Execution;
import dev.sardonyx.runtime.KernelProfile;
import dev.sardonyx.runtime.SessionOptions;
import dev.sardonyx.runtime.kernels.KernelEvents;
import dev.sardonyx.runtime.kernels.StepInfo;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;

/**
 * The slots and the queue of one session. A run copies the inputs to memory that the device reads directly, enqueues everything
 * in order, and waits once, for the outputs.
 */
final class OpenClExecution implements Execution {

    /** Waits after every command: for checkers, and so that a failure is that of the kernel just enqueued. */
    private static final String SYNCHRONOUS = "sardonyx.opencl.synchronous";

    private final boolean synchronous = Boolean.getBoolean(SYNCHRONOUS);
    private final Context context;
    private final Launch[] launches;
    private final cl_command_queue queue;
    private final List<cl_mem> memories = new ArrayList<>();
    private final List<cl_kernel> kernels = new ArrayList<>();
    private final cl_mem[] slots;
    private final Transfer[] transfers;
    private final int inputs;
    private final cl_event[] events;
    /** What is launched; that which is launched several times stands here once. */
    private final List<StepInfo> lines;
    private final int[] lineOf;
    private final long[] nanoseconds;
    private final KernelEvents recorder;
    private long runs;

    OpenClExecution(Context context, Network network, List<Launch> launches, Scratch scratch, SessionOptions options) {
        this.context = context;
        this.launches = launches.toArray(Launch[]::new);
        inputs = network.inputs();
        slots = new cl_mem[network.slotSizes().length];
        transfers = new Transfer[inputs + network.outputs()];
        events = new cl_event[options.profiling() ? this.launches.length : 0];
        Map<StepInfo, Integer> numbers = new IdentityHashMap<>();
        lines = new ArrayList<>();
        lineOf = new int[events.length];
        for (int i = 0; i < events.length; i++) {
            lineOf[i] = numbers.computeIfAbsent(this.launches[i].info(), info -> {
                lines.add(info);
                return lines.size() - 1;
            });
        }
        nanoseconds = new long[lines.size()];
        recorder = options.profiling() ? KernelEvents.recording() : KernelEvents.NONE;
        queue = context.newQueue(options.profiling());
        try {
            allocate(network, scratch);
        } catch (CLException e) {
            close();
            throw context.failure(e);
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    private void allocate(Network network, Scratch scratch) {
        int[] sizes = network.slotSizes();
        for (int i = 0; i < slots.length; i++) {
            int bytes = i < transfers.length ? Float.BYTES : network.precision().bytes();
            slots[i] = allocate((long) sizes[i] * bytes, CL_MEM_READ_WRITE);
        }
        for (int i = 0; i < transfers.length; i++) {
            transfers[i] = new Transfer(context, queue, slots[i], sizes[i], synchronous);
        }
        cl_mem[] rooms = {allocate(scratch.first()), allocate(scratch.second())};
        for (Launch launch : launches) {
            kernels.add(launch.bind(context, slots, rooms));
        }
    }

    /** A room of so many floats. */
    private cl_mem allocate(long floats) {
        return floats == 0 ? slots[0] : allocate(floats * Float.BYTES, CL_MEM_READ_WRITE);
    }

    private cl_mem allocate(long bytes, long flags) {
        cl_mem memory = context.allocate(bytes, flags);
        memories.add(memory);
        return memory;
    }

    @Override
    public void run(float[][] in, float[][] out) {
        try {
            for (int i = 0; i < in.length; i++) {
                transfers[i].upload(in[i]);
            }
            enqueueKernels();
            for (int i = 0; i < out.length; i++) {
                transfers[inputs + i].enqueueDownload(i == out.length - 1); // the queue runs in order
            }
            for (int i = 0; i < out.length; i++) {
                transfers[inputs + i].download(out[i]);
            }
            if (events.length > 0) {
                takeTimes();
            }
        } catch (CLException e) {
            throw context.failure(e);
        }
    }

    private void enqueueKernels() {
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

    private void takeTimes() {
        long[] start = new long[1];
        long[] end = new long[1];
        long[] elapsed = new long[lines.size()];
        for (int i = 0; i < events.length; i++) {
            clGetEventProfilingInfo(events[i], CL_PROFILING_COMMAND_START, Long.BYTES, Pointer.to(start), null);
            clGetEventProfilingInfo(events[i], CL_PROFILING_COMMAND_END, Long.BYTES, Pointer.to(end), null);
            clReleaseEvent(events[i]);
            elapsed[lineOf[i]] += end[0] - start[0];
        }
        for (int line = 0; line < elapsed.length; line++) {
            nanoseconds[line] += elapsed[line];
            recorder.add(lines.get(line), elapsed[line]);
        }
        runs++;
    }

    /** By the device's own clock; a line for all launches of one step. */
    @Override
    public List<KernelProfile> profile() {
        List<KernelProfile> profile = new ArrayList<>();
        for (int line = 0; line < nanoseconds.length; line++) {
            StepInfo info = lines.get(line);
            profile.add(new KernelProfile(
                    info.name(), info.algorithm(), runs, nanoseconds[line], info.multiplyAccumulates(), info.bytes()));
        }
        return profile;
    }

    @Override
    public void close() {
        for (Transfer transfer : transfers) {
            if (transfer != null) { // where opening the session failed half-way
                transfer.close();
            }
        }
        kernels.forEach(kernel -> clReleaseKernel(kernel));
        memories.forEach(memory -> clReleaseMemObject(memory));
        clReleaseCommandQueue(queue);
    }
}
