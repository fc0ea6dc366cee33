package dev.sardonyx.runtime.kernels;

/**
 * One kernel of a compiled network with all its parameters and weights. Immutable, so that sessions share it; the data lies
 * in the session's slots. A step is cut into units that threads work on independently.
 */
public abstract class Step {

    private final StepInfo info;

    protected Step(StepInfo info) {
        this.info = info;
    }

    public final StepInfo info() {
        return info;
    }

    /** Number of units, at least 1. */
    public abstract int units();

    /** Floats of scratch memory that a thread needs, from {@link Arena#FIRST} on. */
    public int scratch() {
        return 0;
    }

    /**
     * Computes the units {@code from} to {@code to} (exclusive) on a session's slots.
     *
     * @param scratch the thread's own memory, {@link #scratch()} floats from {@link Arena#FIRST} on
     */
    public abstract void run(float[][] slots, float[] scratch, int from, int to);
}
