package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.kernels.StepInfo;
import java.util.List;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;

/**
 * One kernel to enqueue: what a session needs to bind it to its slots.
 *
 * @param source the program that holds it
 * @param kernel its name
 * @param arguments in the kernel's order
 * @param offset number of the first work-item by dimension
 * @param global work-items by dimension
 * @param local work-items of a work-group by dimension
 */
@SuppressWarnings("ArrayRecordComponent") // handed to OpenCL as they are
record Launch(
        StepInfo info,
        ProgramSource source,
        String kernel,
        List<Argument> arguments,
        long[] offset,
        long[] global,
        long[] local) {

    Launch {
        arguments = List.copyOf(arguments);
    }

    /** One whose work-items count from 0. */
    Launch(StepInfo info, ProgramSource source, String kernel, List<Argument> arguments, long[] global, long[] local) {
        this(info, source, kernel, arguments, new long[global.length], global, local);
    }

    /** A kernel bound to memory; the caller releases it. */
    cl_kernel bind(Context context, cl_mem[] slots, cl_mem[] scratch) {
        cl_kernel bound = CL.clCreateKernel(context.program(source), kernel, null);
        for (int i = 0; i < arguments.size(); i++) {
            Pointer value = switch (arguments.get(i)) {
                case Argument.Slot(int index) -> Pointer.to(slots[index]);
                case Argument.Scratch(int index) -> Pointer.to(scratch[index]);
                case Argument.Shared(cl_mem memory) -> Pointer.to(memory);
                case Argument.Unused() -> null;
            };
            CL.clSetKernelArg(bound, i, Sizeof.cl_mem, value);
        }
        return bound;
    }

    /** What a kernel is bound to. */
    sealed interface Argument {

        /** A slot of the session. */
        record Slot(int index) implements Argument {}

        /** One of the session's two rooms for what lives during one convolution. */
        record Scratch(int index) implements Argument {}

        /** Memory that all sessions share. */
        record Shared(cl_mem memory) implements Argument {}

        /** Nothing, where a kernel does not use its parameter. */
        record Unused() implements Argument {}
    }
}
