package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.opencl.ConvolutionNetwork.Convolution;
import dev.sardonyx.runtime.opencl.ConvolutionShape.Activation;
import dev.sardonyx.runtime.opencl.KernelChoice.Algorithm;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;

/**
 * Runs convolutions of random shapes by random algorithms, Winograd's filtering among them; each value must equal Java's to the bit. Says {@code ok SHAPE} or
 * {@code FAILED SHAPE: REASON}, a line for each. Arguments: a seed, how many to try, and {@code fp32}, or {@code tf32} for emulated
 * tensor cores, whose factors are rounded beforehand.
 */
public final class RandomConvolutionCheck {

    /** Those that processors run in reasonable time, and every way of dividing the work of one. */
    private static final List<Tile> PLAIN_TILES = List.of(
            new Tile(16, 16, 8, 4, 4),
            new Tile(16, 16, 16, 4, 4),
            new Tile(32, 32, 16, 4, 4),
            new Tile(32, 64, 16, 8, 4),
            new Tile(64, 32, 8, 4, 8));

    private static final List<Tiling> TENSOR_TILES = List.of(
            new WarpTile(16, 16, 8, 16, 16),
            new WarpTile(32, 32, 16, 16, 16),
            new WarpTile(32, 64, 16, 32, 16),
            new WarpTile(32, 16, 16, 16, 16),
            new WarpTile(32, 32, 8, 32, 32));

    private final Random random;
    private final Precision precision;

    private RandomConvolutionCheck(long seed, Precision precision) {
        random = new Random(seed);
        this.precision = precision;
    }

    public static void main(String[] args) {
        RandomConvolutionCheck check = new RandomConvolutionCheck(
                Long.parseLong(args[0]), Precision.named(args[2]).orElseThrow());
        System.setProperty("sardonyx.opencl.emulate", Boolean.toString(check.precision.usesTensorCores()));
        System.exit(check.run(Devices.choose(Optional.empty()), Integer.parseInt(args[1])) ? 0 : 1);
    }

    private boolean run(Devices.Handle device, int count) {
        List<Convolution> convolutions = new ArrayList<>();
        Map<ConvolutionShape, Algorithm> algorithms = new HashMap<>();
        while (convolutions.size() < count) {
            convolutions.add(next(algorithms));
        }
        float[][] actual = new ConvolutionNetwork(precision, convolutions).run(device, algorithms);
        boolean good = true;
        for (int i = 0; i < count; i++) {
            ConvolutionShape shape = convolutions.get(i).shape();
            Algorithm algorithm = Objects.requireNonNull(algorithms.get(shape));
            String problem = compare(expected(convolutions.get(i), algorithm), actual[i]);
            System.out.println((problem.isEmpty() ? "ok " : "FAILED ") + algorithm + ", " + shape
                    + (problem.isEmpty() ? "" : ": " + problem));
            good &= problem.isEmpty();
        }
        return good;
    }

    /** A convolution; its algorithm is added, unless one of its shape has another. */
    private Convolution next(Map<ConvolutionShape, Algorithm> algorithms) {
        boolean vector = random.nextInt(6) == 0;
        boolean filtered = !vector && precision == Precision.FP32 && random.nextInt(4) == 0;
        ConvolutionShape shape = vector ? vector() : filtered ? filtered() : image();
        Algorithm algorithm = vector ? new Algorithm.Vector() : filtered ? winograd(shape) : algorithm(shape);
        algorithms.putIfAbsent(shape, algorithm);
        return new Convolution(
                shape,
                values(Convolution.imageSize(shape)),
                values(Convolution.outputSize(shape)),
                values(shape.outChannels() * shape.depth()),
                values(shape.bias() ? shape.outChannels() : 0));
    }

    private static float[] expected(Convolution c, Algorithm algorithm) {
        if (algorithm instanceof Algorithm.Winograd(int m, Tiling _, int _)) {
            return new WinogradSums(c.shape(), m, c.weights(), c.bias()).of(c.x(), c.residual());
        }
        boolean tensor = algorithm instanceof Algorithm.Product(WarpTile _, int _);
        return new OrderedSums(c.shape(), algorithm, tensor ? Tf32.rounded(c.weights()) : c.weights(), c.bias())
                .of(tensor ? Tf32.rounded(c.x()) : c.x(), c.residual());
    }

    private Algorithm algorithm(ConvolutionShape shape) {
        if (random.nextInt(5) == 0) {
            return new Algorithm.Direct();
        }
        List<? extends Tiling> tiles = precision.usesTensorCores() ? TENSOR_TILES : PLAIN_TILES;
        Tiling tile = tiles.get(random.nextInt(tiles.size()));
        int pieces = Math.ceilDiv(shape.depth(), tile.depth());
        return new Algorithm.Product(tile, random.nextBoolean() ? 1 : between(1, Math.min(pieces, 5)));
    }

    /** Channels are seldom multiples of anything; kernels may be larger than the image that they see, padding included not. */
    private ConvolutionShape image() {
        int groups = random.nextInt(3) == 0 ? between(2, 4) : 1;
        int kernelHeight = between(1, 4);
        int kernelWidth = between(1, 4);
        int dilationHeight = between(1, 2);
        int dilationWidth = between(1, 3);
        int padTop = random.nextInt(kernelHeight);
        int padLeft = random.nextInt(kernelWidth);
        int inHeight = between(1, 9) + (kernelHeight - 1) * dilationHeight;
        int inWidth = between(1, 9) + (kernelWidth - 1) * dilationWidth;
        int strideHeight = between(1, 3);
        int strideWidth = between(1, 2);
        int padBottom = random.nextInt(kernelHeight);
        int padRight = random.nextInt(kernelWidth);
        return new ConvolutionShape(
                between(1, 3),
                inHeight,
                inWidth,
                groups * channels(),
                (inHeight + padTop + padBottom - (kernelHeight - 1) * dilationHeight - 1) / strideHeight + 1,
                (inWidth + padLeft + padRight - (kernelWidth - 1) * dilationWidth - 1) / strideWidth + 1,
                groups * channels(),
                kernelHeight,
                kernelWidth,
                strideHeight,
                strideWidth,
                dilationHeight,
                dilationWidth,
                padTop,
                padLeft,
                groups,
                random.nextBoolean(),
                random.nextBoolean(),
                activation(),
                0);
    }

    private Algorithm winograd(ConvolutionShape shape) {
        int m = 2 * between(1, 2);
        int tiles = new Filtering(shape, m, 1).tiles();
        return new Algorithm.Winograd(m, PLAIN_TILES.get(random.nextInt(PLAIN_TILES.size())), between(1, tiles));
    }

    /** One that Winograd's filtering may compute; some have more padding than a kernel sees at once. */
    private ConvolutionShape filtered() {
        int outHeight = between(1, 10);
        int outWidth = between(1, 10);
        return new ConvolutionShape(
                between(1, 3),
                Math.max(1, outHeight + between(-2, 2)),
                Math.max(1, outWidth + between(-2, 2)),
                channels(),
                outHeight,
                outWidth,
                channels(),
                3,
                3,
                1,
                1,
                1,
                1,
                between(0, 3),
                between(0, 3),
                1,
                random.nextBoolean(),
                random.nextBoolean(),
                activation(),
                4);
    }

    private ConvolutionShape vector() {
        return new ConvolutionShape(
                between(1, 8),
                1,
                1,
                between(1, 100),
                1,
                1,
                between(1, 70),
                1,
                1,
                1,
                1,
                1,
                1,
                0,
                0,
                1,
                random.nextBoolean(),
                random.nextBoolean(),
                activation(),
                0);
    }

    private int channels() {
        return random.nextBoolean() ? 4 * between(1, 6) : between(1, 13);
    }

    private Activation activation() {
        return switch (random.nextInt(4)) {
            case 0 -> Activation.of(Activation.Kind.NONE);
            case 1 -> Activation.of(Activation.Kind.RELU);
            case 2 -> Activation.clip(-1 - random.nextFloat(), 1 + random.nextFloat());
            default -> Activation.leaky(random.nextFloat());
        };
    }

    private int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    private float[] values(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static String compare(float[] expected, float[] actual) {
        for (int i = 0; i < expected.length; i++) {
            if (Float.floatToIntBits(expected[i]) != Float.floatToIntBits(actual[i])) {
                return "element " + i + " is " + actual[i] + ", not " + expected[i];
            }
        }
        return "";
    }
}
