package dev.sardonyx.runtime.kernels;

/** A step that computes one image of a batch, the first one as it was built. */
interface ImageStep {

    /** The same step, with the same info, for image number {@code image}. */
    Step from(int image);
}
