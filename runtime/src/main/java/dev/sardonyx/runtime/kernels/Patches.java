package dev.sardonyx.runtime.kernels;

import java.util.Arrays;

/**
 * A convolution's input as a matrix: a row holds what the window of one output pixel sees, tap by tap and channel by channel
 * (im2col). Rows are packed into strips as they are needed.
 *
 * @param batch number of images
 * @param outH rows of output pixels
 * @param outW output pixels in a row
 * @param kernelH taps downwards
 * @param kernelW taps sideways
 * @param in pixel (0, 0) is where the first window begins, and its strides are those between windows
 * @param rowStride from one tap to the next downwards
 * @param columnStride from one tap to the next sideways
 * @param channels channels that a tap sees: those of one group
 */
public record Patches(
        int batch,
        int outH,
        int outW,
        int kernelH,
        int kernelW,
        Image in,
        int rowStride,
        int columnStride,
        int channels) {

    /** Floats that a loop has copied before a call of {@code arraycopy} has begun. */
    private static final int SHORT = 8;

    /** The same of the images from number {@code n} on. */
    Patches from(int n) {
        return new Patches(batch, outH, outW, kernelH, kernelW, in.from(n), rowStride, columnStride, channels);
    }

    int rows() {
        return batch * outH * outW;
    }

    public int depth() {
        return kernelH * kernelW * channels;
    }

    /** Packs strip {@code strip} of group {@code group} to {@code s}. What the last strip lacks in rows keeps its old values. */
    void pack(float[] source, int group, int strip, Strips layout, float[] strips, int s) {
        int first = strip * layout.rows();
        int end = Math.min(first + layout.rows(), rows());
        int row = first;
        while (row < end) {
            int w = row % outW;
            int run = Math.min(outW - w, end - row);
            int i = in.at(row / outW / outH, row / outW % outH, w) + group * channels;
            packRun(source, i, run, layout, strips, s + (row - first) * Strips.PITCH);
            row += run;
        }
        if (depth() < layout.depth()) {
            fill(end - first, layout, strips, s + layout.column(depth()));
        }
    }

    /** Writes zeros to the columns of {@code rows} rows that fill up the depth, from {@code s} on. */
    private void fill(int rows, Strips layout, float[] strips, int s) {
        for (int row = 0; row < rows; row++) {
            int from = s + row * Strips.PITCH;
            Arrays.fill(strips, from, from + layout.depth() - depth(), 0);
        }
    }

    /** Packs {@code run} rows whose windows are neighbours. */
    private void packRun(float[] source, int i, int run, Strips layout, float[] strips, int s) {
        boolean contiguous = columnStride == channels;
        int columns = contiguous ? 1 : kernelW;
        int length = contiguous ? kernelW * channels : channels;
        int k = 0;
        for (int y = 0; y < kernelH; y++) {
            for (int x = 0; x < columns; x++) {
                int tap = i + y * rowStride + x * columnStride;
                int done = 0;
                while (done < length) {
                    int piece = Math.min(Strips.BLOCK - k % Strips.BLOCK, length - done);
                    copy(source, tap + done, in.pixelStride(), strips, s + layout.column(k), run, piece);
                    done += piece;
                    k += piece;
                }
            }
        }
    }

    /**
     * Copies a piece of several rows into a block of a strip.
     *
     * @param pitch from row to row in the source
     * @param length floats of each row
     */
    private static void copy(float[] in, int i, int pitch, float[] strips, int s, int rows, int length) {
        if (length < SHORT) {
            for (int row = 0; row < rows; row++) {
                for (int c = 0; c < length; c++) {
                    strips[s + c + row * Strips.PITCH] = in[i + c + row * pitch];
                }
            }
            return;
        }
        for (int row = 0; row < rows; row++) {
            System.arraycopy(in, i + row * pitch, strips, s + row * Strips.PITCH, length);
        }
    }
}
