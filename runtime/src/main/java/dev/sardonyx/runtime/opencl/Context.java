package dev.sardonyx.runtime.opencl;

import static org.jocl.CL.*;

import dev.sardonyx.runtime.UnsupportedMachineException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_mem;
import org.jocl.cl_program;

/**
 * A device opened: makes queues, memory and programs on it, and turns its failures into sentences. Owns the programs; the rest belongs
 * to the caller. Thread-safe.
 */
final class Context implements AutoCloseable {

    private final Device device;
    private final Failures failures;
    private final cl_device_id id;
    private final cl_context context;
    private final Map<ProgramSource, cl_program> programs = new ConcurrentHashMap<>();

    /**
     * Opens a device.
     *
     * @param batch images that the network takes at once, for advice
     */
    Context(Devices.Handle handle, int batch) {
        device = handle.device();
        failures = new Failures(device, batch);
        id = handle.id();
        try {
            context = clCreateContext(null, 1, new cl_device_id[] {id}, null, null, null);
        } catch (CLException e) {
            throw failures.of(e);
        }
    }

    Device device() {
        return device;
    }

    /** A queue that runs in order, and keeps the times of its kernels where {@code profiling}. */
    @SuppressWarnings("deprecation") // its successor needs OpenCL 2.0
    cl_command_queue newQueue(boolean profiling) {
        try {
            return clCreateCommandQueue(context, id, profiling ? CL_QUEUE_PROFILING_ENABLE : 0, null);
        } catch (CLException e) {
            throw failures.of(e);
        }
    }

    /** New memory on the device, uninitialised. */
    cl_mem allocate(long bytes, long flags) {
        if (bytes > device.maxAllocation()) {
            throw failures.bufferTooLarge(bytes);
        }
        try {
            return clCreateBuffer(context, flags, Math.max(1, bytes), null, null);
        } catch (CLException e) {
            throw failures.of(e);
        }
    }

    /**
     * Builds the programs that were not built before, as many at once as there are processors, for drivers compile each on one.
     *
     * @throws UnsupportedMachineException if the device's compiler does not take one of them; the others are built
     */
    void build(Collection<ProgramSource> sources) {
        List<ProgramSource> open = sources.stream()
                .distinct()
                .filter(source -> !programs.containsKey(source))
                .toList();
        if (BoundLaunches.isSynchronous()) { // a checker is for one thread
            open.forEach(this::program);
            return;
        }
        try (ExecutorService builders =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            List<CompletableFuture<cl_program>> building = open.stream()
                    .map(source -> CompletableFuture.supplyAsync(() -> program(source), builders))
                    .toList();
            building.forEach(CompletableFuture::join);
        } catch (CompletionException e) {
            throw e.getCause() instanceof UnsupportedMachineException unsupported ? unsupported : e;
        }
    }

    /**
     * The program, built now if it was not before.
     *
     * @throws UnsupportedMachineException if the device's compiler does not take it; its log is the cause
     */
    cl_program program(ProgramSource source) {
        return programs.computeIfAbsent(source, this::build);
    }

    private cl_program build(ProgramSource source) {
        cl_program program = clCreateProgramWithSource(context, 1, new String[] {source.text()}, null, null);
        try {
            clBuildProgram(program, 1, new cl_device_id[] {id}, source.options(), null, null);
            return program;
        } catch (CLException e) {
            String log = log(program);
            clReleaseProgram(program);
            throw failures.notBuilt(e, source, log);
        }
    }

    private String log(cl_program program) {
        try {
            long[] size = new long[1];
            clGetProgramBuildInfo(program, id, CL_PROGRAM_BUILD_LOG, 0, null, size);
            byte[] text = new byte[(int) size[0]];
            clGetProgramBuildInfo(program, id, CL_PROGRAM_BUILD_LOG, text.length, Pointer.to(text), null);
            return new String(text, StandardCharsets.UTF_8);
        } catch (CLException e) {
            return "no log: " + e.getMessage();
        }
    }

    /** What to tell the user of an input or output of {@code bytes}, which is more than Java hands over at once. */
    UnsupportedMachineException transferTooLarge(long bytes) {
        return failures.transferTooLarge(bytes);
    }

    /** Runs all that releases what was made here, though some of it fails. */
    void release(List<Runnable> releases) {
        try {
            Releases.all(releases);
        } catch (CLException e) {
            throw failures.of(e);
        }
    }

    /** What to tell the user of a failed call. */
    UnsupportedMachineException failure(CLException e) {
        return failures.of(e);
    }

    @Override
    public void close() {
        programs.values().forEach(program -> clReleaseProgram(program));
        programs.clear();
        clReleaseContext(context);
    }
}
