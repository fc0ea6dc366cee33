package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.kernels.StepInfo;
import dev.sardonyx.runtime.opencl.KernelChoice.Algorithm;
import dev.sardonyx.runtime.opencl.Launch.Argument;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Turns convolutions into launches of the kernels in {@code convolution.cl}. */
final class Convolutions {

    /** Work-items of a work-group where a kernel does not care. */
    private static final int GROUP = 64;

    private Convolutions() {}

    /**
     * The launches of one convolution.
     *
     * @param weights the weights on the device, as {@link #packed} arranges them, or {@link TensorWeights} for tensor cores
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
                partials(shape, algorithm) > 0 ? new Argument.Scratch() : new Argument.Unused());
        StepInfo info = new StepInfo(
                step.info().name(),
                algorithm.toString(),
                step.info().multiplyAccumulates(),
                step.info().bytes());
        ProgramSource source = source(shape, algorithm, options);
        return switch (algorithm) {
            case Algorithm.Product(Tiling tile, int split) -> {
                List<Launch> launches = new ArrayList<>();
                long[] grid = {
                    (long) Math.ceilDiv(shape.rows(), tile.rows()) * tile.threads(),
                    Math.ceilDiv(shape.columns(), tile.columns()),
                    (long) shape.groups() * split
                };
                launches.add(
                        new Launch(info, source, tile.kernel(), arguments, grid, new long[] {tile.threads(), 1, 1}));
                if (split > 1) {
                    StepInfo sum =
                            new StepInfo(info.name(), "sum of parts", 0, partials(shape, algorithm) * Float.BYTES);
                    launches.add(new Launch(
                            sum, source, "convolution_sum", arguments, new long[] {padded(shape)}, new long[] {GROUP}));
                }
                yield launches;
            }
            case Algorithm.Vector() ->
                List.of(new Launch(
                        info,
                        source,
                        "convolution_vector",
                        arguments,
                        new long[] {
                            (long) Math.ceilDiv(shape.outChannels(), KernelChoice.VECTOR_COLUMNS)
                                    * KernelChoice.VECTOR_COLUMNS,
                            KernelChoice.VECTOR_SLICES
                        },
                        new long[] {KernelChoice.VECTOR_COLUMNS, KernelChoice.VECTOR_SLICES}));
            case Algorithm.Direct() ->
                List.of(new Launch(
                        info, source, "convolution_direct", arguments, new long[] {padded(shape)}, new long[] {GROUP}));
        };
    }

    private static long padded(ConvolutionShape shape) {
        return Math.ceilDiv((long) shape.rows() * shape.outChannels(), (long) GROUP) * GROUP;
    }

    private static ProgramSource source(ConvolutionShape shape, Algorithm algorithm, String options) {
        String own = switch (algorithm) {
            case Algorithm.Product(Tiling tile, int split) -> tile.options() + " -DSPLIT=" + split;
            case Algorithm.Vector() ->
                String.format(
                        Locale.ROOT,
                        "-DVECTOR_COLUMNS=%d -DVECTOR_SLICES=%d",
                        KernelChoice.VECTOR_COLUMNS,
                        KernelChoice.VECTOR_SLICES);
            case Algorithm.Direct() -> "-DDIRECT";
        };
        return new ProgramSource(Sources.STORAGE + Sources.CONVOLUTION, options + " " + shape.options() + " " + own);
    }

    /** Floats that a session needs for partial sums. */
    static long partials(ConvolutionShape shape, Algorithm algorithm) {
        return algorithm instanceof Algorithm.Product(Tiling _, int split) && split > 1
                ? (long) split * shape.rows() * shape.outChannels()
                : 0;
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
