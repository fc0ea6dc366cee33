package dev.sardonyx.runtime.kernels;

/** {@link EpilogueLoops} without the Vector API. */
final class PlainEpilogueLoops implements EpilogueLoops {

    @Override
    public void finish(
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
            Epilogue epilogue) {
        for (int row = 0; row < rows; row++) {
            for (int c = 0; c < channels; c++) {
                float y = sums[s + row * pitch + c] + bias[b + c];
                if (epilogue.residual()) {
                    y += residual[r + row * residualPitch + c];
                }
                out[o + row * outPitch + c] = epilogue.clamp().apply(y);
            }
        }
    }
}
