package dev.sardonyx.runtime.kernels;

/** One vector width's form of a network: generated code, created once a model. */
public interface Network {

    /**
     * Floats in each slot of a session: first one slot per input, then one per output, whose arrays are the caller's (0 here),
     * then the session's own: what they hold begins at {@link Arena#FIRST}.
     */
    int[] slotSizes();

    /** The matrix tiles, by number. */
    MatrixTile[] tiles();

    /** What the steps are built on. */
    Kernels kernels(TileChoice choice);

    /** Builds the steps in order, reading their weights. */
    Step[] steps(WeightReader weights, Kernels kernels);

    /** Whether convolutions run on the generated Vector API tiles or on plain Java over the same layout. */
    enum TileChoice {
        VECTOR,
        PLAIN
    }
}
