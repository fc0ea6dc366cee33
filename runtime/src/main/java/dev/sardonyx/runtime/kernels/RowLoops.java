package dev.sardonyx.runtime.kernels;

/** The loops around the tiles: what brings rows into strips, and what ends the sums. */
public interface RowLoops {

    /**
     * Copies a piece of several rows into a block of a strip, whose rows are {@link Strips#PITCH} apart.
     *
     * @param pitch from row to row in the source
     * @param rows number of rows
     * @param length floats of each row
     */
    void copy(float[] in, int i, int pitch, float[] strips, int s, int rows, int length);

    /**
     * Ends sums: out = clamp(sums + bias + residual), row by row.
     *
     * @param sums the sums, from {@code s} on, rows {@code pitch} apart
     * @param bias one value for each channel, from {@code b} on
     * @param residual what is added where {@code epilogue} says so, from {@code r} on, rows {@code residualPitch} apart; may be
     *     {@code out}
     * @param rows number of rows
     * @param channels floats of each row
     */
    void finish(
            float[] sums,
            int s,
            int pitch,
            float[] bias,
            int b,
            float[] residual,
            int r,
            int residualPitch,
            float[] out,
            int o,
            int outPitch,
            int rows,
            int channels,
            Epilogue epilogue);
}
