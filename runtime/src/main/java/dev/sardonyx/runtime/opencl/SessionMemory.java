package dev.sardonyx.runtime.opencl;

import java.util.List;

/** What a session takes besides its slots. */
public final class SessionMemory {

    private SessionMemory() {}

    /**
     * Bytes that a session takes at most for what its convolutions need while they run, on any device: partial sums, and transformed
     * tiles.
     */
    public static long mostScratch(List<ConvolutionShape> shapes) {
        Scratch most = shapes.stream().map(KernelChoice::mostScratch).reduce(Scratch.NONE, Scratch::max);
        return most.floats() * Float.BYTES;
    }
}
