package dev.sardonyx.runtime.kernels;

/** What a step reads element by element: a view of a session's slot, or of trained values. Immutable; the values are shared. */
public final class Source {

    private final View view;
    private final float[] constant;

    private Source(View view, float[] constant) {
        this.view = view;
        this.constant = constant;
    }

    /** A view of a session's slot. */
    public static Source variable(View view) {
        return new Source(view, new float[0]);
    }

    /**
     * A view of trained values.
     *
     * @param offset of the first element
     * @param strides by axis, in elements
     */
    public static Source constant(float[] values, int offset, int... strides) {
        return new Source(View.of(-1, offset, strides), values);
    }

    /** The array that holds the elements in a session of these slots. */
    float[] array(float[][] slots) {
        return view.slot() < 0 ? constant : slots[view.slot()];
    }

    View view() {
        return view;
    }
}
