package dev.sardonyx.runtime;

import java.util.List;

/** The buffers and threads of one session. One thread at a time. */
public interface Execution extends AutoCloseable {

    /**
     * Runs the network once.
     *
     * @param inputs one array per input, row-major, in the order of {@link ModelInfo#inputs()}; only read
     * @param outputs one array per output, row-major, in the order of {@link ModelInfo#outputs()}; overwritten
     */
    void run(float[][] inputs, float[][] outputs);

    /** Accumulated times of each kernel since the session began; empty where profiling is off. */
    List<KernelProfile> profile();

    @Override
    void close();
}
