package dev.sardonyx.codegen;

import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.program.Expression;
import dev.sardonyx.codegen.program.Expression.BinaryFunction;
import dev.sardonyx.codegen.program.Expression.UnaryFunction;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Kernel.Region;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.codegen.program.Window;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** Adds random calls to a program, one method a kernel. Values stay near 1, so that rounding stays small. */
final class RandomCall {

    private static final int MAX_ELEMENTS = 6000;
    private static final long MAX_MULTIPLICATIONS = 400_000;

    private final ProgramSketch sketch;
    private final Random random;

    RandomCall(ProgramSketch sketch, Random random) {
        this.sketch = sketch;
        this.random = random;
    }

    /** An image of any of the shapes that kernels treat differently. */
    Buffer image() {
        return image(1, 2, 3, 5, 7, 8, 12, 15, 16, 17, 20, 31, 32, 33, 48, 70);
    }

    /** An image of one of these numbers of channels. */
    Buffer image(int... channelCounts) {
        int channels = pick(channelCounts);
        return switch (random.nextInt(5)) {
            case 0 -> sketch.input(1 + random.nextInt(4), channels, 1, 1);
            case 1 -> sketch.input(1 + random.nextInt(3), channels, 1, 1 + random.nextInt(20));
            default -> sketch.input(1 + random.nextInt(3), channels, 1 + random.nextInt(9), 1 + random.nextInt(9));
        };
    }

    /** Any kernel that takes {@code x}. */
    Buffer any(Buffer x) {
        boolean image = x.rank() == 4;
        return switch (random.nextInt(image ? 16 : 9)) {
            case 0, 1 -> pointwise(x);
            case 2 -> reduction(x);
            case 3 -> softmax(x);
            case 4 -> reshape(x);
            case 5 -> concat(x);
            case 6 -> x.rank() == 0 ? pointwise(x) : movement(x);
            case 7 -> x.rank() < 2 ? pointwise(x) : matrixProduct(x);
            case 8 -> reshapeToImage(x);
            case 9, 10 -> pool(x);
            case 11 -> localResponseNormalization(x);
            default -> convolution(x);
        };
    }

    Buffer convolution(Buffer x) {
        int channels = x.dim(1);
        for (int attempt = 0; attempt < 100; attempt++) {
            int groups = groups(channels);
            int filters = groups * (groups == 1 ? pick(1, 3, 8, 10, 16, 17, 32, 40, 48) : pick(1, 1, 2, 3, 4, 8, 16));
            Window window = window(x, 7);
            List<Integer> shape = List.of(x.dim(0), filters, window.outputH(x.dim(2)), window.outputW(x.dim(3)));
            int fanIn = channels / groups * window.kernelH() * window.kernelW();
            if (elements(shape) <= MAX_ELEMENTS && elements(shape) * fanIn <= MAX_MULTIPLICATIONS) {
                return convolution(x, window, groups, shape);
            }
        }
        return convolution(x, Window.of(1, 1), channels, List.of(x.dim(0), channels, x.dim(2), x.dim(3)));
    }

    private Buffer convolution(Buffer x, Window window, int groups, List<Integer> shape) {
        int seen = x.dim(1) / groups;
        int fanIn = seen * window.kernelH() * window.kernelW();
        Constant weights =
                constant(List.of(shape.get(1), seen, window.kernelH(), window.kernelW()), 1 / Math.sqrt(fanIn));
        Optional<Constant> bias =
                random.nextInt(4) > 0 ? Optional.of(constant(List.of(shape.get(1)), 1)) : Optional.empty();
        boolean residual = random.nextInt(3) == 0;
        Activation activation = switch (random.nextInt(8)) {
            case 0, 1, 2 -> new Activation.Relu();
            case 3 -> new Activation.Clip(-0.5f, 1.5f);
            case 4 -> new Activation.Clip(0.25f, 2);
            case 5 -> new Activation.LeakyRelu(random.nextBoolean() ? 0.125f : -0.5f);
            default -> Activation.NONE;
        };
        Kernel kernel = new Kernel.Convolution(window, groups, weights, bias, residual, activation);
        return residual ? sketch.call(kernel, shape, x, ofShape(shape)) : sketch.call(kernel, shape, x);
    }

    private int groups(int channels) {
        return switch (random.nextInt(5)) {
            case 0 -> channels;
            case 1 -> {
                List<Integer> divisors = IntStream.rangeClosed(1, channels)
                        .filter(divisor -> channels % divisor == 0)
                        .boxed()
                        .toList();
                yield divisors.get(random.nextInt(divisors.size()));
            }
            default -> 1;
        };
    }

    /** A buffer of this shape: one that is there, or a new input. */
    private Buffer ofShape(List<Integer> shape) {
        List<Buffer> candidates = sketch.buffers().stream()
                .filter(buffer -> buffer.shape().equals(shape))
                .toList();
        return candidates.isEmpty() || random.nextInt(5) == 0
                ? sketch.input(shape)
                : candidates.get(random.nextInt(candidates.size()));
    }

    /** A window that fits into the image and its random pads. */
    private Window window(Buffer image, int maxKernel) {
        while (true) {
            Window window = switch (random.nextInt(4)) {
                case 0 -> Window.of(1, 1);
                case 1 -> Window.of(3, 3).withPads(1, 1, 1, 1);
                case 2 ->
                    Window.of(3, 3)
                            .withPads(random.nextInt(2), random.nextInt(2), random.nextInt(3), random.nextInt(3));
                default ->
                    new Window(
                            1 + random.nextInt(maxKernel),
                            1 + random.nextInt(maxKernel),
                            1 + random.nextInt(3),
                            1 + random.nextInt(3),
                            1 + random.nextInt(2),
                            1 + random.nextInt(2),
                            random.nextInt(4),
                            random.nextInt(4),
                            random.nextInt(4),
                            random.nextInt(4));
            };
            if (random.nextInt(4) == 0) {
                window = window.withStrides(2, 2);
            }
            if (window.outputH(image.dim(2)) > 0 && window.outputW(image.dim(3)) > 0) {
                return window;
            }
        }
    }

    Buffer pool(Buffer x) {
        while (true) {
            Window window = window(x, 4);
            int height = window.outputH(x.dim(2)) + extra(window.strideH());
            int width = window.outputW(x.dim(3)) + extra(window.strideW());
            if (seesImage(window.padTop(), window.strideH(), window.dilationH(), window.kernelH(), x.dim(2), height)
                    && seesImage(
                            window.padLeft(),
                            window.strideW(),
                            window.dilationW(),
                            window.kernelW(),
                            x.dim(3),
                            width)) {
                Kernel.Pooling.Kind kind = random.nextBoolean() ? Kernel.Pooling.Kind.MAX : Kernel.Pooling.Kind.AVERAGE;
                return sketch.call(
                        new Kernel.Pooling(kind, window, random.nextBoolean()),
                        List.of(x.dim(0), x.dim(1), height, width),
                        x);
            }
        }
    }

    /** ONNX's ceil_mode gives one output more, where windows move on by more than one. */
    private int extra(int stride) {
        return stride > 1 ? random.nextInt(2) : 0;
    }

    /** Whether every window has a tap inside the image. */
    private static boolean seesImage(int pad, int stride, int dilation, int kernel, int size, int outputs) {
        return IntStream.range(0, outputs)
                .allMatch(output -> IntStream.range(0, kernel)
                        .map(tap -> output * stride - pad + tap * dilation)
                        .anyMatch(position -> 0 <= position && position < size));
    }

    Buffer reduction(Buffer x) {
        List<Integer> axes = x.rank() == 4 && random.nextBoolean()
                ? List.of(2, 3)
                : IntStream.range(0, x.rank())
                        .filter(_ -> random.nextBoolean())
                        .boxed()
                        .toList();
        boolean keep = random.nextBoolean();
        List<Integer> shape = new ArrayList<>();
        for (int axis = 0; axis < x.rank(); axis++) {
            if (!axes.contains(axis)) {
                shape.add(x.dim(axis));
            } else if (keep) {
                shape.add(1);
            }
        }
        Kernel.Reduction.Kind kind = random.nextBoolean() ? Kernel.Reduction.Kind.MEAN : Kernel.Reduction.Kind.MAX;
        return sketch.call(new Kernel.Reduction(kind, axes), shape, x);
    }

    Buffer softmax(Buffer x) {
        if (x.rank() == 0) {
            return pointwise(x);
        }
        int first = random.nextInt(x.rank());
        int end = first + 1 + random.nextInt(x.rank() - first);
        return sketch.call(new Kernel.Softmax(first, end, random.nextBoolean()), x.shape(), x);
    }

    Buffer localResponseNormalization(Buffer x) {
        return sketch.call(new Kernel.LocalResponseNormalization(1 + random.nextInt(5), 0.5f, 0.75f, 1), x.shape(), x);
    }

    /** An expression of x, of x-shaped or broadcast buffers and of constants. */
    Buffer pointwise(Buffer x) {
        List<Operand> operands = new ArrayList<>();
        operands.add(new Operand.Variable(x));
        for (int i = random.nextInt(3); i > 0; i--) {
            operands.add(
                    switch (random.nextInt(3)) {
                        case 0 -> new Operand.Variable(ofShape(x.shape()));
                        case 1 -> new Operand.Variable(ofShape(broadcastable(x.shape())));
                        default -> new Operand.Fixed(constant(broadcastable(x.shape()), 1));
                    });
        }
        Expression expression = new Expression.Input(0);
        for (int i = 0; i < operands.size() + random.nextInt(2); i++) {
            Expression other = random.nextInt(4) == 0
                    ? new Expression.Literal((float) random.nextGaussian())
                    : new Expression.Input(random.nextInt(operands.size()));
            expression = step(expression, other);
        }
        return sketch.call(new Kernel.Pointwise(expression), x.shape(), operands);
    }

    private Expression step(Expression x, Expression other) {
        return switch (random.nextInt(11)) {
            case 0 -> new Expression.Unary(UnaryFunction.SIGMOID, x);
            case 1 -> new Expression.Unary(UnaryFunction.TANH, x);
            case 2 -> new Expression.Unary(UnaryFunction.NEGATE, x);
            case 3 -> new Expression.Unary(UnaryFunction.EXP, new Expression.Unary(UnaryFunction.TANH, x));
            case 4 -> new Expression.Unary(UnaryFunction.SQRT, atLeastOne(x));
            case 5 -> new Expression.Binary(BinaryFunction.DIVIDE, other, atLeastOne(x));
            case 6 -> new Expression.Binary(BinaryFunction.MIN, x, other);
            case 7 -> new Expression.Binary(BinaryFunction.MAX, x, other);
            case 8 -> new Expression.Binary(BinaryFunction.LEAKY, x, new Expression.Literal(0.25f));
            case 9 -> new Expression.Binary(BinaryFunction.SUBTRACT, other, x);
            default ->
                new Expression.Binary(random.nextBoolean() ? BinaryFunction.ADD : BinaryFunction.MULTIPLY, x, other);
        };
    }

    private static Expression atLeastOne(Expression x) {
        return new Expression.Binary(BinaryFunction.MAX, x, new Expression.Literal(1));
    }

    private List<Integer> broadcastable(List<Integer> shape) {
        List<Integer> own = new ArrayList<>(shape.subList(random.nextInt(shape.size() + 1), shape.size()));
        own.replaceAll(dim -> random.nextBoolean() ? 1 : dim);
        return own;
    }

    /** With a matrix or a batch of matrices that broadcast to x's, on either side. */
    Buffer matrixProduct(Buffer x) {
        int rank = x.rank();
        List<Integer> shape = new ArrayList<>(x.shape());
        List<Integer> other = new ArrayList<>(broadcastable(x.shape().subList(0, rank - 2)));
        int fresh = 1 + random.nextInt(20);
        if (random.nextBoolean()) {
            other.addAll(List.of(x.dim(rank - 1), fresh));
            shape.set(rank - 1, fresh);
            return sketch.call(new Kernel.MatrixProduct(), shape, x, ofShape(other));
        }
        other.addAll(List.of(fresh, x.dim(rank - 2)));
        shape.set(rank - 2, fresh);
        return sketch.call(new Kernel.MatrixProduct(), shape, ofShape(other), x);
    }

    /** To any shape of as many elements. */
    Buffer reshape(Buffer x) {
        List<Integer> shape = new ArrayList<>(Collections.nCopies(1 + random.nextInt(4), 1));
        int rest = x.elements();
        for (int factor = 2; rest > 1; factor++) {
            for (; rest % factor == 0; rest /= factor) {
                int axis = random.nextInt(shape.size());
                shape.set(axis, shape.get(axis) * factor);
            }
        }
        return sketch.call(new Kernel.Reshape(), shape, x);
    }

    /** To one of the images that lie as densely as a row. */
    Buffer reshapeToImage(Buffer x) {
        int n = x.elements();
        int rows = x.rank() > 0 ? x.dim(0) : 1;
        List<Integer> shape = switch (random.nextInt(4)) {
            case 0 -> List.of(1, n, 1, 1);
            case 1 -> List.of(rows, n / rows, 1, 1);
            case 2 -> List.of(1, 1, n / rows, rows);
            default -> List.of(rows, 1, 1, n / rows);
        };
        return sketch.call(new Kernel.Reshape(), shape, x);
    }

    /** Along one axis with a constant, with a buffer, with itself. */
    Buffer concat(Buffer x) {
        if (x.rank() == 0) {
            return pointwise(x);
        }
        int axis = random.nextInt(x.rank());
        List<Operand> operands = new ArrayList<>();
        operands.add(new Operand.Variable(x));
        for (int i = random.nextInt(3); i >= 0; i--) {
            List<Integer> shape = new ArrayList<>(x.shape());
            shape.set(axis, 1 + random.nextInt(3));
            operands.add(
                    random.nextBoolean()
                            ? new Operand.Fixed(constant(shape, 1))
                            : new Operand.Variable(random.nextBoolean() ? x : ofShape(shape)));
        }
        Collections.shuffle(operands, random);
        List<Region> regions = new ArrayList<>();
        int position = 0;
        for (int i = 0; i < operands.size(); i++) {
            List<Integer> shape = operands.get(i).shape();
            List<Integer> corner = new ArrayList<>(Collections.nCopies(x.rank(), 0));
            corner.set(axis, position);
            regions.add(new Region(i, shape, corner, zeros(x.rank()), ones(x.rank()), axes(x.rank())));
            position += shape.get(axis);
        }
        List<Integer> shape = new ArrayList<>(x.shape());
        shape.set(axis, position);
        return sketch.call(new Kernel.Copy(regions, 0), shape, operands);
    }

    /** Slices with any step, permutes, and pads with a value, in one copy; sometimes of a constant. */
    Buffer movement(Buffer x) {
        int rank = x.rank();
        List<Integer> axisMap = new ArrayList<>(axes(rank));
        Collections.shuffle(axisMap, random);
        Integer[] extent = new Integer[rank];
        List<Integer> inStart = new ArrayList<>();
        List<Integer> inStep = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            int dim = x.dim(axis);
            int start = random.nextBoolean() ? 0 : random.nextInt(dim);
            int step = pick(1, 1, 1, 2, -1, 0);
            int available = step > 0 ? Math.ceilDiv(dim - start, step) : step < 0 ? start + 1 : 3;
            inStart.add(start);
            inStep.add(step);
            extent[axisMap.get(axis)] = random.nextBoolean() ? available : 1 + random.nextInt(available);
        }
        List<Integer> outStart = new ArrayList<>();
        List<Integer> shape = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            outStart.add(random.nextBoolean() ? 0 : random.nextInt(3));
            shape.add(outStart.get(axis) + extent[axis] + (random.nextBoolean() ? 0 : random.nextInt(3)));
        }
        Region region = new Region(0, List.of(extent), outStart, inStart, inStep, axisMap);
        Operand operand = random.nextInt(4) == 0 ? new Operand.Fixed(constant(x.shape(), 1)) : new Operand.Variable(x);
        return sketch.call(new Kernel.Copy(List.of(region), pick(0, 1) * 0.5f), shape, List.of(operand));
    }

    Constant constant(List<Integer> shape, double scale) {
        float[] values = values(random, (int) elements(shape));
        for (int i = 0; i < values.length; i++) {
            values[i] *= (float) scale;
        }
        return new Constant(shape, values);
    }

    static float[] values(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static long elements(List<Integer> shape) {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }

    private static List<Integer> zeros(int rank) {
        return Collections.nCopies(rank, 0);
    }

    private static List<Integer> ones(int rank) {
        return Collections.nCopies(rank, 1);
    }

    private static List<Integer> axes(int rank) {
        return IntStream.range(0, rank).boxed().toList();
    }

    private int pick(int... values) {
        return values[random.nextInt(values.length)];
    }
}
