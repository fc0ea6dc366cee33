package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.Engine;
import dev.sardonyx.runtime.Execution;
import dev.sardonyx.runtime.LoadOptions;
import dev.sardonyx.runtime.SessionOptions;
import dev.sardonyx.runtime.kernels.StepInfo;
import dev.sardonyx.runtime.kernels.WeightReader;
import dev.sardonyx.runtime.opencl.KernelChoice.Algorithm;
import dev.sardonyx.runtime.opencl.Launch.Argument;
import java.io.FileNotFoundException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jocl.CLException;

/** A network on an OpenCL device: its programs and weights, which all sessions share. */
public final class OpenClEngine implements Engine {

    private final Context context;
    private final Network network;
    private final Precision precision;
    private final Uploads uploads;
    private final List<Launch> launches;
    private final Scratch scratch;

    private OpenClEngine(
            Context context,
            Network network,
            Precision precision,
            Uploads uploads,
            List<Launch> launches,
            Scratch scratch) {
        this.context = context;
        this.uploads = uploads;
        this.network = network;
        this.precision = precision;
        this.launches = List.copyOf(launches);
        this.scratch = scratch;
    }

    /**
     * Loads a network onto a device: builds its programs, and uploads its weights.
     *
     * @param anchor the generated class beside which the resources lie
     * @param weights name of the weights
     * @param crc CRC-32 of the weights, which a jar's stored entry does not check by itself
     * @param source name of the network's own OpenCL C source
     * @throws dev.sardonyx.runtime.UnsupportedMachineException if there is no such device, or it cannot run the network
     */
    public static OpenClEngine load(
            Class<?> anchor, String weights, long crc, String source, Network network, LoadOptions options) {
        Devices.Handle device = Devices.choose(options.device());
        Precision precision = TensorCores.supported(device, network.precision());
        try (WeightReader reader = new WeightReader(open(anchor, weights))) {
            TuningFile known = new TuningFile(device.device(), precision);
            if (options.tuning() != LoadOptions.Tuning.NONE) {
                new Tuner(device, precision, options.tuning(), options.progress())
                        .tune(shapes(network, anchor, weights), known);
            }
            KernelChoice choice = new KernelChoice(device.device(), precision);
            TunedDefaults shipped = TunedDefaults.shipped(device.device(), precision);
            OpenClEngine engine = load(
                    device,
                    Sources.read(anchor, source),
                    network,
                    precision,
                    reader,
                    shape -> known.find(shape, choice)
                            .or(() -> shipped.find(shape).filter(found -> choice.isPossible(shape, found)))
                            .orElseGet(() -> choice.algorithm(shape)));
            try {
                reader.requireWhole(crc);
            } catch (UncheckedIOException e) {
                engine.close();
                throw e;
            }
            return engine;
        }
    }

    private static Set<ConvolutionShape> shapes(Network network, Class<?> anchor, String weights) {
        Set<ConvolutionShape> shapes = new LinkedHashSet<>();
        try (WeightReader reader = new WeightReader(open(anchor, weights))) {
            network.forEachStep(reader, step -> {
                if (step instanceof Step.Convolution convolution) {
                    shapes.add(convolution.shape());
                }
            });
        }
        return shapes;
    }

    private static InputStream open(Class<?> anchor, String weights) {
        InputStream stream = anchor.getResourceAsStream(weights);
        if (stream == null) {
            throw new UncheckedIOException(new FileNotFoundException("the jar lacks its weights, " + weights));
        }
        return stream;
    }

    /** As {@link #load(Class, String, long, String, Network, LoadOptions)}, with another choice of algorithms. */
    static OpenClEngine load(
            Devices.Handle device,
            String source,
            Network network,
            WeightReader reader,
            Function<ConvolutionShape, Algorithm> choice) {
        return load(device, source, network, network.precision(), reader, choice);
    }

    /** @param precision the network's, or another that stores equally */
    private static OpenClEngine load(
            Devices.Handle device,
            String source,
            Network network,
            Precision precision,
            WeightReader reader,
            Function<ConvolutionShape, Algorithm> choice) {
        Context context = new Context(device, network.batch());
        try {
            return new Loading(context, choice, source, precision).load(network, reader);
        } catch (CLException e) {
            context.close();
            throw context.failure(e);
        } catch (Throwable e) {
            context.close();
            throw e;
        }
    }

    /** Turns steps into launches. */
    private static final class Loading {

        private final Context context;
        private final Function<ConvolutionShape, Algorithm> choice;
        private final Precision precision;
        private final String options;
        private final ProgramSource own;
        private final Uploads uploads;
        private final List<Launch> launches = new ArrayList<>();
        private final Map<ConvolutionShape, Algorithm> algorithms = new HashMap<>();
        private Scratch scratch = Scratch.NONE;

        Loading(Context context, Function<ConvolutionShape, Algorithm> choice, String source, Precision precision) {
            this.context = context;
            this.choice = choice;
            this.precision = precision;
            options = ProgramSource.options(context.device(), precision);
            own = new ProgramSource(Sources.STORAGE + source, options);
            uploads = new Uploads(context, precision);
        }

        OpenClEngine load(Network network, WeightReader reader) {
            try {
                network.forEachStep(reader, this::add);
                context.build(launches.stream().map(Launch::source).toList());
                return new OpenClEngine(context, network, precision, uploads, launches, scratch);
            } catch (Throwable e) {
                uploads.close();
                throw e;
            }
        }

        private void add(Step step) {
            switch (step) {
                case Step.Convolution convolution -> add(convolution);
                case Step.Generated generated -> add(generated);
            }
        }

        private void add(Step.Convolution step) {
            Algorithm algorithm = algorithms.computeIfAbsent(step.shape(), choice);
            Argument weights = uploads.weights(step.shape(), algorithm, step.weights());
            Argument bias = step.shape().bias() ? uploads.floats(step.bias()) : new Argument.Unused();
            launches.addAll(Convolutions.launches(step, algorithm, weights, bias, options));
            scratch = scratch.max(Convolutions.scratch(step.shape(), algorithm));
        }

        private void add(Step.Generated step) {
            StepInfo info = step.info();
            List<Argument> arguments = step.arguments().stream()
                    .map(argument -> switch (argument) {
                        case Step.Argument.Slot(int index) -> (Argument) new Argument.Slot(index);
                        case Step.Argument.Values(float[] values) -> uploads.floats(values);
                    })
                    .toList();
            launches.add(new Launch(
                    info, own, step.kernel(), arguments, new long[] {step.workItems()}, new long[] {step.groupSize()}));
        }
    }

    @Override
    public String description() {
        return "OpenCL, " + context.device().name()
                + (precision == Precision.FP32 ? "" : ", " + precision.id())
                + (precision.usesTensorCores() && TensorCores.emulated() ? " emulated" : "");
    }

    @Override
    public String target() {
        return "opencl";
    }

    @Override
    public Execution newExecution(SessionOptions options) {
        return new OpenClExecution(context, network, launches, scratch, options);
    }

    /** Releases programs, weights and the device; the sessions must be closed before. */
    @Override
    public void close() {
        uploads.close();
        context.close();
    }
}
