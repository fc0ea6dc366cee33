package dev.sardonyx.runtime.kernels;

/** A strided piece of a slot: where the elements of an index space lie. Immutable. */
public final class View {

    private final int slot;
    private final int offset;
    private final int[] strides;

    private View(int slot, int offset, int[] strides) {
        this.slot = slot;
        this.offset = offset;
        this.strides = strides;
    }

    /**
     * A view.
     *
     * @param slot index of the array among a session's slots
     * @param offset of the first element
     * @param strides by axis, in elements
     */
    public static View of(int slot, int offset, int... strides) {
        return new View(slot, offset, strides.clone());
    }

    int slot() {
        return slot;
    }

    int stride(int axis) {
        return strides[axis];
    }

    /** Offset of the element at {@code index}, row-major over the first {@code dims.length} axes; the others are 0. */
    int at(int index, int[] dims) {
        return offset + Strides.offset(index, dims, strides);
    }
}
