package dev.sardonyx.runtime;

/**
 * What one kernel of a model has cost so far in a session with profiling.
 *
 * @param name what the kernel computes, with the ONNX nodes that it covers
 * @param algorithm how it computes it
 * @param runs how often it ran
 * @param nanoseconds total wall-clock time of these runs
 * @param multiplyAccumulates multiply-accumulate operations of one run
 * @param bytes bytes of tensors and weights that one run reads and writes
 */
public record KernelProfile(
        String name, String algorithm, long runs, long nanoseconds, long multiplyAccumulates, long bytes) {}
