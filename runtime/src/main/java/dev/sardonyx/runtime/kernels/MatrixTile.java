package dev.sardonyx.runtime.kernels;

/**
 * What is fixed in a tile: how much of a product it computes in one go, with the sums in vector registers.
 *
 * @param rows rows of the left matrix that it computes
 * @param channels columns of the panel that it reads
 * @param pitch floats from row to row of what it writes
 * @param adds whether it adds to what stands there
 * @param readsAhead whether it brings other weights into the cache while it multiplies
 */
public record MatrixTile(int rows, int channels, int pitch, boolean adds, boolean readsAhead) {}
