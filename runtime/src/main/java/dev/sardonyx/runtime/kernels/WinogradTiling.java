package dev.sardonyx.runtime.kernels;

/**
 * How a Winograd convolution cuts images into tiles of m × m output pixels.
 *
 * @param m 2 or 4
 * @param batch number of images
 * @param tilesH rows of tiles in an image
 * @param tilesW tiles in a row
 */
public record WinogradTiling(int m, int batch, int tilesH, int tilesW) {

    int tiles() {
        return batch * tilesH * tilesW;
    }

    /** Values of a transformed tile. */
    public int values() {
        return (m + 2) * (m + 2);
    }
}
