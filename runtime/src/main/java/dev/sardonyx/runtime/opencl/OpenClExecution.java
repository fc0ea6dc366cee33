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
import org.jocl.CLException;
import org.jocl.cl_command_queue;
import org.jocl.cl_mem;

/**
 * The slots and the queue of one session. A run copies the inputs to memory that the device reads directly, enqueues everything
 * in order, and waits once, for the outputs.
 */
final class OpenClExecution implements Execution {

    private final Context context;
    private final cl_command_queue queue;
    private final List<Runnable> releases = new ArrayList<>();
    private final Transfer[] transfers;
    private final int inputs;
    private final BoundLaunches launches;
    private final boolean profiling;
    /** What is launched; that which is launched several times stands here once. */
    private final List<StepInfo> lines = new ArrayList<>();

    private final int[] lineOf;
    private final long[] nanoseconds;
    private final KernelEvents recorder;
    private long runs;

    OpenClExecution(Context context, Network network, List<Launch> launches, Scratch scratch, SessionOptions options) {
        this.context = context;
        inputs = network.inputs();
        transfers = new Transfer[inputs + network.outputs()];
        profiling = options.profiling();
        recorder = profiling ? KernelEvents.recording() : KernelEvents.NONE;
        lineOf = profiling ? lines(launches) : new int[0];
        nanoseconds = new long[lines.size()];
        queue = context.newQueue(profiling);
        releases.add(() -> clReleaseCommandQueue(queue));
        try {
            cl_mem[] slots = slots(network);
            cl_mem[] rooms = {room(scratch.first(), slots), room(scratch.second(), slots)};
            this.launches = new BoundLaunches(context, queue, launches, slots, rooms, profiling);
            releases.add(this.launches::close);
        } catch (CLException e) {
            Releases.afterFailure(releases, e);
            throw context.failure(e);
        } catch (Throwable e) {
            Releases.afterFailure(releases, e);
            throw e;
        }
    }

    /** The line of each launch. */
    private int[] lines(List<Launch> launches) {
        IdentityHashMap<StepInfo, Integer> numbers = new IdentityHashMap<>();
        return launches.stream()
                .mapToInt(launch -> numbers.computeIfAbsent(launch.info(), info -> {
                    lines.add(info);
                    return lines.size() - 1;
                }))
                .toArray();
    }

    private cl_mem[] slots(Network network) {
        int[] sizes = network.slotSizes();
        cl_mem[] slots = new cl_mem[sizes.length];
        for (int i = 0; i < slots.length; i++) {
            int bytes = i < transfers.length ? Float.BYTES : network.precision().bytes();
            slots[i] = allocate((long) sizes[i] * bytes);
        }
        for (int i = 0; i < transfers.length; i++) {
            transfers[i] = new Transfer(context, queue, slots[i], sizes[i]);
            releases.add(transfers[i]::close);
        }
        return slots;
    }

    /** A room of so many floats; any memory will do for none. */
    private cl_mem room(long floats, cl_mem[] slots) {
        return floats == 0 ? slots[0] : allocate(floats * Float.BYTES);
    }

    private cl_mem allocate(long bytes) {
        cl_mem memory = context.allocate(bytes, CL_MEM_READ_WRITE);
        releases.add(() -> clReleaseMemObject(memory));
        return memory;
    }

    @Override
    public void run(float[][] in, float[][] out) {
        try {
            for (int i = 0; i < in.length; i++) {
                transfers[i].upload(in[i]);
            }
            launches.enqueue();
            for (int i = 0; i < out.length; i++) {
                transfers[inputs + i].enqueueDownload(i == out.length - 1); // the queue runs in order
            }
            for (int i = 0; i < out.length; i++) {
                transfers[inputs + i].download(out[i]);
            }
            if (profiling) {
                takeTimes();
            }
        } catch (CLException e) {
            throw context.failure(e);
        }
    }

    private void takeTimes() {
        long[] elapsed = new long[nanoseconds.length];
        launches.addTimes(lineOf, elapsed);
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
        context.release(releases);
    }
}
