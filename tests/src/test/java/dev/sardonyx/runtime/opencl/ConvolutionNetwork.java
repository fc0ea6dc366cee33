package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.Execution;
import dev.sardonyx.runtime.SessionOptions;
import dev.sardonyx.runtime.kernels.StepInfo;
import dev.sardonyx.runtime.kernels.WeightReader;
import dev.sardonyx.runtime.opencl.KernelChoice.Algorithm;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Convolutions side by side, to try their kernels with: one network, for PoCL reads some megabytes for each that is opened. Inputs: of
 * each convolution the image and the residual, pixel by pixel, as float32; outputs: the images, likewise. They are copied to and from
 * slots that are stored as the precision says.
 */
record ConvolutionNetwork(Precision precision, List<Convolution> convolutions) implements Network {

    /**
     * The copies' source. They are launched one work-item a work-group, and so need no size that would have them built for each
     * convolution anew.
     */
    private static final String SOURCE = """
        __kernel void take(__global storage *restrict y, __global const float *restrict x) {
            STORE(x[get_global_id(0)], y, get_global_id(0));
        }

        __kernel void give(__global float *restrict y, __global const storage *restrict x) {
            y[get_global_id(0)] = LOAD(x, get_global_id(0));
        }
        """;

    /**
     * A convolution and what it is given.
     *
     * @param weights [outChannels, inChannels/groups, kernelHeight, kernelWidth]
     * @param bias [outChannels], or empty where the shape has none
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Convolution(ConvolutionShape shape, float[] x, float[] residual, float[] weights, float[] bias) {

        /** Elements of the input image. */
        static int imageSize(ConvolutionShape shape) {
            return shape.batch() * shape.inHeight() * shape.inWidth() * shape.inChannels();
        }

        /** Elements of the output image, and of the residual. */
        static int outputSize(ConvolutionShape shape) {
            return shape.rows() * shape.outChannels();
        }
    }

    /** What comes out of each convolution on a device. */
    float[][] run(Devices.Handle device, Map<ConvolutionShape, Algorithm> algorithms) {
        float[][] in = convolutions.stream()
                .flatMap(convolution -> List.of(convolution.x(), convolution.residual()).stream())
                .toArray(float[][]::new);
        float[][] out = convolutions.stream()
                .map(convolution -> new float[Convolution.outputSize(convolution.shape())])
                .toArray(float[][]::new);
        try (OpenClEngine engine = OpenClEngine.load(
                        device,
                        SOURCE,
                        this,
                        new WeightReader(InputStream.nullInputStream()),
                        shape -> Objects.requireNonNull(algorithms.get(shape)));
                Execution execution = engine.newExecution(SessionOptions.defaults())) {
            execution.run(in, out);
        }
        return out;
    }

    @Override
    public int inputs() {
        return 2 * convolutions.size();
    }

    @Override
    public int outputs() {
        return convolutions.size();
    }

    @Override
    public int batch() {
        return 1;
    }

    @Override
    public int[] slotSizes() {
        int count = convolutions.size();
        int[] sizes = new int[6 * count];
        for (int i = 0; i < count; i++) {
            int image = Convolution.imageSize(convolutions.get(i).shape());
            int output = Convolution.outputSize(convolutions.get(i).shape());
            sizes[2 * i] = image;
            sizes[2 * i + 1] = output;
            sizes[2 * count + i] = output;
            sizes[3 * count + 3 * i] = image;
            sizes[3 * count + 3 * i + 1] = output;
            sizes[3 * count + 3 * i + 2] = output;
        }
        return sizes;
    }

    @Override
    public void forEachStep(WeightReader unused, Consumer<Step> consumer) {
        int[] sizes = slotSizes();
        for (int i = 0; i < convolutions.size(); i++) {
            Convolution convolution = convolutions.get(i);
            ConvolutionShape shape = convolution.shape();
            int stored = 3 * convolutions.size() + 3 * i;
            consumer.accept(copy("take", 2 * i, stored, sizes));
            consumer.accept(copy("take", 2 * i + 1, stored + 1, sizes));
            StepInfo info = new StepInfo("convolution", "", shape.multiplyAccumulates(), 0);
            consumer.accept(new Step.Convolution(
                    info,
                    shape,
                    stored,
                    shape.residual() ? stored + 1 : -1,
                    stored + 2,
                    convolution.weights(),
                    convolution.bias()));
            consumer.accept(copy("give", stored + 2, 2 * convolutions.size() + i, sizes));
        }
    }

    private static Step copy(String kernel, int from, int to, int[] sizes) {
        return new Step.Generated(
                new StepInfo(kernel, "", 0, 0),
                kernel,
                List.of(Step.Argument.slot(to), Step.Argument.slot(from)),
                sizes[to],
                1);
    }
}
