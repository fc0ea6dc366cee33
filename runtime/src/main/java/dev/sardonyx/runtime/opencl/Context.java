package dev.sardonyx.runtime.opencl;

import static org.jocl.CL.*;

import dev.sardonyx.runtime.UnsupportedMachineException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_mem;
import org.jocl.cl_program;

/**
 * A device opened: makes queues, memory and programs on it, and turns its failures into sentences. Owns the programs and what
 * {@link #upload} made; the rest belongs to the caller. Thread-safe once everything is built.
 */
final class Context implements AutoCloseable {

    private final Device device;
    private final Failures failures;
    private final cl_device_id id;
    private final cl_context context;
    private final Map<ProgramSource, cl_program> programs = new HashMap<>();
    private final List<cl_mem> uploaded = new ArrayList<>();

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

    /** Values on the device, in memory that lives as long as this context. */
    cl_mem upload(cl_command_queue queue, float[] values) {
        return upload(queue, Pointer.to(values), (long) values.length * Float.BYTES);
    }

    /** As {@link #upload(cl_command_queue, float[])}, words of any kind. */
    cl_mem upload(cl_command_queue queue, int[] words) {
        return upload(queue, Pointer.to(words), (long) words.length * Integer.BYTES);
    }

    /** As {@link #upload(cl_command_queue, float[])}, values in half. */
    cl_mem upload(cl_command_queue queue, short[] halves) {
        return upload(queue, Pointer.to(halves), (long) halves.length * Short.BYTES);
    }

    private cl_mem upload(cl_command_queue queue, Pointer values, long bytes) {
        cl_mem memory = allocate(bytes, CL_MEM_READ_ONLY);
        uploaded.add(memory);
        try {
            clEnqueueWriteBuffer(queue, memory, true, 0, bytes, values, 0, null, null);
        } catch (CLException e) {
            throw failures.of(e);
        }
        return memory;
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

    /** What to tell the user of a failed call. */
    UnsupportedMachineException failure(CLException e) {
        return failures.of(e);
    }

    @Override
    public void close() {
        programs.values().forEach(program -> clReleaseProgram(program));
        programs.clear();
        uploaded.forEach(memory -> clReleaseMemObject(memory));
        uploaded.clear();
        clReleaseContext(context);
    }
}
