package dev.sardonyx.runtime.kernels;

/**
 * Where a product's rows go: output pixels, one a row.
 *
 * @param outH rows of output pixels in an image
 * @param outW output pixels in a row
 * @param channels output channels of a group
 * @param out the output
 * @param residual what is added, where the epilogue says so
 * @param bias one value for each output channel of all groups
 */
public record PixelOutput(
        int outH, int outW, int channels, Image out, Image residual, Epilogue epilogue, float[] bias) {

    /** The same of the images from number {@code n} on. */
    PixelOutput from(int n) {
        return new PixelOutput(outH, outW, channels, out.from(n), residual.from(n), epilogue, bias);
    }

    /**
     * Reads what lies at {@code rows} pixels from number {@code first} on, all channels, where it will be written and where the
     * residual lies: the panels' ends take a few channels of one pixel after the other, which no processor foresees.
     *
     * @param scratch the thread's scratch memory
     */
    void touch(float[][] slots, int first, int rows, float[] scratch) {
        touch(slots, out, first, rows, scratch);
        if (epilogue.residual() && !residual.equals(out)) {
            touch(slots, residual, first, rows, scratch);
        }
    }

    private void touch(float[][] slots, Image image, int first, int rows, float[] scratch) {
        int from = at(image, first);
        Streams.touch(slots[image.slot()], from, at(image, first + rows - 1) + channels - from, scratch);
    }

    private int at(Image image, int pixel) {
        return image.at(pixel / outW / outH, pixel / outW % outH, pixel % outW);
    }

    /** Ends a block of sums: {@code rows} pixels from number {@code first} on, the channels of one panel. */
    void finish(
            float[][] slots,
            float[] sums,
            int s,
            int pitch,
            int first,
            int rows,
            int group,
            int firstChannel,
            int panelChannels,
            EpilogueLoops loops) {
        int count = Math.min(panelChannels, channels - firstChannel);
        int channel = group * channels + firstChannel;
        int row = first;
        while (row < first + rows) {
            int w = row % outW;
            int h = row / outW % outH;
            int n = row / outW / outH;
            int run = Math.min(outW - w, first + rows - row);
            loops.finish(
                    sums,
                    s + (row - first) * pitch,
                    pitch,
                    bias,
                    channel,
                    slots[residual.slot()],
                    residual.at(n, h, w) + channel,
                    residual.pixelStride(),
                    slots[out.slot()],
                    out.at(n, h, w) + channel,
                    out.pixelStride(),
                    run,
                    count,
                    epilogue);
            row += run;
        }
    }
}
