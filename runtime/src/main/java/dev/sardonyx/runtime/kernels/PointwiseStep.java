package dev.sardonyx.runtime.kernels;

import java.util.Arrays;

/**
 * An element-wise expression over broadcast operands. The last axis is a row and the one before counts the rows of a block;
 * generated code loops over both. The step tells it where each block of each operand begins, and how far apart its rows are.
 */
public final class PointwiseStep extends Step {

    private final int kernel;
    private final PointwiseKernels kernels;
    private final View out;
    private final Source[] operands;
    private final int[] outer;
    private final int inner;
    private final int rowsPerUnit;

    /** {@code dims} are the output's dimensions, at least one; every view has as many axes. */
    public PointwiseStep(
            StepInfo info, int kernel, PointwiseKernels kernels, View out, Source[] operands, int... dims) {
        super(info);
        this.kernel = kernel;
        this.kernels = kernels;
        this.out = out;
        this.operands = operands.clone();
        outer = Arrays.copyOf(dims, dims.length - 1);
        inner = dims[dims.length - 1];
        rowsPerUnit = Math.max(1, 4096 / Math.max(inner, 1));
    }

    @Override
    public int units() {
        return Math.max(1, (rows() + rowsPerUnit - 1) / rowsPerUnit);
    }

    private int rows() {
        return Strides.product(outer);
    }

    @Override
    public void run(float[][] slots, float[] scratch, int from, int to) {
        kernels.run(kernel, this, slots, from * rowsPerUnit, Math.min(to * rowsPerUnit, rows()));
    }

    /** Elements in a row. */
    public int length() {
        return inner;
    }

    /** Rows from {@code row} on, before {@code to}, that are equally far apart in every operand: the rest of a block. At least one. */
    public int rows(int row, int to) {
        return outer.length == 0 ? 1 : Math.min(to - row, outer[outer.length - 1] - row % outer[outer.length - 1]);
    }

    public float[] output(float[][] slots) {
        return slots[out.slot()];
    }

    /** Where row {@code row} of the output begins. */
    public int outputOffset(int row) {
        return out.at(row, outer);
    }

    /** From a row of a block of the output to the next. */
    public int outputPitch() {
        return pitch(out);
    }

    public float[] operand(float[][] slots, int index) {
        return operands[index].array(slots);
    }

    /** Where row {@code row} of operand {@code index} begins. */
    public int operandOffset(int index, int row) {
        return operands[index].view().at(row, outer);
    }

    /** From a row of a block of operand {@code index} to the next. */
    public int operandPitch(int index) {
        return pitch(operands[index].view());
    }

    private int pitch(View view) {
        return outer.length == 0 ? 0 : view.stride(outer.length - 1);
    }
}
