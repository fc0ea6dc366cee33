package dev.sardonyx.runtime;

/**
 * A model made ready for one kind of hardware: packed weights and kernels, shared by all sessions. Implemented by
 * each target; generated code creates it. Thread-safe.
 */
public interface Engine extends AutoCloseable {

    /** What runs the kernels, for people: "SIMD, 256-bit vectors", or a device's name. */
    String description();

    /** The name of the compiler's target whose code runs: "simd" or "opencl". */
    default String target() {
        return "simd";
    }

    /** New buffers for one session. */
    Execution newExecution(SessionOptions options);

    @Override
    void close();
}
