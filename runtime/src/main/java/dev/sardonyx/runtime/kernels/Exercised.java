package dev.sardonyx.runtime.kernels;

/** Loops that {@link WarmUp} calls, so that they get compiled. */
interface Exercised {

    /** Floats that {@link #exercise} reads and writes. */
    default int room(int size) {
        return 0;
    }

    /**
     * Calls loop number {@code loop}, or none where there is no such loop.
     *
     * @param size how much of what the loop runs over: none, or some
     * @param floats {@link #room} for that; the values do not matter
     */
    default void exercise(int loop, int size, float[] floats) {}
}
