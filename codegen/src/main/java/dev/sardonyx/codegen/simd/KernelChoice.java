package dev.sardonyx.codegen.simd;

import java.util.Comparator;
import java.util.List;

/**
 * Everything the SIMD target decides for one vector width: tile sizes, paddings, cache blocking. Nothing else chooses.
 *
 * <p>Register tiles, by pixels × vectors. With 32 registers (512-bit) 14 × 2 sums leave room for two weights and one input
 * value, and reach 97 % of the FMA peak. With 16 registers (256-bit) C2 spills from 10 sums on, whatever the order, and halves the
 * speed; 4 × 2 reaches the same in every form. A single pixel (fully connected layers) is bound by the weights' way from memory.
 *
 * @param bits vector width
 */
record KernelChoice(int bits) {

    /** Bytes of a core's second-level cache that a kernel may count on. */
    private static final int CACHE_BYTES = 256 * 1024;

    /** At least so many pieces of work, that threads can share a kernel evenly. */
    private static final int MIN_UNITS = 8;

    /** A register tile and what part of the peak it reaches when all of its pixels are used. */
    private record Tile(int pixels, int vectors, double efficiency) {}

    int lanes() {
        return bits / Float.SIZE;
    }

    private List<Tile> tiles() {
        return bits == 512
                ? List.of(new Tile(14, 2, 0.97), new Tile(7, 2, 0.85), new Tile(1, 8, 0.3))
                : List.of(new Tile(4, 2, 0.8), new Tile(1, 8, 0.3));
    }

    /** Distance between pixels of an image of {@code channels} channels, in floats. */
    int pixelStride(int channels, int pixels, boolean writtenByVectors) {
        if (channels < lanes() && !writtenByVectors) {
            return channels;
        }
        int rounded = (channels + lanes() - 1) / lanes() * lanes();
        // 14 pixels a multiple of 1 KB apart fall into few sets of the first-level cache.
        boolean conflicts = bits == 512 && pixels > 1 && rounded % 256 == 0;
        return conflicts ? rounded + lanes() : rounded;
    }

    /**
     * How a convolution is cut.
     *
     * @param pixels pixels of a tile
     * @param vectors vectors of a full panel
     * @param rowBlock rows of a unit of work
     * @param panelBlock panels of a unit of work
     */
    record ConvolutionChoice(int pixels, int vectors, int rowBlock, int panelBlock) {}

    /**
     * Chooses for a convolution.
     *
     * @param rows rows of output pixels, all images together
     * @param width pixels in a row
     * @param groupVectors vectors that the output channels of a group fill
     * @param panelBytesPerVector bytes of weights for one vector of output channels
     * @param rowBytes bytes of input that a row of output pixels needs beyond its neighbour's
     */
    ConvolutionChoice convolution(
            int groups, int rows, int width, int groupVectors, long panelBytesPerVector, long rowBytes) {
        Tile tile = tiles().stream()
                .max(Comparator.comparingDouble(t -> t.efficiency * width / (t.pixels * Math.ceilDiv(width, t.pixels))))
                .orElseThrow();
        int vectors = Math.min(tile.vectors, groupVectors);
        int panels = Math.ceilDiv(groupVectors, vectors);
        long weightBytes = panelBytesPerVector * groupVectors;
        long inputBytes = rowBytes * rows;
        int cachedRows = Math.clamp(CACHE_BYTES / 2 / Math.max(rowBytes, 1), 1, rows);
        long rowsOutside = weightBytes <= CACHE_BYTES ? inputBytes : weightBytes * Math.ceilDiv(rows, cachedRows);
        long panelsOutside = inputBytes <= CACHE_BYTES ? weightBytes : inputBytes * panels;
        if (rowsOutside <= panelsOutside) {
            int shared = Math.max(1, Math.ceilDiv(rows, Math.ceilDiv(MIN_UNITS, groups)));
            return new ConvolutionChoice(tile.pixels, vectors, Math.min(cachedRows, shared), panels);
        }
        int rowBlocks = Math.max(1, Math.ceilDiv(MIN_UNITS, groups * panels));
        return new ConvolutionChoice(tile.pixels, vectors, Math.ceilDiv(rows, rowBlocks), 1);
    }

    /** Pixels that a row of a flattened image has: whole tiles, little enough to stay in the cache. */
    int flattenedWidth(int pixels, long pixelBytes) {
        int tile = tiles().getFirst().pixels;
        long wanted = Math.clamp(CACHE_BYTES / 8 / Math.max(pixelBytes, 1), tile, 4096);
        return (int) Math.min(wanted / tile * tile, pixels);
    }

    /** Groups that are convolved as one, so that their output channels fill vectors. */
    int mergedGroups(int groups, int outChannels) {
        int merged = 1;
        while (merged < groups && (merged * outChannels % lanes() != 0 || groups % merged != 0)) {
            merged++;
        }
        return merged;
    }

    /** Whether the gaps between a tap's channels and the next tap's are small enough to multiply through with zero weights. */
    boolean gathers(int kernelW, int dilationW, int channels, int pixelStride) {
        return kernelW == 1 || (dilationW == 1 && pixelStride - channels <= channels / 8);
    }
}
