package dev.sardonyx.codegen.simd;

import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.winograd.ErrorBudget;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything the SIMD target decides for one vector width: tile sizes, algorithms, cache blocking. Nothing else chooses.
 *
 * <p>Tiles, by rows × vectors. With 32 registers (512-bit) 14 × 2 sums leave room for two weights and one input value, and run
 * at the FMA peak from a depth of 64 on; 7 × 2 do so too while their operands lie in the first-level cache. With 16
 * registers (256-bit) 6 × 2 sums leave room for two weights and two input values, which C2 keeps to only if the order of its loads is
 * held ({@link TileWriter}). 128-bit machines of today have 32 registers again: 6 × 4, not measured. A single row (fully connected layers) is
 * bound by the
 * weights' way from memory.
 *
 * @param bits vector width
 * @param exact whether convolutions are computed directly only
 * @param budget how far the others may err
 * @param cacheBytes bytes of a core's second-level cache that a kernel may count on
 */
record KernelChoice(int bits, boolean exact, ErrorBudget budget, int cacheBytes) {

    /** A core with AVX-512 has a second-level cache of at least 1 MB, others often half of it. */
    static int usualCacheBytes(int bits) {
        return bits == 512 ? 1024 * 1024 : 512 * 1024;
    }

    /** Bytes of patches that a unit of work packs at a time: little enough to stay in the cache beside weights and sums. */
    private static final int BLOCK_BYTES = 192 * 1024;

    /**
     * Rows of patches up to which weights that do not fit in the cache are multiplied panel by panel: each weight then comes
     * from memory once, but the patches are read, and every output row is touched, once for each panel.
     */
    private static final int PANELWISE_ROWS = 512;

    /** At least so many pieces of work, that threads can share a kernel evenly. */
    private static final int MIN_UNITS = 8;

    int lanes() {
        return bits / Float.SIZE;
    }

    Roofline roofline() {
        return Roofline.of(bits);
    }

    /** Vectors of output channels in a panel. At least 16 channels, which Winograd's transforms may take at a time. */
    int panelVectors() {
        return bits == 128 ? 4 : 2;
    }

    /** Rows of the tiles, the largest first. */
    List<Integer> tileRows() {
        return switch (bits) {
            case 512 -> List.of(14, 7, 1);
            default -> List.of(6, 1);
        };
    }

    /** Rows of a strip: some 14, since packing, a strip at a time, has its price for each. */
    int stripRows() {
        return switch (bits) {
            case 512 -> 14;
            default -> 12;
        };
    }

    /** Rows of the smallest tile that computes {@code rows} rows, or of the largest where none does. */
    int tileRows(int rows) {
        return tileRows().stream()
                .filter(tile -> tile >= rows)
                .reduce((a, b) -> b)
                .orElse(tileRows().getFirst());
    }

    /** Rows that the tiles compute for {@code rows} rows. */
    private int tiledRows(int rows) {
        int largest = tileRows().getFirst();
        int whole = rows / largest * largest;
        return rows == whole ? whole : whole + tileRows(rows - whole);
    }

    /** Tiles of a panel up to which they read the next one ahead: with more of them these loads cost more than they save (docs/performance-log.md). */
    private static final int TILES_READING_AHEAD = 16;

    /**
     * Whether tiles that multiply a panel with {@code rows} rows read ahead the one that comes next. Measured with 256 bits alone, and only
     * the largest tile has that form.
     */
    boolean readsAhead(int rows) {
        int tile = tileRows().getFirst();
        return bits == 256 && rows >= tile && Math.ceilDiv(rows, tile) <= TILES_READING_AHEAD;
    }

    /**
     * How a direct convolution is cut.
     *
     * @param strips strips that a unit packs and multiplies with all panels; 0 where all strips are packed first, and a unit
     *     is a panel
     * @param cached whether the weights stay in the cache from unit to unit
     */
    record ConvolutionChoice(int strips, boolean cached) {
        boolean panelwise() {
            return strips == 0;
        }
    }

    /**
     * Chooses how a direct convolution is cut. Weights that fit in the cache are multiplied strip block by strip block. Larger
     * ones come from memory once if there are few rows; else once for each block, which then is as large as may be.
     *
     * @param groups groups that are convolved separately
     * @param rows output pixels of all images
     * @param depth products that each output value sums
     * @param channels output channels of a group
     */
    ConvolutionChoice convolution(int groups, int rows, int depth, int channels) {
        long weightBytes = (long) depth * channels * Float.BYTES;
        long stripBytes = (long) stripRows() * depth * Float.BYTES;
        int strips = Math.ceilDiv(rows, stripRows());
        boolean cached = weightBytes <= cacheBytes / 2;
        if (!cached && rows <= PANELWISE_ROWS) {
            return new ConvolutionChoice(0, false);
        }
        long blockBytes = cached ? BLOCK_BYTES : cacheBytes / 2;
        long stripAndOutput = stripBytes + (long) stripRows() * channels * Float.BYTES;
        int shared = Math.max(1, strips / Math.ceilDiv(MIN_UNITS, groups));
        return new ConvolutionChoice(Math.clamp(blockBytes / stripAndOutput, 1, shared), cached);
    }

    /** Multiply-accumulates that the tiles of a product do, wasted ones included, for a matrix of rows × depth and one of depth × channels. */
    double products(int rows, int depth, int channels) {
        return (double) tiledRows(rows) * depth * Math.ceilDiv(channels, lanes()) * lanes();
    }

    /**
     * How a convolution is computed.
     *
     * @param m output pixels, in each direction, of the Winograd tiles that it is computed with; 0 for direct computation
     * @param time estimate in the unit of {@link Roofline}
     * @param accuracy what there is to say of its error, for people
     */
    record Algorithm(int m, double time, String accuracy) {}

    /**
     * Chooses between direct computation and Winograd tiles by the least estimated time: multiply-accumulates that the register tiles
     * do, wasted ones included, plus the weights' way from memory, plus packing or the transforms. F(4×4) does a quarter of the
     * multiplications but has four times the weights: it wins on large maps, F(2×2) on small ones, direct computation where weights
     * outweigh pixels. Tiles whose error would exceed its share of the budget are left out.
     */
    Algorithm algorithm(Kernel.Convolution convolution, Buffer in, Buffer out) {
        double least = direct(convolution, out);
        int best = 0;
        List<String> accuracy = new ArrayList<>();
        for (int m : mayBeWinograd(convolution, in, out) ? List.of(2, 4) : List.<Integer>of()) {
            double time = winograd(m, in, out);
            if (time < least) {
                double estimate = budget.estimate(m, convolution.weights());
                if (budget.allows(estimate)) {
                    least = time;
                    best = m;
                    accuracy.clear();
                    accuracy.add(ErrorBudget.text(estimate));
                } else {
                    accuracy.add(budget.refusal(m, estimate));
                }
            }
        }
        return new Algorithm(best, least, String.join("; ", accuracy));
    }

    private double direct(Kernel.Convolution convolution, Buffer out) {
        Constant weights = convolution.weights();
        int groups = convolution.groups();
        int depth = weights.dim(1) * weights.dim(2) * weights.dim(3);
        int pixels = out.dim(0) * out.dim(2) * out.dim(3);
        return groups * products(pixels, depth, weights.dim(0) / groups)
                + fetch((double) depth * weights.dim(0))
                + Roofline.packing((double) depth * groups * pixels);
    }

    private boolean mayBeWinograd(Kernel.Convolution convolution, Buffer in, Buffer out) {
        return !exact
                && ErrorBudget.canFilter(convolution)
                && in.dim(1) % WIDEST_LANES == 0
                && out.dim(1) % WIDEST_LANES == 0;
    }

    private double winograd(int m, Buffer in, Buffer out) {
        int channels = in.dim(1);
        int outChannels = out.dim(1);
        int values = (m + 2) * (m + 2);
        int tiles = out.dim(0) * Math.ceilDiv(out.dim(2), m) * Math.ceilDiv(out.dim(3), m);
        return values * products(tiles, channels, outChannels)
                + fetch((double) values * channels * outChannels)
                + Roofline.transforms((double) values * tiles * (channels + outChannels));
    }

    /** Lanes of the widest vectors: at every width only channels in multiples of them are filtered, as the widest need it. */
    private static final int WIDEST_LANES = 16;

    /** Weights are read once an inference, and a whole network's do not stay in the cache. */
    private double fetch(double weights) {
        return roofline().memory(weights * Float.BYTES);
    }

    /**
     * How a Winograd convolution is cut.
     *
     * @param strips strips of tiles that go through all stages at a time; 0 where each stage runs over all tiles
     * @param cached whether the weights stay in the cache from unit to unit
     */
    record WinogradChoice(int strips, boolean cached) {
        boolean stagewise() {
            return strips == 0;
        }
    }

    /**
     * Chooses how a Winograd convolution is cut. A few strips at a time stay in the cache from stage to stage, beside the weights where these
     * fit. Else each unit reads the weights from beyond the cache, one after the other, and fills it with its strips; that pays as
     * long as it is less than what all tiles' matrices are, which otherwise leave the cache and come back, before the products and after.
     */
    WinogradChoice winograd(int values, int tiles, int channels, int outChannels) {
        long weightBytes = (long) values * channels * outChannels * Float.BYTES;
        long rowBytes = (long) values * (channels + outChannels) * Float.BYTES;
        long stripBytes = stripRows() * rowBytes;
        int strips = Math.ceilDiv(tiles, stripRows());
        boolean cached = weightBytes <= cacheBytes;
        int unit = Math.clamp((cached ? cacheBytes / 2 : cacheBytes) / stripBytes, 1, Math.max(1, strips / MIN_UNITS));
        boolean pays = cached || weightBytes * Math.ceilDiv(strips, unit) < 2L * tiles * rowBytes;
        return new WinogradChoice(pays && strips > 1 ? unit : 0, cached);
    }

    /** Groups that are convolved as one, so that their output channels fill vectors. */
    int mergedGroups(int groups, int outChannels) {
        int merged = 1;
        while (merged < groups && (merged * outChannels % lanes() != 0 || groups % merged != 0)) {
            merged++;
        }
        return merged;
    }
}
