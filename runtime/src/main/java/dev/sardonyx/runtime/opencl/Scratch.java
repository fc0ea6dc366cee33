package dev.sardonyx.runtime.opencl;

/**
 * Memory of a session that holds something during one convolution only, so that all convolutions share it.
 *
 * @param first floats of the partial sums, or of the transformed input
 * @param second floats of the products of transformed tiles
 */
record Scratch(long first, long second) {

    /** Both together, of any algorithm that may be chosen: 256 MiB. */
    static final long MOST_FLOATS = (256L << 20) / Float.BYTES;

    static final Scratch NONE = new Scratch(0, 0);

    /** Enough for both. */
    Scratch max(Scratch other) {
        return new Scratch(Math.max(first, other.first), Math.max(second, other.second));
    }

    long floats() {
        return first + second;
    }
}
