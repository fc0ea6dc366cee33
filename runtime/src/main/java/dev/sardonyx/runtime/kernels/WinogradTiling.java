package dev.sardonyx.runtime.kernels;

/**
 * How a Winograd convolution cuts images into tiles, and how transformed tiles lie in memory: value by value of the tile
 * ({@code plane} apart), then tile by tile, then channel by channel.
 *
 * @param m output pixels of a tile in each direction, 2 or 4
 * @param batch number of images
 * @param tilesH rows of tiles in an image
 * @param tilesW tiles in a row
 * @param channels channels, a multiple of the vector's lanes
 * @param tileStride from tile to tile
 * @param plane from value to value of a tile
 */
public record WinogradTiling(int m, int batch, int tilesH, int tilesW, int channels, int tileStride, int plane) {

    int tileRows() {
        return batch * tilesH;
    }
}
