package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.kernels.StepInfo;
import java.util.List;

/** One call of a network's program, with its weights. */
public sealed interface Step {

    /** What it is, for people. */
    StepInfo info();

    /**
     * A convolution of the image in slot {@code in}.
     *
     * @param residual the slot of the image that is added; -1 for none
     * @param weights [outChannels, inChannels/groups, kernelHeight, kernelWidth], row-major
     * @param bias [outChannels]; empty for none
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, and compared by nobody
    record Convolution(
            StepInfo info, ConvolutionShape shape, int in, int residual, int out, float[] weights, float[] bias)
            implements Step {}

    /**
     * A kernel of the network's own source.
     *
     * @param kernel its name
     * @param arguments in the kernel's order
     * @param workItems how many there are, a multiple of {@code groupSize}
     * @param groupSize work-items of a work-group
     */
    record Generated(StepInfo info, String kernel, List<Argument> arguments, long workItems, int groupSize)
            implements Step {}

    /** What a generated kernel reads or writes. */
    sealed interface Argument {

        /** A slot of the session. */
        record Slot(int index) implements Argument {}

        /** Trained values. */
        @SuppressWarnings("ArrayRecordComponent")
        record Values(float[] values) implements Argument {}

        static Argument slot(int index) {
            return new Slot(index);
        }

        static Argument values(float[] values) {
            return new Values(values);
        }
    }
}
