package dev.sardonyx.compiler.lowering;

import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TestGraph;
import dev.sardonyx.compiler.graph.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Adds random nodes to a graph, one method an operator. Values stay near 1, so that rounding stays small. */
final class RandomNode {

    private final TestGraph graph;
    private final Random random;

    RandomNode(TestGraph graph, Random random) {
        this.graph = graph;
        this.random = random;
    }

    /** An operator that takes {@code x}, of any rank. */
    Value any(Value x) {
        boolean image = x.shape().rank() == 4;
        return switch (random.nextInt(image ? 20 : 14)) {
            case 0 -> graph.node(new Op.Relu(), x);
            case 1 -> graph.node(new Op.Clip(-0.5f, random.nextBoolean() ? 0.5f : Float.POSITIVE_INFINITY), x);
            case 2 -> graph.node(new Op.LeakyRelu(0.1f), x);
            case 3 -> graph.node(new Op.PRelu(), x, broadcastable(x, 0.1f));
            case 4 -> graph.node(random.nextBoolean() ? new Op.Sigmoid() : new Op.Tanh(), x);
            case 5 -> graph.node(new Op.Add(), x, random.nextBoolean() ? x : broadcastable(x, 1));
            case 6 -> graph.node(new Op.Sub(), broadcastable(x, 1), x);
            case 7 ->
                graph.node(
                        List.of(new Op.Mul(), new Op.Max(), new Op.Min()).get(random.nextInt(3)),
                        x,
                        broadcastable(x, 1));
            case 8 -> transpose(x);
            case 9 -> slice(x);
            case 10 -> pad(x);
            case 11 -> concat(x);
            case 12 -> gather(x);
            case 13 -> softmax(x);
            case 14, 15 -> conv(x);
            case 16 -> pool(x);
            case 17 -> batchNormalization(x);
            case 18 -> reduce(x);
            default -> graph.node(new Op.LRN(1 + random.nextInt(4), 0.5f, 0.75f, 1), x);
        };
    }

    /** A matrix of as many rows as {@code x} has on its first axis. */
    Value flatten(Value x) {
        Shape shape = x.shape();
        return graph.node(new Op.Reshape(Shape.of(shape.dim(0), shape.product(1, shape.rank()))), x);
    }

    Value conv(Value x) {
        int channels = x.shape().dim(1);
        int group = List.of(1, 1, 1, channels).get(random.nextInt(4));
        int filters = group * (1 + random.nextInt(4));
        Window window = window(x.shape(), 3);
        boolean bias = random.nextBoolean();
        List<Value> inputs = new ArrayList<>();
        inputs.add(x);
        inputs.add(graph.random(random, filters, channels / group, window.kernelH(), window.kernelW()));
        if (bias) {
            inputs.add(graph.random(random, filters));
        }
        boolean residual = random.nextInt(4) == 0;
        if (residual) {
            inputs.add(graph.random(
                    random,
                    x.shape().dim(0),
                    filters,
                    window.outputH(x.shape().dim(2)),
                    window.outputW(x.shape().dim(3))));
        }
        Activation activation = switch (random.nextInt(4)) {
            case 0 -> new Activation.Relu();
            case 1 -> new Activation.Clip(-1, 1);
            case 2 -> new Activation.LeakyRelu(0.2f);
            default -> Activation.NONE;
        };
        return graph.node(new Op.Conv(window, group, bias, residual, activation), inputs);
    }

    Value pool(Value x) {
        Window window = window(x.shape(), 3);
        boolean ceil = random.nextBoolean();
        Op op = random.nextBoolean()
                ? new Op.MaxPool(window, ceil)
                : new Op.AveragePool(window, ceil, random.nextBoolean());
        try {
            return graph.node(op, x);
        } catch (IllegalArgumentException paddingAlone) {
            return graph.node(new Op.MaxPool(Window.of(1, 1).withStrides(2, 2), ceil), x);
        }
    }

    /** A window that fits into the image and its random pads. */
    private Window window(Shape image, int maxKernel) {
        while (true) {
            Window window = new Window(
                    1 + random.nextInt(maxKernel),
                    1 + random.nextInt(maxKernel),
                    1 + random.nextInt(3),
                    1 + random.nextInt(3),
                    1 + random.nextInt(2),
                    1 + random.nextInt(2),
                    random.nextInt(3),
                    random.nextInt(3),
                    random.nextInt(3),
                    random.nextInt(3));
            if (window.outputH(image.dim(2)) > 0 && window.outputW(image.dim(3)) > 0) {
                return window;
            }
        }
    }

    private Value batchNormalization(Value x) {
        int channels = x.shape().dim(1);
        float[] variance = new float[channels];
        for (int i = 0; i < channels; i++) {
            variance[i] = 0.5f + random.nextFloat();
        }
        return graph.node(
                new Op.BatchNormalization(1e-3f),
                x,
                graph.random(random, channels),
                graph.random(random, channels),
                graph.random(random, channels),
                graph.constant(Tensor.of(Shape.of(channels), variance)));
    }

    private Value reduce(Value x) {
        return switch (random.nextInt(3)) {
            case 0 -> graph.node(new Op.GlobalAveragePool(), x);
            case 1 -> graph.node(new Op.GlobalMaxPool(), x);
            default -> {
                List<Integer> axes = IntStream.range(0, x.shape().rank())
                        .filter(_ -> random.nextBoolean())
                        .boxed()
                        .toList();
                yield graph.node(new Op.ReduceMean(axes, random.nextInt(4) > 0), x);
            }
        };
    }

    private Value softmax(Value x) {
        int rank = x.shape().rank();
        if (rank == 0) {
            return graph.node(new Op.Relu(), x);
        }
        int axis = random.nextInt(rank);
        int end = random.nextBoolean() ? rank : axis + 1;
        return graph.node(random.nextBoolean() ? new Op.Softmax(axis, end) : new Op.LogSoftmax(axis, end), x);
    }

    Value gemm(Value a) {
        int inner = a.shape().dim(1);
        boolean transB = random.nextBoolean();
        int columns = 1 + random.nextInt(5);
        Value b = transB ? graph.random(random, columns, inner) : graph.random(random, inner, columns);
        float alpha = random.nextBoolean() ? 1 : 0.5f;
        float beta = List.of(1f, 2f, 0f).get(random.nextInt(3));
        Op.Gemm gemm = new Op.Gemm(alpha, beta, false, transB);
        return random.nextBoolean()
                ? graph.node(gemm, a, b)
                : graph.node(gemm, a, b, broadcastable(Shape.of(a.shape().dim(0), columns), 1));
    }

    /** The matrix and its transposed: neither side is constant. */
    Value gram(Value a) {
        return switch (random.nextInt(3)) {
            case 0 -> graph.node(new Op.Gemm(0.5f, 1, false, true), a, a);
            case 1 ->
                graph.node(
                        new Op.Gemm(1, 1, true, false),
                        a,
                        a,
                        broadcastable(square(a.shape().dim(1)), 1));
            default -> graph.node(new Op.MatMul(), a, graph.node(new Op.Transpose(List.of(1, 0)), a));
        };
    }

    private static Shape square(int size) {
        return Shape.of(size, size);
    }

    /** With a constant vector, matrix or batch of matrices. */
    Value matMul(Value a) {
        int inner = a.shape().dim(a.shape().rank() - 1);
        Value b = switch (random.nextInt(4)) {
            case 0 -> graph.random(random, inner);
            case 1 -> graph.random(random, 1, 1, inner, 3);
            case 2 -> graph.random(random, 2, 1, 1, inner, 3);
            default -> graph.random(random, inner, 4);
        };
        return graph.node(new Op.MatMul(), a, b);
    }

    private Value transpose(Value x) {
        List<Integer> permutation =
                new ArrayList<>(IntStream.range(0, x.shape().rank()).boxed().toList());
        Collections.shuffle(permutation, random);
        return graph.node(new Op.Transpose(permutation), x);
    }

    private Value slice(Value x) {
        List<Integer> starts = new ArrayList<>();
        List<Integer> steps = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        for (int dim : x.shape().dims()) {
            int start = random.nextInt(dim);
            int step = List.of(1, 1, 2, -1, -2, Integer.MIN_VALUE).get(random.nextInt(6));
            int available = step > 0 ? Math.ceilDiv(dim - start, step) : (int) (1 + start / -(long) step);
            starts.add(start);
            steps.add(step);
            sizes.add(1 + random.nextInt(available));
        }
        return graph.node(new Op.Slice(starts, steps, sizes), x);
    }

    private Value pad(Value x) {
        Op.Pad.Mode mode = List.of(Op.Pad.Mode.values()).get(random.nextInt(3));
        List<Integer> before = new ArrayList<>();
        List<Integer> after = new ArrayList<>();
        for (int dim : x.shape().dims()) {
            int limit = mode == Op.Pad.Mode.REFLECT ? Math.min(dim, 3) : 3;
            before.add(random.nextBoolean() ? 0 : random.nextInt(limit));
            after.add(random.nextBoolean() ? 0 : random.nextInt(limit));
        }
        float fill = random.nextBoolean() ? 0 : 0.5f;
        return graph.node(new Op.Pad(before, after, mode, fill), x);
    }

    private Value concat(Value x) {
        if (x.shape().rank() == 0) {
            return graph.node(new Op.Tanh(), x);
        }
        int axis = random.nextInt(x.shape().rank());
        int[] dims = x.shape().toArray();
        dims[axis] = random.nextInt(3);
        Value other = graph.random(random, dims);
        return graph.node(new Op.Concat(axis), random.nextBoolean() ? List.of(x, other, x) : List.of(other, x));
    }

    private Value gather(Value x) {
        if (x.shape().rank() == 0) {
            return graph.node(new Op.Tanh(), x);
        }
        int axis = random.nextInt(x.shape().rank());
        int size = x.shape().dim(axis);
        Shape shape = List.of(Shape.of(), Shape.of(3), Shape.of(2, 2)).get(random.nextInt(3));
        long[] indices = random.longs(shape.elements(), -size, size).toArray();
        return graph.node(new Op.Gather(axis), x, graph.constant(Tensor.of(shape, indices)));
    }

    private Value broadcastable(Value x, float magnitude) {
        return broadcastable(x.shape(), magnitude);
    }

    /** A constant that broadcasts to a shape without growing it. */
    private Value broadcastable(Shape shape, float magnitude) {
        int rank = random.nextInt(shape.rank() + 1);
        int[] dims = new int[rank];
        for (int axis = 0; axis < rank; axis++) {
            dims[axis] = random.nextBoolean() ? 1 : shape.dim(shape.rank() - rank + axis);
        }
        Shape own = Shape.of(dims);
        float[] values = new float[own.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = magnitude * (2 * random.nextFloat() - 1);
        }
        return graph.constant(Tensor.of(own, values));
    }
}
