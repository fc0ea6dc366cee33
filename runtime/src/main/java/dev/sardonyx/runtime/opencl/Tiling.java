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

    /** Whether its parts come out even, as the kernel demands, and its sums few enough for registers. */
    boolean isEven();

    /** Values that a work-item may sum: more would leave the registers. */
    int MOST_SUMS = 128;

    /** Elements that a work-item loads at once. */
    int LANES = 4;

    /** Whether all work-items load equally much of both matrices' pieces. */
    default boolean loadsEvenly() {
        return rows() * depth() % (LANES * threads()) == 0 && depth() * columns() % (LANES * threads()) == 0;
    }

    default boolean fits(Device device) {
        return threads() <= device.maxWorkGroup() && localMemory() <= device.localMemory();
    }
}
