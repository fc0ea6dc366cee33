package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.opencl.KernelChoice.Algorithm;

/**
 * How long convolutions take, in units of one multiply-accumulate of a busy compute unit: good for comparing algorithms of one
 * convolution on one device, which tuning does better. The numbers are of GPUs' data sheets and of what is known of GPUs in general, for
 * none has been measured; those for processors were measured with PoCL.
 */
final class CostEstimate {

    /** Products of words that tensor cores do in the time of one of a float32: of an A100 and an H100, by their data sheets. */
    private static final double TENSOR_SPEED = 8;

    /** Time of loading a value into a tile, in multiply-accumulates of a compute unit. */
    private static final double LOAD_COST = 16;

    /** Time of a piece's barrier and loads that nothing hides. */
    private static final double LATENCY_COST = 20_000;

    /**
     * Multiply-accumulates of a whole device in the time of a float's way from or to its memory. By data sheets: some 20 on an A100,
     * 35 on an H100, 80 to 160 on cards for games, whose larger part of the traffic stays in the cache.
     */
    private static final double MEMORY_COST = 64;

    /** The same of a processor: PoCL's transforms move 4 GB/s on a core whose products do 4 G multiply-accumulates. */
    private static final double PROCESSOR_MEMORY_COST = 4;

    /** Start and end of another kernel, when nothing else runs: 2 to 3 µs of a compute unit with 128 multiply-accumulates a clock. */
    private static final double LAUNCH_COST = 500_000;

    private final Device device;
    private final Precision precision;

    CostEstimate(Device device, Precision precision) {
        this.device = device;
        this.precision = precision;
    }

    double of(ConvolutionShape shape, Algorithm.Product product) {
        double sum = product.split() == 1 ? 0 : LAUNCH_COST + memory(2.0 * product.split() * shape.outputs());
        return product(shape, product.tile(), product.split()) + sum;
    }

    /**
     * Of the products, and of what direct computation lacks: two more kernels, each transformed value written and read once, and
     * weights that are (m+2)²/9 times as many; all kernels once more, and all weights, with each further part.
     */
    double of(ConvolutionShape shape, Algorithm.Winograd winograd) {
        Filtering filtering = new Filtering(shape, winograd.m(), winograd.parts());
        double parts = Math.ceilDiv(filtering.tiles(), filtering.partTiles());
        double transformed = 2.0 * parts * (filtering.inputElements() + filtering.productElements());
        double weights = parts * filtering.weightElements() - (double) shape.outChannels() * shape.depth();
        return parts * product(filtering.product(), winograd.tile(), 1)
                + (isProcessor() ? 0 : (3 * parts - 1) * LAUNCH_COST)
                + memory(transformed + weights);
    }

    /**
     * As many rounds of work-groups as the device needs, with the loads that a tile's multiplications must hide. Processors do the work of
     * one work-group after the other, and have caches.
     */
    private double product(ConvolutionShape shape, Tiling tile, int split) {
        long groups = (long) Math.ceilDiv(shape.rows(), tile.rows())
                * Math.ceilDiv(shape.columns(), tile.columns())
                * shape.groups()
                * split;
        if (isProcessor()) {
            return (double) groups * shape.depth() * tile.rows() * tile.columns() / device.computeUnits();
        }
        double rounds = Math.max(1, Math.ceil((double) groups / device.computeUnits()));
        boolean tensor = tile instanceof WarpTile;
        double depth = (double) shape.depth() / split / (tensor ? precision.wordElements() : 1);
        double multiplications = depth * tile.rows() * tile.columns() / (tensor ? tensorSpeed() : 1);
        double loads = depth * (tile.rows() + tile.columns()) * LOAD_COST;
        double latency = Math.ceilDiv((int) depth, tile.depth()) * LATENCY_COST;
        return rounds * (multiplications + loads + latency);
    }

    private double tensorSpeed() {
        return precision == Precision.TF32X3 ? TENSOR_SPEED / 3 : TENSOR_SPEED;
    }

    private double memory(double floats) {
        return floats * (isProcessor() ? PROCESSOR_MEMORY_COST : MEMORY_COST) / device.computeUnits();
    }

    private boolean isProcessor() {
        return device.kind() == Device.Kind.CPU;
    }
}
