package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.kernels.StepInfo;
import dev.sardonyx.runtime.opencl.KernelChoice.Algorithm;
import dev.sardonyx.runtime.opencl.Launch.Argument;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Turns convolutions into launches of the kernels in {@code convolution.cl}, {@code tensor.cl} and {@code winograd.cl}. */
final class Convolutions {

    /** Work-items of a work-group where a kernel does not care. */
    private static final int GROUP = 64;

    private Convolutions() {}

    /**
     * The launches of one convolution.
     *
     * @param weights the weights on the device, as {@link #packed} arranges them, or {@link TensorWeights} for tensor cores, or
     *     {@link Filtering#weights} for Winograd's filtering
     * @param bias the bias on the device, or {@link Argument.Unused}
     * @param options what every program is built with
     */
    static List<Launch> launches(
            Step.Convolution step, Algorithm algorithm, Argument weights, Argument bias, String options) {
        ConvolutionShape shape = step.shape();
        List<Argument> arguments = List.of(
                new Argument.Slot(step.in()),
                weights,
                bias,
                step.residual() < 0 ? new Argument.Unused() : new Argument.Slot(step.residual()),
                new Argument.Slot(step.out()),
                scratch(shape, algorithm).first() > 0 ? new Argument.Scratch(0) : new Argument.Unused());
        StepInfo info = new StepInfo(
                step.info().name(),
                algorithm.toString(),
                step.info().multiplyAccumulates(),
                step.info().bytes());
        return switch (algorithm) {
            case Algorithm.Product product -> product(info, shape, product, arguments, options);
            case Algorithm.Vector() ->
                List.of(new Launch(
                        info,
                        source(
                                String.format(
                                        Locale.ROOT,
                                        "%s -DVECTOR_COLUMNS=%d -DVECTOR_SLICES=%d",
                                        shape.options(),
                                        KernelChoice.VECTOR_COLUMNS,
                                        KernelChoice.VECTOR_SLICES),
                                options),
                        "convolution_vector",
                        arguments,
                        new long[] {
                            (long) Math.ceilDiv(shape.outChannels(), KernelChoice.VECTOR_COLUMNS)
                                    * KernelChoice.VECTOR_COLUMNS,
                            KernelChoice.VECTOR_SLICES
                        },
                        new long[] {KernelChoice.VECTOR_COLUMNS, KernelChoice.VECTOR_SLICES}));
            case Algorithm.Direct() ->
                List.of(each(
                        0,
                        shape.outputs(),
                        info,
                        source(shape.options() + " -DDIRECT", options),
                        "convolution_direct",
                        arguments));
            case Algorithm.Winograd winograd -> winograd(info, shape, winograd, arguments, options);
        };
    }

    private static List<Launch> product(
            StepInfo info,
            ConvolutionShape shape,
            Algorithm.Product product,
            List<Argument> arguments,
            String options) {
        Tiling tile = product.tile();
        int split = product.split();
        ProgramSource source = source(shape.options() + " " + tile.options() + " -DSPLIT=" + split, options);
        List<Launch> launches = new ArrayList<>();
        long[] grid = {
            (long) Math.ceilDiv(shape.rows(), tile.rows()) * tile.threads(),
            Math.ceilDiv(shape.columns(), tile.columns()),
            (long) shape.groups() * split
        };
        launches.add(new Launch(info, source, tile.kernel(), arguments, grid, new long[] {tile.threads(), 1, 1}));
        if (split > 1) {
            StepInfo sum = new StepInfo(
                    info.name(), "sum of parts", 0, scratch(shape, product).first() * Float.BYTES);
            launches.add(each(0, shape.outputs(), sum, source, "convolution_sum", arguments));
        }
        return launches;
    }

    /**
     * Part by part, transforms the input into the first room, multiplies into the second, transforms the products into the output. Where the
     * last part is smaller, some of the products are of what the part before has left, and nobody reads them.
     */
    private static List<Launch> winograd(
            StepInfo info,
            ConvolutionShape shape,
            Algorithm.Winograd winograd,
            List<Argument> arguments,
            String options) {
        Filtering filtering = new Filtering(shape, winograd.m(), winograd.parts());
        ProgramSource source = source(filtering.options(), options);
        Argument unused = new Argument.Unused();
        Argument matrices = new Argument.Scratch(0);
        Argument products = new Argument.Scratch(1);
        long parts = Math.ceilDiv(filtering.tiles(), filtering.partTiles());
        StepInfo input = new StepInfo(
                info.name(),
                "transform of the input",
                0,
                Float.BYTES * (shape.inputs() + parts * filtering.inputElements()));
        StepInfo product = new StepInfo(
                info.name(),
                info.algorithm(),
                info.multiplyAccumulates(),
                Float.BYTES
                        * parts
                        * (filtering.inputElements() + filtering.weightElements() + filtering.productElements()));
        StepInfo output = new StepInfo(
                info.name(),
                "transform of the output",
                0,
                Float.BYTES * (parts * filtering.productElements() + shape.outputs() * (shape.residual() ? 2 : 1)));
        List<Launch> launches = new ArrayList<>();
        for (long first = 0; first < filtering.tiles(); first += filtering.partTiles()) {
            launches.add(each(
                    first * shape.inChannels(),
                    (long) filtering.partTiles() * shape.inChannels(),
                    input,
                    source,
                    "winograd_input",
                    List.of(arguments.get(0), unused, unused, unused, matrices, unused)));
            launches.addAll(product(
                    product,
                    filtering.product(),
                    new Algorithm.Product(winograd.tile(), 1),
                    List.of(matrices, arguments.get(1), unused, unused, products, unused),
                    options));
            launches.add(each(
                    first * shape.outChannels(),
                    (long) filtering.partTiles() * shape.outChannels(),
                    output,
                    source,
                    "winograd_output",
                    List.of(products, unused, arguments.get(2), arguments.get(3), arguments.get(4), unused)));
        }
        return launches;
    }

    /** A launch of a work-item for each of {@code count} elements, of which {@code first} is the number of the first. */
    private static Launch each(
            long first, long count, StepInfo info, ProgramSource source, String kernel, List<Argument> arguments) {
        long padded = Math.ceilDiv(count, (long) GROUP) * GROUP;
        return new Launch(info, source, kernel, arguments, new long[] {first}, new long[] {padded}, new long[] {GROUP});
    }

    private static ProgramSource source(String definitions, String options) {
        return new ProgramSource(Sources.STORAGE + Sources.CONVOLUTION, options + " " + definitions);
    }

    /** What a session needs while a convolution runs. */
    static Scratch scratch(ConvolutionShape shape, Algorithm algorithm) {
        return switch (algorithm) {
            case Algorithm.Product(Tiling _, int split) when split > 1 -> new Scratch(split * shape.outputs(), 0);
            case Algorithm.Winograd(int m, Tiling _, int parts) -> new Filtering(shape, m, parts).scratch();
            default -> Scratch.NONE;
        };
    }

    /** The weights as all kernels read them but those for tensor cores: [group][kernel row][kernel column][input channel][output channel of the group]. */
    static float[] packed(ConvolutionShape shape, float[] weights) {
        int taps = shape.kernelHeight() * shape.kernelWidth();
        int channels = shape.groupInChannels();
        int filters = shape.columns();
        float[] packed = new float[weights.length];
        for (int filter = 0; filter < shape.outChannels(); filter++) {
            int start = filter / filters * taps * channels * filters + filter % filters;
            for (int c = 0; c < channels; c++) {
                for (int tap = 0; tap < taps; tap++) {
                    packed[start + (tap * channels + c) * filters] = weights[(filter * channels + c) * taps + tap];
                }
            }
        }
        return packed;
    }
}
