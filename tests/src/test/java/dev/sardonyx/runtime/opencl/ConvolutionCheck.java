package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.opencl.ConvolutionNetwork.Convolution;
import dev.sardonyx.runtime.opencl.ConvolutionShape.Activation;
import dev.sardonyx.runtime.opencl.KernelChoice.Algorithm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Runs every algorithm for convolutions on shapes at its edges. Says {@code ok NAME} or {@code FAILED NAME: REASON}, a line for
 * each case. Sums that a kernel forms in order must equal Java's to the bit.
 */
public final class ConvolutionCheck {

    private ConvolutionCheck() {}

    private record Case(String name, ConvolutionShape shape, Algorithm algorithm) {}

    /** Runs all cases in the precision that {@code args} name, on emulated tensor cores if a second word is there. */
    public static void main(String[] args) {
        Precision precision = Precision.named(args[0]).orElseThrow();
        if (args.length > 1) {
            System.setProperty("sardonyx.opencl.emulate", "true");
        }
        Devices.Handle device = Devices.choose(Optional.empty());
        if (TensorCores.supported(device, precision) != precision) { // and has said so
            System.exit(TensorCores.emulated() ? 1 : 0);
        }
        boolean good = true;
        List<Case> cases = new ArrayList<>(cases(precision.usesTensorCores()));
        if (precision == Precision.FP32 || precision == Precision.TF32X3) {
            cases.addAll(winograd(precision.usesTensorCores()));
        }
        List<String> problems = run(
                device,
                precision,
                cases,
                cases.stream().map(c -> values(c.shape())).toList());
        for (int i = 0; i < cases.size(); i++) {
            good &= report(cases.get(i).name(), problems.get(i));
        }
        if (precision == Precision.FP32) {
            good &= report("tiles that are more than a buffer takes", littleBuffers(device));
        }
        if (precision.usesTensorCores()) {
            good &= report("every place of a fragment", fragments(device, precision));
        }
        if (BoundLaunches.isSynchronous()) {
            good &= report("no wait of JOCL's", joclHasWaited() ? "oclgrind does not survive each" : "");
        }
        System.exit(good ? 0 : 1);
    }

    private static boolean report(String name, String problem) {
        System.out.println(problem.isEmpty() ? "ok " + name : "FAILED " + name + ": " + problem);
        return problem.isEmpty();
    }

    /** Its threads live on for some seconds. */
    private static boolean joclHasWaited() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("AsyncOpThread"));
    }

    private static List<Case> cases(boolean tensor) {
        Tiling smallTile = tensor ? new WarpTile(16, 16, 8, 16, 16) : new Tile(16, 16, 8, 4, 4);
        Algorithm small = new Algorithm.Product(smallTile, 1);
        Algorithm medium =
                new Algorithm.Product(tensor ? new WarpTile(32, 32, 16, 16, 16) : new Tile(32, 32, 16, 4, 4), 1);
        Algorithm wide =
                new Algorithm.Product(tensor ? new WarpTile(64, 32, 16, 32, 16) : new Tile(32, 64, 16, 8, 4), 1);
        Algorithm split = new Algorithm.Product(smallTile, 3);
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
                of("more than one block", wide, relu, true, true, 1, 6, 6, 16, 64, 3, 3, 1, 1, 1, 1),
                of("one pixel", small, none, true, false, 1, 1, 1, 5, 1, 1, 1, 1, 1, 0, 1),
                of("split", split, relu, true, true, 1, 4, 4, 16, 20, 3, 3, 1, 1, 1, 1),
                of("split with groups", split, none, true, false, 1, 3, 3, 20, 12, 3, 3, 1, 1, 1, 4),
                of("vector", vector, none, true, false, 1, 1, 1, 70, 40, 1, 1, 1, 1, 0, 1),
                of("vector, three rows", vector, relu, true, true, 3, 1, 1, 33, 31, 1, 1, 1, 1, 0, 1),
                of("depthwise", direct, relu, true, true, 2, 6, 5, 12, 12, 3, 3, 1, 1, 1, 12),
                of("depthwise, doubled", direct, Activation.clip(0, 6), true, false, 1, 6, 5, 6, 12, 3, 3, 2, 1, 1, 6));
    }

    /** Both sizes of tiles, images that they do not fill, padding on some sides, odd channels, every end of the kernels. */
    private static List<Case> winograd(boolean tensor) {
        Tiling small = tensor ? new WarpTile(16, 16, 8, 16, 16) : new Tile(16, 16, 8, 4, 4);
        Algorithm.Winograd two = new Algorithm.Winograd(2, small, 1);
        Algorithm.Winograd four = new Algorithm.Winograd(4, small, 1);
        Activation none = Activation.of(Activation.Kind.NONE);
        Activation relu = Activation.of(Activation.Kind.RELU);
        return List.of(
                // batch, in height width channels, out height width channels, pad top left
                winograd("whole tiles", two, relu, true, true, 1, 8, 8, 16, 8, 8, 16, 1, 1),
                winograd("whole tiles", four, relu, true, true, 1, 8, 8, 16, 8, 8, 16, 1, 1),
                winograd("ragged", two, none, true, false, 2, 5, 7, 8, 5, 7, 20, 1, 1),
                winograd("ragged", four, none, true, false, 2, 5, 7, 8, 5, 7, 20, 1, 1),
                winograd("odd channels", two, Activation.clip(-4, 9), false, true, 1, 4, 6, 3, 4, 6, 7, 1, 1),
                winograd("odd channels", four, Activation.leaky(0.25f), false, true, 3, 6, 5, 5, 6, 5, 1, 1, 1),
                winograd("padded above", four, Activation.clip(-4, 9), true, true, 1, 9, 6, 4, 9, 4, 12, 2, 0),
                winograd("padded right", two, Activation.leaky(0.25f), true, false, 2, 3, 9, 4, 1, 9, 4, 0, 0),
                winograd("little images", four, relu, true, false, 20, 1, 2, 4, 1, 2, 4, 1, 1),
                // 18 tiles by fives, 4 by twos, 9 by ones
                winograd("cut", new Algorithm.Winograd(2, small, 4), relu, true, true, 2, 5, 5, 8, 5, 5, 12, 1, 1),
                winograd("cut", new Algorithm.Winograd(4, small, 3), none, true, false, 1, 8, 7, 12, 8, 7, 8, 1, 1),
                winograd("cut", new Algorithm.Winograd(2, small, 9), relu, false, true, 1, 5, 6, 3, 5, 6, 5, 1, 1));
    }

    private static Case winograd(
            String name,
            Algorithm.Winograd algorithm,
            Activation activation,
            boolean bias,
            boolean residual,
            int batch,
            int inHeight,
            int inWidth,
            int in,
            int outHeight,
            int outWidth,
            int out,
            int padTop,
            int padLeft) {
        ConvolutionShape shape = new ConvolutionShape(
                batch,
                inHeight,
                inWidth,
                in,
                outHeight,
                outWidth,
                out,
                3,
                3,
                1,
                1,
                1,
                1,
                padTop,
                padLeft,
                1,
                bias,
                residual,
                activation,
                algorithm.m());
        return new Case(name + ", " + algorithm, shape, algorithm);
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
                activation,
                0);
        return new Case(name + ", " + algorithm, shape, algorithm);
    }

    /**
     * Multiplies matrices of a fragment's size with a one in each row, at each place in turn, with one whose values all differ: a value
     * in the wrong place, of any of the three matrices, shows.
     */
    private static String fragments(Devices.Handle device, Precision precision) {
        int rows = 16;
        int columns = 16;
        int depth = 8 * precision.wordElements();
        Case c = of(
                "",
                new Algorithm.Product(new WarpTile(rows, columns, 8, rows, columns), 1),
                Activation.of(Activation.Kind.NONE),
                false,
                false,
                depth,
                rows,
                1,
                depth,
                columns,
                1,
                1,
                1,
                1,
                0,
                1);
        float[] x = new float[depth * rows * depth];
        for (int line = 0; line < depth * rows; line++) {
            x[line * depth + (line % rows + line / rows) % depth] = 1;
        }
        float[] weights = new float[columns * depth];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = i + 1;
        }
        return run(
                        device,
                        precision,
                        List.of(c),
                        List.of(new Convolution(
                                c.shape(), x, new float[depth * rows * columns], weights, new float[0])))
                .getFirst();
    }

    /** On a device that allows buffers no larger than the images, a quarter of the transformed tiles. */
    private static String littleBuffers(Devices.Handle handle) {
        Case whole = winograd(
                "",
                new Algorithm.Winograd(4, new Tile(16, 16, 8, 4, 4), 1),
                Activation.of(Activation.Kind.NONE),
                true,
                false,
                8,
                12,
                12,
                16,
                12,
                12,
                16,
                1,
                1);
        Device d = handle.device();
        long bytes = whole.shape().outputs() * Float.BYTES;
        Device small = new Device(
                d.index(),
                d.name(),
                d.platform(),
                d.version(),
                d.driver(),
                d.kind(),
                d.computeUnits(),
                d.memory(),
                bytes,
                d.localMemory(),
                d.maxWorkGroup());
        Optional<Algorithm> cut = new KernelChoice(small, Precision.FP32)
                .alternatives(whole.shape(), Integer.MAX_VALUE).stream()
                        .filter(algorithm ->
                                algorithm instanceof Algorithm.Winograd(int _, Tiling _, int parts) && parts > 3)
                        .findFirst();
        return cut.map(algorithm -> run(
                                new Devices.Handle(small, handle.id()),
                                Precision.FP32,
                                List.of(new Case("", whole.shape(), algorithm)),
                                List.of(values(whole.shape())))
                        .getFirst())
                .orElse("nothing is cut");
    }

    private static Convolution values(ConvolutionShape shape) {
        Random random = new Random(7);
        float[] x = random(random, Convolution.imageSize(shape));
        float[] residual = random(random, Convolution.outputSize(shape));
        float[] weights = random(random, shape.outChannels() * shape.depth());
        float[] bias = random(random, shape.bias() ? shape.outChannels() : 0);
        return new Convolution(shape, x, residual, weights, bias);
    }

    /** What is wrong with each case, all run in one network; empty where nothing is. */
    private static List<String> run(
            Devices.Handle device, Precision precision, List<Case> cases, List<Convolution> convolutions) {
        Map<ConvolutionShape, Algorithm> algorithms =
                cases.stream().collect(Collectors.toMap(Case::shape, Case::algorithm));
        float[][] actual = new ConvolutionNetwork(precision, convolutions).run(device, algorithms);
        return IntStream.range(0, cases.size())
                .mapToObj(i -> problem(precision, cases.get(i).algorithm(), convolutions.get(i), actual[i]))
                .toList();
    }

    private static String problem(Precision precision, Algorithm algorithm, Convolution c, float[] actual) {
        boolean tensor = onTensorCores(algorithm);
        float[] expected = reference(
                c.shape(),
                factors(precision, tensor, c.x()),
                stored(precision, c.residual()),
                factors(precision, tensor, c.weights()),
                c.bias());
        String problem = compare(stored(precision, expected), actual, allowed(precision, tensor, algorithm));
        return problem.isEmpty() && algorithm instanceof Algorithm.Winograd(int m, Tile _, int _)
                ? compare(new WinogradSums(c.shape(), m, c.weights(), c.bias()).of(c.x(), c.residual()), actual, 0)
                : problem;
    }

    private static boolean onTensorCores(Algorithm algorithm) {
        return switch (algorithm) {
            case Algorithm.Product(Tiling tile, int _) -> tile instanceof WarpTile;
            case Algorithm.Winograd(int _, Tiling tile, int _) -> tile instanceof WarpTile;
            case Algorithm.Vector(), Algorithm.Direct() -> false;
        };
    }

    /**
     * The error allowed, relative to the largest value. None where sums are formed in Java's order. Reordered float32 sums of some
     * hundred products: a few units in the last place; in half, that may tip what is stored to its neighbour, 2^-10 away. Products in
     * tf32x3 lack 3 · 2^-22 of themselves at most, and all the products of a sum together are some four times as large as the largest
     * sum. Tensor cores themselves cut off what is below the 23rd bit of the largest term, in each of a sum's additions. Winograd's
     * filtering of few channels errs by 1e-6 on average; it is compared to the bit besides.
     */
    private static float allowed(Precision precision, boolean tensor, Algorithm algorithm) {
        boolean reordered = algorithm instanceof Algorithm.Vector
                || (algorithm instanceof Algorithm.Product(Tiling _, int split) && split > 1);
        boolean real = tensor && !TensorCores.emulated();
        boolean threefold = tensor && precision == Precision.TF32X3;
        if (algorithm instanceof Algorithm.Winograd) {
            return 1e-5f;
        }
        if (!reordered && !real && !threefold) {
            return 0;
        }
        if (precision.isHalf()) {
            return 0x1p-10f;
        }
        return real ? 0x1p-16f : threefold ? 0x1p-18f : 1e-6f;
    }

    private static float[] stored(Precision precision, float[] values) {
        float[] stored = values.clone();
        for (int i = 0; precision.isHalf() && i < stored.length; i++) {
            stored[i] = Float.float16ToFloat(Float.floatToFloat16(stored[i]));
        }
        return stored;
    }

    /** Values as they are multiplied. */
    private static float[] factors(Precision precision, boolean tensor, float[] values) {
        return tensor && precision == Precision.TF32 ? Tf32.rounded(values) : stored(precision, values);
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
