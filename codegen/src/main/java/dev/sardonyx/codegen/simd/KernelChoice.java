package dev.sardonyx.codegen.simd;

import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Window;
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

    private Tile best(int width) {
        return tiles().stream()
                .max(Comparator.comparingDouble(t -> t.efficiency * width / (t.pixels * Math.ceilDiv(width, t.pixels))))
                .orElseThrow();
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
        Tile tile = best(width);
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

    /** Channels that the transforms take at a time, whatever the width: a multiple of every vector's lanes. */
    private static final int WINOGRAD_CHANNELS = 16;

    /** Multiply-accumulates that a core does while one byte arrives from beyond its second-level cache. */
    private static final double MACS_PER_BYTE = 3;

    /** Multiply-accumulates that transforming one value of a tile costs. */
    private static final double MACS_PER_TRANSFORMED_VALUE = 8;

    /**
     * Output pixels, in each direction, of the Winograd tiles that a convolution is computed with; 0 for direct computation.
     * Chooses the least estimated time: multiply-accumulates that the register tiles do, wasted ones included, plus the weights' way
     * from memory, plus the transforms. F(4×4) does a quarter of the multiplications but has four times the weights: it wins on large
     * maps, F(2×2) on small ones, direct computation where weights outweigh pixels.
     */
    int winogradTile(Kernel.Convolution convolution, Buffer in, Buffer out) {
        int channels = in.dim(1);
        int outChannels = out.dim(1);
        boolean applies = convolution.window().kernelH() == 3
                && convolution.window().kernelW() == 3
                && convolution.window().equals(unitSteps(convolution.window()))
                && convolution.groups() == 1
                && channels % WINOGRAD_CHANNELS == 0
                && outChannels % WINOGRAD_CHANNELS == 0;
        if (!applies) {
            return 0;
        }
        double pairs = (double) channels * outChannels;
        double rowPixels = tiledPixels(out.dim(3)) * (double) out.dim(0) * out.dim(2);
        int best = 0;
        double least = 9 * pairs * rowPixels + fetch(9 * pairs);
        for (int m : List.of(2, 4)) {
            int values = (m + 2) * (m + 2);
            int tiles = out.dim(0) * Math.ceilDiv(out.dim(2), m) * Math.ceilDiv(out.dim(3), m);
            double cost = values * pairs * tiledPixels(tiles)
                    + fetch(values * pairs)
                    + MACS_PER_TRANSFORMED_VALUE * values * tiles * (channels + outChannels);
            if (cost < least) {
                least = cost;
                best = m;
            }
        }
        return best;
    }

    private static Window unitSteps(Window window) {
        return window.withStrides(1, 1).withDilations(1, 1);
    }

    /** Pixels that the best register tile computes for a row of {@code width}, weighted by how well it does so. */
    private double tiledPixels(int width) {
        Tile tile = best(width);
        return Math.ceilDiv(width, tile.pixels) * tile.pixels * tiles().getFirst().efficiency / tile.efficiency;
    }

    private static double fetch(double weights) {
        double bytes = weights * Float.BYTES;
        return bytes <= CACHE_BYTES ? 0 : bytes * MACS_PER_BYTE;
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

    /**
     * Whether the gaps between a tap's channels and the next tap's are small enough to multiply through with zero weights, and
     * hold zeros: what is left of a vector beyond the last channel may hold anything, NaN too.
     */
    boolean gathers(int kernelW, int dilationW, int channels, int pixelStride) {
        boolean zeros = pixelStride == channels || channels % lanes() == 0;
        return kernelW == 1 || (dilationW == 1 && zeros && pixelStride - channels <= channels / 8);
    }
}
