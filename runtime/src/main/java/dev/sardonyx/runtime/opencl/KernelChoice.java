package dev.sardonyx.runtime.opencl;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Every decision on how convolutions run on a device: the algorithm, the tile, how many work-groups share a sum. Nothing but
 * shapes, the device and the precision decides.
 */
final class KernelChoice {

    /** How a convolution runs. */
    sealed interface Algorithm {

        /** An implicit matrix product in tiles; {@code split} work-groups share each sum. */
        record Product(Tiling tile, int split) implements Algorithm {
            @Override
            public String toString() {
                return "implicit GEMM " + tile + (split > 1 ? ", split " + split : "");
            }
        }

        /** A product of few rows with a matrix. */
        record Vector() implements Algorithm {
            @Override
            public String toString() {
                return "matrix-vector product";
            }
        }

        /**
         * Winograd's minimal filtering F(m×m, 3×3), of one of {@code parts} parts of the transformed tiles after the other; their products are
         * computed in tiles of work-groups.
         */
        record Winograd(int m, Tiling tile, int parts) implements Algorithm {
            @Override
            public String toString() {
                return "Winograd F(" + m + "x" + m + ",3x3), implicit GEMM " + tile
                        + (parts > 1 ? ", in " + parts + " parts" : "");
            }
        }

        /** A work-item for each output value. */
        record Direct() implements Algorithm {
            @Override
            public String toString() {
                return "direct";
            }
        }
    }

    /** Columns and slices of a work-group of the matrix-vector product: a warp reads 128 bytes in a row. */
    static final int VECTOR_COLUMNS = 32;

    static final int VECTOR_SLICES = 8;

    /** More rows would leave the registers, and a tile wastes little then. */
    private static final int MOST_VECTOR_ROWS = 8;

    /** Fewer channels in a group than this leave most of a tile's columns or of its pieces of sums empty. */
    private static final int FEWEST_GROUP_CHANNELS = 8;

    /** Large first. Processors run work-items in a loop and keep tiles in memory, so they want little ones. */
    private static final List<Tile> GPU_TILES = List.of(
            new Tile(128, 128, 8, 8, 8),
            new Tile(128, 64, 16, 8, 4),
            new Tile(64, 64, 16, 4, 4),
            new Tile(32, 64, 16, 4, 4),
            new Tile(32, 32, 16, 4, 4));

    private static final List<Tile> CPU_TILES = List.of(new Tile(16, 16, 16, 4, 4), new Tile(32, 32, 16, 4, 4));

    private static final List<Tiling> GPU_TENSOR_TILES = List.of(
            new WarpTile(128, 128, 16, 64, 32),
            new WarpTile(128, 64, 16, 32, 32),
            new WarpTile(64, 128, 16, 32, 32),
            new WarpTile(64, 64, 16, 32, 32),
            new WarpTile(64, 32, 16, 32, 16),
            new WarpTile(32, 64, 16, 16, 32),
            new WarpTile(32, 32, 32, 16, 16));

    /** For emulation. */
    private static final List<Tiling> CPU_TENSOR_TILES = List.of(new WarpTile(16, 16, 8, 16, 16));

    /** Fewer columns, or shorter sums, leave most of a tensor core's fragment empty. */
    private static final int FEWEST_TENSOR_COLUMNS = 8;

    private static final int SHORTEST_TENSOR_SUM = 8;

    /** Output pixels of Winograd's tiles in each direction. */
    private static final List<Integer> WINOGRAD_TILES = List.of(2, 4);

    /** Transformed tiles that a device's cache may hold: half of the 40 to 72 MiB of large GPUs. */
    private static final long CACHE_FLOATS = (24L << 20) / Float.BYTES;

    private static final int MOST_SPLITS = 32;

    /** Shorter sums are not worth the extra kernel that adds their parts. */
    private static final int SHORTEST_PART = 128;

    private final Device device;
    private final Precision precision;
    private final CostEstimate estimate;

    /** @param precision one that the device can compute in */
    KernelChoice(Device device, Precision precision) {
        this.device = device;
        this.precision = precision;
        estimate = new CostEstimate(device, precision);
    }

    /** How to run a convolution. */
    Algorithm algorithm(ConvolutionShape shape) {
        if (isVector(shape)) {
            return new Algorithm.Vector();
        }
        if (isThin(shape)) {
            return new Algorithm.Direct();
        }
        return cheapest(shape, Integer.MAX_VALUE).getFirst();
    }

    private boolean isVector(ConvolutionShape shape) {
        return shape.isPixelwise()
                && shape.groups() == 1
                && shape.inHeight() * shape.inWidth() == 1
                && shape.rows() <= MOST_VECTOR_ROWS
                && VECTOR_COLUMNS * VECTOR_SLICES <= device.maxWorkGroup();
    }

    private static boolean isThin(ConvolutionShape shape) {
        return shape.groups() > 1
                && (shape.columns() < FEWEST_GROUP_CHANNELS || shape.groupInChannels() < FEWEST_GROUP_CHANNELS);
    }

    private List<Tiling> tiles(ConvolutionShape shape) {
        boolean tensor = precision.usesTensorCores()
                && shape.columns() >= FEWEST_TENSOR_COLUMNS
                && shape.depth() >= SHORTEST_TENSOR_SUM;
        return tensor ? isProcessor() ? CPU_TENSOR_TILES : GPU_TENSOR_TILES : List.copyOf(plainTiles());
    }

    private List<Tile> plainTiles() {
        return isProcessor() ? CPU_TILES : GPU_TILES;
    }

    private boolean isProcessor() {
        return device.kind() == Device.Kind.CPU;
    }

    /**
     * What is worth trying in place of {@link #algorithm}, the cheapest by the estimate first; empty where nothing is.
     *
     * @param each how many at most of direct products, and of each size of Winograd's tiles and number of parts
     */
    List<Algorithm> alternatives(ConvolutionShape shape, int each) {
        return isVector(shape) || isThin(shape) ? List.of() : cheapest(shape, each);
    }

    /** Whether the device can run what tuning once found, perhaps on another of the same name, or what somebody wrote there. */
    boolean isPossible(ConvolutionShape shape, Algorithm algorithm) {
        return switch (algorithm) {
            case Algorithm.Product(Tiling tile, int split) ->
                isPossible(tile)
                        && split <= mostSplits(shape)
                        && Convolutions.scratch(shape, algorithm).floats() <= mostScratch();
            case Algorithm.Winograd(int m, Tiling tile, int parts) -> {
                Filtering filtering = new Filtering(shape, m, parts);
                yield isFiltered(precision)
                        && m <= shape.winograd()
                        && isPossible(tile)
                        && parts <= filtering.tiles()
                        && Convolutions.scratch(shape, algorithm).floats() <= mostScratch()
                        && filtering.weightElements() <= mostFloats();
            }
            case Algorithm.Vector() -> isVector(shape);
            case Algorithm.Direct() -> true;
        };
    }

    private boolean isPossible(Tiling tile) {
        return tile.isEven() && tile.fits(device) && (tile instanceof Tile || precision.usesTensorCores());
    }

    /** Whether transformed tiles keep what direct sums would in this precision: as half, or of 11 bits, they would not. */
    private static boolean isFiltered(Precision precision) {
        return precision == Precision.FP32 || precision == Precision.TF32X3;
    }

    /** Floats of the largest buffer that the device allows and the kernels can count. */
    private long mostFloats() {
        return Math.min(device.maxAllocation() / Float.BYTES, Integer.MAX_VALUE);
    }

    private long mostScratch() {
        return Math.min(mostFloats(), Scratch.MOST_FLOATS);
    }

    private List<Algorithm> cheapest(ConvolutionShape shape, int each) {
        List<Candidate> candidates = new ArrayList<>();
        candidates.addAll(best(shape, each, products(shape)));
        for (int m : WINOGRAD_TILES) {
            for (int parts : parts(shape, m)) {
                candidates.addAll(best(shape, each, winograd(shape, m, parts)));
            }
        }
        if (candidates.isEmpty()) { // a device of little work-groups or little local memory
            return List.of(new Algorithm.Product(CPU_TILES.getFirst(), 1));
        }
        candidates.sort(Comparator.comparingDouble(Candidate::cost));
        return candidates.stream().map(Candidate::algorithm).toList();
    }

    private record Candidate(Algorithm algorithm, double cost) {}

    private List<Candidate> best(ConvolutionShape shape, int each, Stream<Candidate> candidates) {
        return candidates
                .filter(candidate -> isPossible(shape, candidate.algorithm()))
                .sorted(Comparator.comparingDouble(Candidate::cost))
                .limit(each)
                .toList();
    }

    private Stream<Candidate> products(ConvolutionShape shape) {
        return tiles(shape).stream()
                .flatMap(tile -> IntStream.iterate(1, split -> split <= splits(shape), split -> 2 * split)
                        .mapToObj(split -> new Algorithm.Product(tile, split)))
                .map(product -> new Candidate(product, estimate.of(shape, product)));
    }

    private Stream<Candidate> winograd(ConvolutionShape shape, int m, int parts) {
        return tiles(new Filtering(shape, m, parts).product()).stream()
                .map(tile -> new Algorithm.Winograd(m, tile, parts))
                .map(winograd -> new Candidate(winograd, estimate.of(shape, winograd)));
    }

    /** Into how few parts the transformed tiles have to be divided, and into how few so that the cache may hold one; none where m is too large. */
    private Set<Integer> parts(ConvolutionShape shape, int m) {
        Set<Integer> parts = new TreeSet<>();
        if (shape.winograd() >= m) {
            for (long most : List.of(mostScratch(), Math.min(mostScratch(), CACHE_FLOATS))) {
                int tiles = tilesOfPart(shape, m, most);
                if (tiles > 0) {
                    parts.add(Math.ceilDiv(new Filtering(shape, m, 1).tiles(), tiles));
                }
            }
        }
        return parts;
    }

    private int splits(ConvolutionShape shape) {
        return isProcessor() ? 1 : mostSplits(shape);
    }

    private static int mostSplits(ConvolutionShape shape) {
        return Math.clamp(shape.depth() / SHORTEST_PART, 1, MOST_SPLITS);
    }

    /** The largest rooms that any device is given for a convolution. */
    static Scratch mostScratch(ConvolutionShape shape) {
        Scratch most = new Scratch(mostParts(shape) * shape.outputs(), 0);
        for (int m : WINOGRAD_TILES) {
            int tiles = shape.winograd() < m ? 0 : tilesOfPart(shape, m, Scratch.MOST_FLOATS);
            if (tiles > 0) {
                int parts = Math.ceilDiv(new Filtering(shape, m, 1).tiles(), tiles);
                most = most.max(new Filtering(shape, m, parts).scratch());
            }
        }
        return most;
    }

    /** Into how many parts sums are divided at most, where room for these is; 0 where they are never. */
    private static long mostParts(ConvolutionShape shape) {
        long most = Math.min(mostSplits(shape), Scratch.MOST_FLOATS / shape.outputs());
        return most < 2 ? 0 : most;
    }

    /** How many transformed tiles and products of them {@code most} floats hold. */
    private static int tilesOfPart(ConvolutionShape shape, int m, long most) {
        Filtering whole = new Filtering(shape, m, 1);
        long floatsOfTile = (long) whole.values() * (shape.inChannels() + shape.outChannels());
        return (int) Math.min(whole.tiles(), most / floatsOfTile);
    }
}
