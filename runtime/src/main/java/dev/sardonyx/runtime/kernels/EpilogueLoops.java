package dev.sardonyx.runtime.kernels;

/** The loops that end the tiles' sums. */
public interface EpilogueLoops extends Exercised {

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
