package dev.sardonyx.runtime.kernels;

/**
 * Where the pixels of a tensor [N, C, H, W] lie: channels of a pixel are contiguous, everything else has a stride. Room for
 * padding (a halo of zeros) may surround the pixels.
 *
 * @param slot index of the array among a session's slots
 * @param offset of the first channel of pixel (0, 0) of the first image
 * @param batchStride from image to image
 * @param rowStride from row to row
 * @param pixelStride from pixel to pixel; at least the number of channels
 */
public record Image(int slot, int offset, int batchStride, int rowStride, int pixelStride) {

    /** Offset of the first channel of a pixel; coordinates may reach into the halo. */
    public int at(int n, int h, int w) {
        return offset + n * batchStride + h * rowStride + w * pixelStride;
    }

    /** The images from number {@code n} on. */
    Image from(int n) {
        return new Image(slot, at(n, 0, 0), batchStride, rowStride, pixelStride);
    }
}
