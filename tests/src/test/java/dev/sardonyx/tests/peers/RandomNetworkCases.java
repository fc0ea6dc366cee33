package dev.sardonyx.tests.peers;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;

import dev.sardonyx.compiler.onnx.Attributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/** Small networks of random operators, in which values have several readers; a seed gives the same network every time. */
final class RandomNetworkCases {

    private static final int NETWORKS = 40;
    private static final int MOST_STEPS = 12;

    private RandomNetworkCases() {}

    static List<OperatorCase> all() {
        List<OperatorCase> cases = new ArrayList<>();
        LongStream.range(0, NETWORKS)
                .forEach(seed -> cases.add(
                        OperatorCase.of("network " + seed, model -> new Network(model, new Random(seed)).build())));
        return cases;
    }

    /** A value with its shape [N, C, H, W]. */
    private record Image(String value, int batch, int channels, int height, int width) {
        Image with(String other) {
            return new Image(other, batch, channels, height, width);
        }
    }

    private static final class Network {
        private final PeerModel model;
        private final Random random;
        private final List<Image> images = new ArrayList<>();

        Network(PeerModel model, Random random) {
            this.model = model;
            this.random = random;
        }

        void build() {
            int batch = random.nextInt(1, 3);
            int channels = random.nextInt(1, 9);
            int size = random.nextInt(4, 12);
            images.add(new Image(model.input(batch, channels, size, size + 1), batch, channels, size, size + 1));
            int steps = random.nextInt(3, MOST_STEPS);
            for (int i = 0; i < steps; i++) {
                images.add(step(random.nextInt(3) == 0 ? any() : images.getLast()));
            }
            model.output(images.getLast().value());
            if (random.nextBoolean()) {
                model.output(any().value());
            }
            head(images.getLast());
        }

        private Image any() {
            return images.get(random.nextInt(images.size()));
        }

        private Image step(Image x) {
            return switch (random.nextInt(12)) {
                case 0, 1, 2 -> conv(x);
                case 3, 4 -> normalised(x);
                case 5, 6 -> activated(x);
                case 7 -> shortcut(x);
                case 8 -> pooled(x);
                case 9 -> scaled(x);
                case 10 -> padded(x);
                default -> joined(x);
            };
        }

        private Image conv(Image x) {
            int kernel = Math.min(random.nextInt(1, 4), Math.min(x.height(), x.width()));
            int pad = random.nextInt(kernel);
            int stride = random.nextInt(3) == 0 ? 2 : 1;
            boolean depthwise = random.nextInt(5) == 0;
            int filters = depthwise ? x.channels() : random.nextInt(1, 12);
            Attributes attributes = attrs().ints("pads", pad, pad, pad, pad)
                    .ints("strides", stride, stride)
                    .i("group", depthwise ? x.channels() : 1);
            String weights = model.weights(filters, depthwise ? 1 : x.channels(), kernel, kernel);
            String y = random.nextBoolean()
                    ? model.node("Conv", attributes, x.value(), weights)
                    : model.node("Conv", attributes, x.value(), weights, model.weights(filters));
            return new Image(
                    y,
                    x.batch(),
                    filters,
                    (x.height() + 2 * pad - kernel) / stride + 1,
                    (x.width() + 2 * pad - kernel) / stride + 1);
        }

        private Image normalised(Image x) {
            int channels = x.channels();
            return x.with(model.node(
                    "BatchNormalization",
                    attrs().f("epsilon", 1e-3f),
                    x.value(),
                    model.weights(channels),
                    model.weights(channels),
                    model.weights(channels),
                    model.positive(channels)));
        }

        private Image activated(Image x) {
            return x.with(
                    switch (random.nextInt(6)) {
                        case 0 -> model.node("LeakyRelu", x.value());
                        case 1 -> model.node("Sigmoid", x.value());
                        case 2 -> clip(x.value());
                        case 3 -> model.node("PRelu", x.value(), model.weights(x.channels(), 1, 1));
                        default -> model.node("Relu", x.value());
                    });
        }

        private String clip(String x) {
            return model.opset() < 11
                    ? model.node("Clip", attrs().f("min", 0).f("max", 6), x)
                    : model.node("Clip", x, model.scalar(0), model.scalar(6));
        }

        /** The sum with an earlier value of the same shape. */
        private Image shortcut(Image x) {
            List<Image> equals = images.stream()
                    .filter(other -> other.with("").equals(x.with("")))
                    .toList();
            Image other = equals.isEmpty() ? x : equals.get(random.nextInt(equals.size()));
            return x.with(model.node(random.nextInt(4) == 0 ? "Mul" : "Add", x.value(), other.value()));
        }

        private Image pooled(Image x) {
            if (x.height() < 2 || x.width() < 2) {
                return activated(x);
            }
            Attributes attributes = attrs().ints("kernel_shape", 2, 2).ints("strides", 2, 2);
            String y = model.node(random.nextBoolean() ? "MaxPool" : "AveragePool", attributes, x.value());
            return new Image(y, x.batch(), x.channels(), x.height() / 2, x.width() / 2);
        }

        /** What exporters make of batch norm. */
        private Image scaled(Image x) {
            String scaled = model.node("Mul", x.value(), model.weights(1, x.channels(), 1, 1));
            return x.with(model.node("Add", scaled, model.weights(x.channels(), 1, 1)));
        }

        private Image padded(Image x) {
            long[] pads = {0, 0, 1, random.nextInt(2), 0, 0, random.nextInt(3), 1};
            String y = model.opset() < 11
                    ? model.node("Pad", attrs().ints("pads", pads), x.value())
                    : model.node("Pad", x.value(), model.ints(pads));
            return new Image(
                    y,
                    x.batch(),
                    x.channels(),
                    x.height() + (int) (pads[2] + pads[6]),
                    x.width() + (int) (pads[3] + pads[7]));
        }

        private Image joined(Image x) {
            String y = model.node("Concat", attrs().i("axis", 1), x.value(), x.value());
            return new Image(y, x.batch(), 2 * x.channels(), x.height(), x.width());
        }

        private void head(Image x) {
            String pooled = model.node("GlobalAveragePool", x.value());
            String flat = model.node("Flatten", pooled);
            String logits =
                    model.node("Gemm", attrs().i("transB", 1), flat, model.weights(7, x.channels()), model.weights(7));
            model.output(logits);
            model.output(model.node("Softmax", logits));
        }
    }
}
