package dev.sardonyx.runtime.kernels;

/** The threads that work on one session's steps. */
interface Team extends AutoCloseable {

    /** Wakes the helpers for a run. */
    void begin();

    /** Computes all units of step number {@code index}; returns when they are done. */
    void run(Step step, int index);

    /** Lets the helpers rest. */
    void end();

    @Override
    void close();

    /** The calling thread by itself. */
    static Team alone(float[][] slots, int scratchSize) {
        float[] scratch = Arena.floats(scratchSize);
        return new Team() {
            @Override
            public void begin() {}

            @Override
            public void run(Step step, int index) {
                step.run(slots, scratch, 0, step.units());
            }

            @Override
            public void end() {}

            @Override
            public void close() {}
        };
    }
}
