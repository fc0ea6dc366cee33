package dev.sardonyx.runtime.opencl;

/** How work-groups cut a convolution's matrix product. */
sealed interface Tiling permits Tile, WarpTile {

    /** Output pixels of a work-group. */
    int rows();

    /** Output channels of a work-group. */
    int columns();

    /** Length of the pieces of the sums that local memory holds: elements, or words where the tensor cores multiply. */
    int depth();

    /** Work-items of a work-group. */
    int threads();

    /** Bytes of local memory. */
    long localMemory();

    /** The kernel that cuts so. */
    String kernel();

    /** The definitions that specialise the kernel for it. */
    String options();

    default boolean fits(Device device) {
        return threads() <= device.maxWorkGroup() && localMemory() <= device.localMemory();
    }
}
