package dev.sardonyx.runtime.kernels;

/** The generated loops of a network's element-wise expressions. */
public interface PointwiseKernels {

    /** Evaluates expression {@code kernel} for the rows {@code from} to {@code to} (exclusive) of a step. */
    void run(int kernel, PointwiseStep step, float[][] slots, int from, int to);
}
