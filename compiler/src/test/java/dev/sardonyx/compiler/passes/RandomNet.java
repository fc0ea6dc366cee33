package dev.sardonyx.compiler.passes;

import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random networks rich in what the passes look for and in what must stop them: each node reads a random earlier value, mostly
 * the latest, and any value may be an output.
 */
final class RandomNet {

    private static final int IMAGE_NODES = 25;
    private static final int MATRIX_NODES = 6;

    private final Net net;
    private final Random random;
    private final List<Value> images = new ArrayList<>();

    private RandomNet(long seed) {
        net = new Net(seed);
        random = net.random();
    }

    static Graph graph(long seed) {
        return new RandomNet(seed).build();
    }

    private Graph build() {
        images.add(
                net.input(1 + random.nextInt(2), 1 + random.nextInt(4), 4 + random.nextInt(5), 4 + random.nextInt(5)));
        for (int i = 0; i < IMAGE_NODES; i++) {
            Value x = any();
            images.add(imageNode(x));
        }
        Value y = flattened(any());
        for (int i = 0; i < MATRIX_NODES; i++) {
            y = matrixNode(y);
        }
        net.output(y);
        List<Value> results = net.results();
        while (random.nextInt(3) == 0) {
            net.output(results.get(random.nextInt(results.size())));
        }
        return net.build();
    }

    private Value any() {
        return random.nextInt(4) > 0 ? images.getLast() : images.get(random.nextInt(images.size()));
    }

    private Value imageNode(Value x) {
        Shape shape = x.shape();
        int c = shape.dim(1);
        int h = shape.dim(2);
        int w = shape.dim(3);
        return switch (random.nextInt(20)) {
            case 0, 1, 2 -> conv(x);
            case 3, 4, 5 -> net.batchNorm(x);
            case 6, 7 -> net.relu(x);
            case 8 -> net.node(activation(), x);
            case 9 -> net.mul(x, net.scale(channelShape(c)));
            case 10 -> net.add(net.shift(channelShape(c)), x);
            case 11 -> net.node(random.nextBoolean() ? new Op.Sub() : new Op.Div(), x, net.scale(channelShape(c)));
            case 12, 13 -> net.add(x, partner(x));
            case 14 -> net.node(pad(), x);
            case 15 -> net.node(pool(h, w), x);
            case 16 -> net.node(new Op.Transpose(random.nextBoolean() ? List.of(0, 2, 3, 1) : List.of(0, 3, 1, 2)), x);
            case 17 ->
                net.node(
                        new Op.Slice(
                                List.of(0, c - 1, 0, 0),
                                List.of(1, -1, h > 5 ? 2 : 1, 1),
                                List.of(shape.dim(0), c, h > 5 ? (h + 1) / 2 : h, w)),
                        x);
            case 18 -> net.node(new Op.Concat(1), x, x);
            default ->
                net.node(
                        random.nextBoolean()
                                ? new Op.Reshape(shape)
                                : new Op.Reshape(Shape.of(1, c, h, w * shape.dim(0))),
                        x);
        };
    }

    private Value conv(Value x) {
        Shape shape = x.shape();
        int c = shape.dim(1);
        int group = c > 1 && random.nextInt(4) == 0 ? c : 1;
        int out = Math.min(group * (1 + random.nextInt(2)) + (group == 1 ? random.nextInt(3) : 0), 8 * group);
        boolean pointwise = random.nextBoolean() || Math.min(shape.dim(2), shape.dim(3)) < 3;
        int pad = random.nextInt(2);
        Window window = pointwise ? Window.of(1, 1) : Window.of(3, 3).withPads(pad, pad, pad, pad);
        return net.conv(x, out, window, group, random.nextBoolean());
    }

    private Op activation() {
        return switch (random.nextInt(5)) {
            case 0 -> new Op.Clip(0, 1.5f);
            case 1 -> new Op.Clip(-1, Float.POSITIVE_INFINITY);
            case 2 -> new Op.LeakyRelu(0.2f);
            case 3 -> new Op.Sigmoid();
            default -> new Op.Tanh();
        };
    }

    private int[] channelShape(int c) {
        return switch (random.nextInt(3)) {
            case 0 -> new int[] {};
            case 1 -> new int[] {c, 1, 1};
            default -> new int[] {1, c, 1, 1};
        };
    }

    /** Something to add: a value of the same shape, or else a new Conv of the image. */
    private Value partner(Value x) {
        List<Value> same =
                images.stream().filter(value -> value.type().equals(x.type())).toList();
        return random.nextBoolean()
                ? same.get(random.nextInt(same.size()))
                : net.conv(x, x.shape().dim(1), Window.of(1, 1), 1, random.nextBoolean());
    }

    private Op pad() {
        List<Integer> before = List.of(0, 0, random.nextInt(2), random.nextInt(2));
        List<Integer> after = List.of(0, 0, random.nextInt(2), random.nextInt(2));
        return switch (random.nextInt(4)) {
            case 0 -> new Op.Pad(before, after, Op.Pad.Mode.EDGE, 0);
            case 1 -> new Op.Pad(before, after, Op.Pad.Mode.CONSTANT, 1);
            default -> new Op.Pad(before, after, Op.Pad.Mode.CONSTANT, 0);
        };
    }

    private Op pool(int h, int w) {
        Window window = h < 3 || w < 3 ? Window.of(h, w) : Window.of(3, 3);
        return switch (random.nextInt(5)) {
            case 0 -> new Op.AveragePool(window, false, false);
            case 1 -> new Op.AveragePool(window, true, true);
            case 2 -> new Op.MaxPool(window, random.nextBoolean());
            case 3 -> new Op.AveragePool(Window.of(h, w), false, false);
            default -> new Op.MaxPool(window.withStrides(2, 1), false);
        };
    }

    private Value flattened(Value x) {
        int n = x.shape().dim(0);
        return random.nextBoolean()
                ? net.node(new Op.ReduceMean(List.of(2, 3), false), x)
                : net.node(new Op.Reshape(Shape.of(n, x.shape().elements() / n)), x);
    }

    private Value matrixNode(Value x) {
        int k = x.shape().dim(1);
        int m = 1 + random.nextInt(5);
        float alpha = 1f / k;
        return switch (random.nextInt(6)) {
            case 0 -> net.node(new Op.Gemm(alpha, 2, false, true), x, net.scale(m, k), net.shift(m));
            case 1 -> net.node(new Op.Gemm(alpha, 1, false, false), x, net.scale(k, m), net.shift(1));
            case 2 -> net.mul(net.node(new Op.MatMul(), x, net.scale(k, m)), net.constant(Shape.of(), alpha));
            case 3 -> net.relu(x);
            case 4 -> net.batchNorm(x);
            default -> net.add(x, net.shift(k));
        };
    }
}
