package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.Execution;
import dev.sardonyx.runtime.SessionOptions;
import dev.sardonyx.runtime.kernels.WeightReader;
import dev.sardonyx.runtime.opencl.ConvolutionShape.Activation;
import dev.sardonyx.runtime.opencl.KernelChoice.Algorithm;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Runs every algorithm for convolutions on shapes at its edges. Says {@code ok NAME} or {@code FAILED NAME: REASON}, a line for
 * each case. Sums that a kernel forms in order must equal Java's to the bit.
 */
public final class ConvolutionCheck {

    private ConvolutionCheck() {}

    private record Case(String name, ConvolutionShape shape, Algorithm algorithm) {}

    /** Runs all cases in the precision that {@code args} name. */
    public static void main(String[] args) {
        Precision precision = Precision.named(args[0]).orElseThrow();
        Devices.Handle device = Devices.choose(Optional.empty());
        int failures = 0;
        for (Case c : cases()) {
            String problem = run(device, precision, c);
            System.out.println(problem.isEmpty() ? "ok " + c.name() : "FAILED " + c.name() + ": " + problem);
            failures += problem.isEmpty() ? 0 : 1;
        }
        if (Boolean.getBoolean("sardonyx.opencl.synchronous") && joclHasWaited()) {
            System.out.println("FAILED JOCL waits in a thread of its own, which oclgrind does not survive each time");
            failures++;
        }
        System.exit(failures == 0 ? 0 : 1);
    }

    /** Its threads live on for some seconds. */
    private static boolean joclHasWaited() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("AsyncOpThread"));
    }

    private static List<Case> cases() {
        Algorithm small = new Algorithm.Product(new Tile(16, 16, 8, 4, 4), 1);
        Algorithm medium = new Algorithm.Product(new Tile(32, 32, 16, 4, 4), 1);
        Algorithm wide = new Algorithm.Product(new Tile(32, 64, 16, 8, 4), 1);
        Algorithm split = new Algorithm.Product(new Tile(16, 16, 8, 4, 4), 3);
        Algorithm vector = new Algorithm.Vector();
        Algorithm direct = new Algorithm.Direct();
        Activation none = Activation.of(Activation.Kind.NONE);
        Activation relu = Activation.of(Activation.Kind.RELU);
        return List.of(
                // batch, height, width, in, out, kernel h w, stride, dilation, pad, groups
                of("3x3, whole tiles", small, relu, true, true, 1, 4, 4, 16, 16, 3, 3, 1, 1, 1, 1),
                of("3x3, ragged", small, relu, true, true, 2, 5, 3, 8, 20, 3, 3, 1, 1, 1, 1),
                of("odd channels", small, none, false, false, 1, 5, 5, 3, 7, 3, 3, 2, 1, 1, 1),
                of("7x7 stem", medium, relu, true, false, 1, 13, 13, 3, 16, 7, 7, 2, 1, 3, 1),
                of("1x1", medium, Activation.clip(-0.5f, 1.5f), true, true, 3, 5, 7, 20, 36, 1, 1, 1, 1, 0, 1),
                of("1x1, stride 2", small, relu, true, false, 1, 7, 7, 12, 24, 1, 1, 2, 1, 0, 1),
                of("dilation", small, Activation.leaky(0.25f), true, false, 1, 9, 8, 4, 4, 3, 3, 1, 2, 2, 1),
                of("groups", small, none, true, true, 1, 4, 5, 16, 24, 3, 3, 1, 1, 1, 2),
                of("odd groups", small, relu, true, false, 2, 4, 4, 9, 15, 3, 2, 1, 1, 1, 3),
                of("8x4 a work-item", wide, relu, true, true, 1, 6, 6, 32, 64, 3, 3, 1, 1, 1, 1),
                of("one pixel", small, none, true, false, 1, 1, 1, 5, 1, 1, 1, 1, 1, 0, 1),
                of("split", split, relu, true, true, 1, 4, 4, 16, 20, 3, 3, 1, 1, 1, 1),
                of("split with groups", split, none, true, false, 1, 3, 3, 20, 12, 3, 3, 1, 1, 1, 4),
                of("vector", vector, none, true, false, 1, 1, 1, 70, 40, 1, 1, 1, 1, 0, 1),
                of("vector, three rows", vector, relu, true, true, 3, 1, 1, 33, 31, 1, 1, 1, 1, 0, 1),
                of("depthwise", direct, relu, true, true, 2, 6, 5, 12, 12, 3, 3, 1, 1, 1, 12),
                of("depthwise, doubled", direct, Activation.clip(0, 6), true, false, 1, 6, 5, 6, 12, 3, 3, 2, 1, 1, 6));
    }

    private static Case of(
            String name,
            Algorithm algorithm,
            Activation activation,
            boolean bias,
            boolean residual,
            int batch,
            int height,
            int width,
            int in,
            int out,
            int kernelHeight,
            int kernelWidth,
            int stride,
            int dilation,
            int pad,
            int groups) {
        int outHeight = (height + 2 * pad - (kernelHeight - 1) * dilation - 1) / stride + 1;
        int outWidth = (width + 2 * pad - (kernelWidth - 1) * dilation - 1) / stride + 1;
        ConvolutionShape shape = new ConvolutionShape(
                batch,
                height,
                width,
                in,
                outHeight,
                outWidth,
                out,
                kernelHeight,
                kernelWidth,
                stride,
                stride,
                dilation,
                dilation,
                pad,
                pad,
                groups,
                bias,
                residual,
                activation);
        return new Case(name + ", " + algorithm, shape, algorithm);
    }

    private static String run(Devices.Handle device, Precision precision, Case c) {
        ConvolutionShape shape = c.shape();
        Random random = new Random(7);
        float[] weights = random(random, shape.outChannels() * shape.depth());
        float[] bias = random(random, shape.bias() ? shape.outChannels() : 0);
        ConvolutionNetwork network = new ConvolutionNetwork(shape, precision, weights, bias);
        float[] x = random(random, network.imageSize());
        float[] residual = random(random, network.outputSize());
        float[] actual = new float[network.outputSize()];
        try (OpenClEngine engine = OpenClEngine.load(
                        device,
                        network.source(),
                        network,
                        new WeightReader(InputStream.nullInputStream()),
                        _ -> c.algorithm());
                Execution execution = engine.newExecution(SessionOptions.defaults())) {
            execution.run(new float[][] {x, residual}, new float[][] {actual});
        }
        boolean inOrder = !(c.algorithm() instanceof Algorithm.Vector)
                && !(c.algorithm() instanceof Algorithm.Product(Tile _, int split) && split > 1);
        // Reordered float32 sums of some hundred products: a few units in the last place of the scale. In half: its
        // last bit, for
        // what is read is rounded beforehand.
        float allowed = precision == Precision.FP16_STORAGE ? 0x1p-10f : inOrder ? 0 : 1e-6f;
        float[] expected =
                reference(shape, stored(precision, x), stored(precision, residual), stored(precision, weights), bias);
        return compare(expected, actual, allowed);
    }

    private static float[] stored(Precision precision, float[] values) {
        float[] stored = values.clone();
        for (int i = 0; precision == Precision.FP16_STORAGE && i < stored.length; i++) {
            stored[i] = Float.float16ToFloat(Float.floatToFloat16(stored[i]));
        }
        return stored;
    }

    private static float[] random(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** The sum in the kernels' order, by fma, over images stored pixel by pixel. */
    private static float[] reference(ConvolutionShape s, float[] x, float[] residual, float[] weights, float[] bias) {
        float[] y = new float[s.rows() * s.outChannels()];
        int channels = s.groupInChannels();
        for (int at = 0; at < y.length; at++) {
            int filter = at % s.outChannels();
            int column = at / s.outChannels() % s.outWidth();
            int row = at / s.outChannels() / s.outWidth() % s.outHeight();
            int image = at / s.outChannels() / s.outWidth() / s.outHeight();
            float sum = 0;
            for (int kh = 0; kh < s.kernelHeight(); kh++) {
                for (int kw = 0; kw < s.kernelWidth(); kw++) {
                    int inRow = row * s.strideHeight() - s.padTop() + kh * s.dilationHeight();
                    int inColumn = column * s.strideWidth() - s.padLeft() + kw * s.dilationWidth();
                    if (inRow < 0 || inRow >= s.inHeight() || inColumn < 0 || inColumn >= s.inWidth()) {
                        continue;
                    }
                    for (int c = 0; c < channels; c++) {
                        int channel = filter / s.columns() * channels + c;
                        float value =
                                x[((image * s.inHeight() + inRow) * s.inWidth() + inColumn) * s.inChannels() + channel];
                        int tap = kh * s.kernelWidth() + kw;
                        float weight = weights[(filter * channels + c) * s.kernelHeight() * s.kernelWidth() + tap];
                        sum = Math.fma(value, weight, sum);
                    }
                }
            }
            sum += s.bias() ? bias[filter] : 0;
            sum += s.residual() ? residual[at] : 0;
            y[at] = activate(s.activation(), sum);
        }
        return y;
    }

    private static float activate(Activation activation, float x) {
        return switch (activation.kind()) {
            case NONE -> x;
            case RELU -> Math.max(x, 0);
            case CLIP -> Math.min(Math.max(x, activation.low()), activation.high());
            case LEAKY -> x < 0 ? x * activation.slope() : x;
        };
    }

    private static String compare(float[] expected, float[] actual, float tolerance) {
        float scale = 0;
        for (float value : expected) {
            scale = Math.max(scale, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(expected[i] - actual[i]) <= tolerance * scale)) {
                return "element " + i + " is " + actual[i] + ", not " + expected[i];
            }
        }
        return "";
    }
}
