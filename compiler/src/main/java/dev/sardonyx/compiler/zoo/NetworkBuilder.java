package dev.sardonyx.compiler.zoo;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;

import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.onnx.Attributes;
import dev.sardonyx.compiler.onnx.OnnxWriter;
import dev.sardonyx.compiler.onnx.OnnxWriter.Node;
import dev.sardonyx.runtime.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Adds layers to an ONNX model, each with weights drawn for it. Names follow PyTorch's exporter: the module
 * {@code layer1.0.conv1} has the initializer {@code layer1.0.conv1.weight} and the node {@code /layer1/0/conv1/Conv}.
 */
final class NetworkBuilder {
    private static final String INPUT = "input";
    private static final String OUTPUT = "logits";
    private static final float EPSILON = 1e-5f;

    /**
     * How much of a channel's mean batch normalisation takes away. With 0, deep plain networks answer the same to every image;
     * with 1, deep networks exaggerate, layer by layer, whatever an image has that the estimates do not: logits in the
     * thousands, and rounding errors with them.
     */
    private static final double CENTRING = 0.1;

    /**
     * A value of the network: a feature map [N, channels, size, size], or a vector [N, channels].
     *
     * @param name the ONNX value
     * @param size height and width; 1 for a vector
     * @param moments statistics of each channel
     */
    record Feature(String name, int size, Moments moments) {
        int channels() {
            return moments.channels();
        }
    }

    private final OnnxWriter model;
    private final long seed;
    private final String batch;
    private long parameters;

    NetworkBuilder(String name, long seed, OptionalInt batch) {
        this.model = new OnnxWriter(name).producer("sardonyx", "");
        this.seed = seed;
        this.batch = batch.isPresent() ? Integer.toString(batch.getAsInt()) : "batch";
    }

    Feature input(int channels, int size) {
        String pixels = Integer.toString(size);
        model.input(INPUT, ElementType.FLOAT32, batch, Integer.toString(channels), pixels, pixels);
        return new Feature(INPUT, size, Moments.standardNormal(channels));
    }

    /**
     * A convolution that pads by half its kernel, He-normal weights times {@code gain}.
     * Source: He et al., Delving Deep into Rectifiers, 2015.
     */
    Feature conv(String module, Feature x, int channels, int kernel, int stride, boolean bias, double gain) {
        int pad = kernel / 2;
        int fanIn = x.channels() * kernel * kernel;
        float[] weights = normal(module + ".weight", (long) channels * fanIn, gain * Math.sqrt(2.0 / fanIn));
        float[] biases = bias ? normal(module + ".bias", channels, 0.1) : new float[channels];
        var inputs = new ArrayList<>(List.of(x.name()));
        inputs.add(model.initializer(
                module + ".weight", Tensor.of(Shape.of(channels, x.channels(), kernel, kernel), weights)));
        if (bias) {
            inputs.add(vector(module + ".bias", biases));
        }
        String y = node(
                module,
                "Conv",
                inputs,
                attrs().ints("dilations", 1, 1)
                        .i("group", 1)
                        .ints("kernel_shape", kernel, kernel)
                        .ints("pads", pad, pad, pad, pad)
                        .ints("strides", stride, stride));
        int size = (x.size() + 2 * pad - kernel) / stride + 1;
        return new Feature(y, size, weighted(x.moments(), weights, kernel * kernel, biases));
    }

    /**
     * Batch normalisation whose statistics fit its input but differ per channel, as training leaves them; one scale in eight is
     * negative. The variances come from the mean square of the whole layer: a channel's own would magnify those with little to tell.
     *
     * @param gain scales what comes out: below 1 at the end of a residual branch, so that sums of many stay in range
     */
    Feature batchNorm(String module, Feature x, double gain) {
        int channels = x.channels();
        Moments in = x.moments();
        var scales = draws(module + ".weight");
        var shifts = draws(module + ".bias");
        var means = draws(module + ".running_mean");
        var variances = draws(module + ".running_var");
        var scale = new float[channels];
        var shift = new float[channels];
        var mean = new float[channels];
        var variance = new float[channels];
        double power = in.meanSquare();
        for (int c = 0; c < channels; c++) {
            double sign = scales.uniform(0, 1) < 0.125 ? -1 : 1;
            scale[c] = (float) (sign * gain * scales.uniform(0.5, 1.5));
            shift[c] = (float) (gain * 0.2 * shifts.normal());
            mean[c] = (float) (CENTRING * in.mean()[c] + 0.3 * Math.sqrt(power) * means.normal());
            variance[c] = (float) (power * variances.uniform(0.6, 1.6) + 1e-6);
        }
        String y = node(
                module,
                "BatchNormalization",
                List.of(
                        x.name(),
                        vector(module + ".weight", scale),
                        vector(module + ".bias", shift),
                        vector(module + ".running_mean", mean),
                        vector(module + ".running_var", variance)),
                attrs().f("epsilon", EPSILON).f("momentum", 0.9f).i("training_mode", 0));
        return new Feature(
                y,
                x.size(),
                Moments.of(
                        channels,
                        c -> shift[c] + scale[c] * (in.mean()[c] - mean[c]) / Math.sqrt(variance[c] + EPSILON),
                        c -> scale[c] * scale[c] * in.variance()[c] / (variance[c] + EPSILON)));
    }

    Feature relu(String module, Feature x) {
        String y = node(module, "Relu", List.of(x.name()), attrs());
        return new Feature(y, x.size(), x.moments().rectified());
    }

    Feature maxPool(String module, Feature x, int kernel, int stride, int pad) {
        String y = node(
                module,
                "MaxPool",
                List.of(x.name()),
                attrs().i("ceil_mode", 0)
                        .ints("dilations", 1, 1)
                        .ints("kernel_shape", kernel, kernel)
                        .ints("pads", pad, pad, pad, pad)
                        .ints("strides", stride, stride));
        return new Feature(
                y, (x.size() + 2 * pad - kernel) / stride + 1, x.moments().maximum(kernel * kernel));
    }

    Feature add(String module, Feature a, Feature b) {
        String y = node(module, "Add", List.of(a.name(), b.name()), attrs());
        return new Feature(y, a.size(), a.moments().plus(b.moments()));
    }

    /** Every {@code stride}-th pixel, and zero channels around the old ones: shortcut A. */
    Feature subsampleAndPad(String module, Feature x, int channels, int stride) {
        String y = x.name();
        if (stride > 1) {
            y = node(
                    module,
                    "Slice",
                    List.of(
                            y,
                            integers(module + ".starts", 0, 0),
                            integers(module + ".ends", Long.MAX_VALUE, Long.MAX_VALUE),
                            integers(module + ".axes", 2, 3),
                            integers(module + ".steps", stride, stride)),
                    attrs());
        }
        int before = (channels - x.channels()) / 2;
        int after = channels - x.channels() - before;
        y = node(
                module,
                "Pad",
                List.of(y, integers(module + ".pads", 0, before, 0, 0, 0, after, 0, 0)),
                attrs().s("mode", "constant"));
        int size = (x.size() + stride - 1) / stride;
        return new Feature(y, size, x.moments().padded(before, channels));
    }

    /** Mean over all positions, as a vector. */
    Feature globalAveragePool(String module, Feature x) {
        String mean = node(module, "GlobalAveragePool", List.of(x.name()), attrs());
        return flatten(new Feature(mean, 1, x.moments().averaged(x.size() * x.size())));
    }

    Feature flatten(Feature x) {
        String y = node("", "Flatten", List.of(x.name()), attrs().i("axis", 1));
        return new Feature(y, 1, x.moments().repeated(x.size() * x.size()));
    }

    /** A fully connected layer with He-normal weights. */
    Feature linear(String module, Feature x, int features) {
        float[] weights = normal(module + ".weight", (long) features * x.channels(), Math.sqrt(2.0 / x.channels()));
        float[] biases = normal(module + ".bias", features, 0.1);
        String y = gemm(module, x, weights, biases, nodeName(module, "Gemm") + "_output_0");
        return new Feature(y, 1, weighted(x.moments(), weights, 1, biases));
    }

    /**
     * The last layer. Its bias takes away the mean and its weights make up for the averaging before it, so that the logits are
     * a few units large and tell images apart.
     */
    OnnxWriter logits(String module, Feature x, int classes) {
        int inputs = x.channels();
        double variance = 1e-3 * inputs;
        for (double channel : x.moments().variance()) {
            variance += channel;
        }
        float[] weights = normal(module + ".weight", (long) classes * inputs, 0.5 / Math.sqrt(variance));
        float[] biases = normal(module + ".bias", classes, 0.1);
        double[] means = weighted(x.moments(), weights, 1, new float[classes]).mean();
        for (int i = 0; i < classes; i++) {
            biases[i] -= (float) means[i];
        }
        gemm(module, x, weights, biases, OUTPUT);
        return model.output(OUTPUT, ElementType.FLOAT32, batch, Integer.toString(classes));
    }

    private String gemm(String module, Feature x, float[] weights, float[] biases, String output) {
        model.node(new Node(
                "",
                "Gemm",
                nodeName(module, "Gemm"),
                List.of(
                        x.name(),
                        model.initializer(
                                module + ".weight", Tensor.of(Shape.of(biases.length, x.channels()), weights)),
                        vector(module + ".bias", biases)),
                List.of(output),
                attrs().f("alpha", 1).f("beta", 1).i("transB", 1)));
        return output;
    }

    /** Adds a node with one output, named as PyTorch's exporter does; returns the output. */
    private String node(String module, String op, List<String> inputs, Attributes attributes) {
        String name = nodeName(module, op);
        String output = name + "_output_0";
        model.node(new Node("", op, name, inputs, List.of(output), attributes));
        return output;
    }

    private static String nodeName(String module, String op) {
        return "/" + module.replace('.', '/') + (module.isEmpty() ? "" : "/") + op;
    }

    private String vector(String name, float[] values) {
        return model.initializer(name, Tensor.of(Shape.of(values.length), values));
    }

    private String integers(String name, long... values) {
        return model.initializer(name, Tensor.of(Shape.of(values.length), values));
    }

    private WeightStream draws(String tensor) {
        return new WeightStream(seed, tensor);
    }

    private float[] normal(String tensor, long count, double deviation) {
        reserve(count);
        var values = new float[(int) count];
        WeightStream draws = draws(tensor);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * draws.normal());
        }
        return values;
    }

    /** Refuses what no file or this JVM's heap holds, before memory is taken for it. */
    private void reserve(long count) {
        parameters += count;
        long limit = Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 4 * 3);
        if (parameters > limit / Float.BYTES) {
            throw new IllegalArgumentException("the weights would take more than " + (limit >> 20)
                    + " MB, which is the most that "
                    + (limit == Integer.MAX_VALUE ? "an ONNX file holds" : "the Java heap has room for (see -Xmx)"));
        }
    }

    /** What a layer of these weights, laid out [outputs][channels][window], makes of its input's moments. */
    private static Moments weighted(Moments in, float[] weights, int window, float[] biases) {
        Moments out = Moments.of(biases.length, o -> biases[o], o -> 0);
        int index = 0;
        for (int o = 0; o < biases.length; o++) {
            for (int c = 0; c < in.channels(); c++) {
                double sum = 0;
                double squares = 0;
                for (int end = index + window; index < end; index++) {
                    sum += weights[index];
                    squares += (double) weights[index] * weights[index];
                }
                out.mean()[o] += sum * in.mean()[c];
                out.variance()[o] += squares * in.variance()[c];
            }
        }
        return out;
    }
}
