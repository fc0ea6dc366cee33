package dev.sardonyx.runtime.opencl;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

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
    private static final List<Tiling> GPU_TILES = List.of(
            new Tile(128, 128, 8, 8, 8),
            new Tile(128, 64, 16, 8, 4),
            new Tile(64, 64, 16, 4, 4),
            new Tile(32, 64, 16, 4, 4),
            new Tile(32, 32, 16, 4, 4));

    private static final List<Tiling> CPU_TILES = List.of(new Tile(16, 16, 16, 4, 4), new Tile(32, 32, 16, 4, 4));

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

    private static final int MOST_SPLITS = 32;

    /** Shorter sums are not worth the extra kernel that adds their parts. */
    private static final int SHORTEST_PART = 128;

    private final Device device;
    private final Precision precision;

    /** @param precision one that the device can compute in */
    KernelChoice(Device device, Precision precision) {
        this.device = device;
        this.precision = precision;
    }

    /** How to run a convolution. */
    Algorithm algorithm(ConvolutionShape shape) {
        if (isVector(shape)) {
            return new Algorithm.Vector();
        }
        if (shape.groups() > 1
                && (shape.columns() < FEWEST_GROUP_CHANNELS || shape.groupInChannels() < FEWEST_GROUP_CHANNELS)) {
            return new Algorithm.Direct();
        }
        return product(shape);
    }

    private boolean isVector(ConvolutionShape shape) {
        return shape.isPixelwise()
                && shape.groups() == 1
                && shape.inHeight() * shape.inWidth() == 1
                && shape.rows() <= MOST_VECTOR_ROWS
                && VECTOR_COLUMNS * VECTOR_SLICES <= device.maxWorkGroup();
    }

    private Algorithm product(ConvolutionShape shape) {
        if (device.kind() == Device.Kind.CPU) {
            return new Algorithm.Product(tiles(shape).getFirst(), 1);
        }
        return products(shape).getFirst();
    }

    private List<Tiling> tiles(ConvolutionShape shape) {
        boolean processor = device.kind() == Device.Kind.CPU;
        return precision.usesTensorCores()
                        && shape.columns() >= FEWEST_TENSOR_COLUMNS
                        && shape.depth() >= SHORTEST_TENSOR_SUM
                ? processor ? CPU_TENSOR_TILES : GPU_TENSOR_TILES
                : processor ? CPU_TILES : GPU_TILES;
    }

    /** What is worth trying in place of {@link #algorithm}, the cheapest by {@link #cost} first; empty where nothing is. */
    List<Algorithm.Product> alternatives(ConvolutionShape shape) {
        return algorithm(shape) instanceof Algorithm.Product ? products(shape) : List.of();
    }

    /** Whether the device can run what tuning once found, perhaps on another of the same name. */
    boolean isPossible(Algorithm algorithm) {
        return !(algorithm instanceof Algorithm.Product(Tiling tile, int _))
                || (tile.fits(device) && (tile instanceof Tile || precision.usesTensorCores()));
    }

    private List<Algorithm.Product> products(ConvolutionShape shape) {
        List<Algorithm.Product> products = new ArrayList<>();
        for (Tiling tile : tiles(shape)) {
            for (int split = 1; tile.fits(device) && split <= splits(shape); split *= 2) {
                products.add(new Algorithm.Product(tile, split));
            }
        }
        if (products.isEmpty()) { // a device of little work-groups or little local memory
            products.add(new Algorithm.Product(CPU_TILES.getFirst(), 1));
        }
        products.sort(Comparator.comparingDouble(product -> cost(shape, product.tile(), product.split())));
        return List.copyOf(products);
    }

    private int splits(ConvolutionShape shape) {
        return device.kind() == Device.Kind.CPU ? 1 : Math.clamp(shape.depth() / SHORTEST_PART, 1, MOST_SPLITS);
    }

    /**
     * An estimate of the time, in units of one multiply-accumulate of a busy compute unit: as many rounds of work-groups as the
     * device needs, with the loads that a tile's multiplications must hide, and the traffic of partial sums.
     */
    private double cost(ConvolutionShape shape, Tiling tile, int split) {
        long groups =
                (long) ceil(shape.rows(), tile.rows()) * ceil(shape.columns(), tile.columns()) * shape.groups() * split;
        double rounds = Math.max(1, Math.ceil((double) groups / device.computeUnits()));
        boolean tensor = tile instanceof WarpTile;
        double depth = (double) shape.depth() / split / (tensor ? precision.wordElements() : 1);
        double multiplications = depth * tile.rows() * tile.columns() / (tensor ? tensorSpeed() : 1);
        double loads = depth * (tile.rows() + tile.columns()) * LOAD_COST;
        double latency = ceil((int) depth, tile.depth()) * LATENCY_COST;
        double partials = split == 1
                ? 0
                : 2.0 * split * shape.rows() * shape.outChannels() * PARTIAL_COST / device.computeUnits();
        return rounds * (multiplications + loads + latency) + partials;
    }

    /** Products of words that tensor cores do in the time of one of a float32. */
    private double tensorSpeed() {
        return precision == Precision.TF32X3 ? TENSOR_SPEED / 3 : TENSOR_SPEED;
    }

    /** Of an A100 and an H100, by their data sheets. */
    private static final double TENSOR_SPEED = 8;

    /** Time of loading a value into a tile, in multiply-accumulates of a compute unit. */
    private static final double LOAD_COST = 16;

    /** Time of a piece's barrier and loads that nothing hides. */
    private static final double LATENCY_COST = 20_000;

    /** Time of storing or loading a partial sum. */
    private static final double PARTIAL_COST = 64;

    private static int ceil(int value, int unit) {
        return Math.ceilDiv(value, unit);
    }
}
