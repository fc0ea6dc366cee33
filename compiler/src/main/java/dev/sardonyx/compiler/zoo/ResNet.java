package dev.sardonyx.compiler.zoo;

import dev.sardonyx.compiler.onnx.OnnxWriter;
import dev.sardonyx.compiler.zoo.NetworkBuilder.Feature;
import java.util.List;

/**
 * Residual networks, and plain ones, which are the same without shortcuts. Sources: He et al., Deep Residual Learning for Image
 * Recognition, 2015; Identity Mappings in Deep Residual Networks, 2016 (pre-activation). Where the first halves the feature map
 * in a bottleneck's first convolution, this does in its 3x3 ("v1.5", as torchvision).
 *
 * @param stem what comes before the blocks
 * @param block what a block holds
 * @param blocks number of blocks in each stage; each stage but the first halves the feature map and doubles the channels
 * @param shortcut how a block's input reaches its output
 * @param preActivation whether norm and activation come before each convolution instead of after
 * @param description one line for the user
 */
record ResNet(
        Stem stem, Block block, List<Integer> blocks, Shortcut shortcut, boolean preActivation, String description)
        implements Architecture {

    /** Scale of a residual branch's output: keeps the sum of 50 branches in range. */
    private static final double BRANCH_GAIN = 0.25;

    enum Stem {
        /** 7x7 convolution with stride 2 and 3x3 max pooling with stride 2. */
        IMAGENET(64, 224, 1000),
        /** 3x3 convolution. */
        CIFAR(16, 32, 10);

        private final int width;
        private final int inputSize;
        private final int classes;

        Stem(int width, int inputSize, int classes) {
            this.width = width;
            this.inputSize = inputSize;
            this.classes = classes;
        }
    }

    enum Block {
        /** Two 3x3 convolutions. */
        BASIC(1),
        /** A 1x1, a 3x3 and a 1x1 convolution; the last has four times the channels. */
        BOTTLENECK(4);

        private final int expansion;

        Block(int expansion) {
            this.expansion = expansion;
        }
    }

    /** The paper's options. */
    enum Shortcut {
        /** No shortcut: a plain network. */
        NONE,
        /** Option A: identity; where the shape changes, every second pixel and zero channels. No parameters. */
        A,
        /** Option B: identity; where the shape changes, a 1x1 convolution. */
        B,
        /** Option C: a 1x1 convolution everywhere. */
        C
    }

    @Override
    public int inputSize() {
        return stem.inputSize;
    }

    @Override
    public int classes() {
        return stem.classes;
    }

    @Override
    public OnnxWriter build(String name, GenerateOptions options) {
        var net = new NetworkBuilder(name, options.seed(), options.batch());
        Feature x = net.input(3, options.inputSize().orElse(inputSize()));
        int width = options.width(stem.width);
        x = stem(net, x, width);
        for (int stage = 0; stage < blocks.size(); stage++) {
            for (int i = 0; i < blocks.get(stage); i++) {
                String module = "layer" + (stage + 1) + "." + i;
                int stride = stage > 0 && i == 0 ? 2 : 1;
                x = preActivation
                        ? preActivationBlock(net, module, x, width << stage, stride)
                        : block(net, module, x, width << stage, stride);
            }
        }
        if (preActivation) {
            x = net.relu("relu", net.batchNorm("bn", x, 1));
        }
        return net.logits(
                "fc", net.globalAveragePool("avgpool", x), options.classes().orElse(classes()));
    }

    private Feature stem(NetworkBuilder net, Feature input, int width) {
        boolean large = stem == Stem.IMAGENET;
        Feature x = net.conv("conv1", input, width, large ? 7 : 3, large ? 2 : 1, false, 1);
        if (!preActivation) {
            x = net.relu("relu", net.batchNorm("bn1", x, 1));
        }
        return large ? net.maxPool("maxpool", x, 3, 2, 1) : x;
    }

    /**
     * {@snippet lang = text:
     * x ─ conv ─ bn ─ relu ─ … ─ conv ─ bn ─ + ─ relu
     * └──────────── shortcut ────────────────┘
     * }
     */
    private Feature block(NetworkBuilder net, String module, Feature x, int width, int stride) {
        int convolutions = block == Block.BASIC ? 2 : 3;
        Feature y = x;
        for (int i = 1; i < convolutions; i++) {
            y = net.batchNorm(module + ".bn" + i, conv(net, module, i, y, width, stride, 1), 1);
            y = net.relu(module + ".relu" + i, y);
        }
        y = conv(net, module, convolutions, y, width, stride, 1);
        y = net.batchNorm(module + ".bn" + convolutions, y, shortcut == Shortcut.NONE ? 1 : BRANCH_GAIN);
        if (shortcut != Shortcut.NONE) {
            Feature identity = x;
            if (needsProjection(x, y)) {
                identity = net.conv(module + ".downsample.0", x, y.channels(), 1, stride, false, 1);
                identity = net.batchNorm(module + ".downsample.1", identity, 1);
            } else if (changesShape(x, y)) {
                identity = net.subsampleAndPad(module + ".shortcut", x, y.channels(), stride);
            }
            y = net.add(module, y, identity);
        }
        return net.relu(module + ".relu" + convolutions, y);
    }

    /**
     * {@snippet lang = text:
     * x ─ bn ─ relu ─┬─ conv ─ … ─ bn ─ relu ─ conv ─ +
     * │              └── 1x1, if the shape changes ───┤
     * └───────────────── else x itself ───────────────┘
     * }
     */
    private Feature preActivationBlock(NetworkBuilder net, String module, Feature x, int width, int stride) {
        int convolutions = block == Block.BASIC ? 2 : 3;
        Feature activated = net.relu(module + ".relu1", net.batchNorm(module + ".bn1", x, 1));
        Feature y = conv(net, module, 1, activated, width, stride, 1);
        for (int i = 2; i <= convolutions; i++) {
            y = net.relu(module + ".relu" + i, net.batchNorm(module + ".bn" + i, y, 1));
            y = conv(net, module, i, y, width, stride, i == convolutions ? BRANCH_GAIN : 1);
        }
        Feature identity = needsProjection(x, y)
                ? net.conv(module + ".downsample", activated, y.channels(), 1, stride, false, 1)
                : x;
        return net.add(module, y, identity);
    }

    /** A block's {@code index}-th convolution, counted from 1. The first 3x3 has the stride. */
    private Feature conv(NetworkBuilder net, String module, int index, Feature x, int width, int stride, double gain) {
        boolean bottleneck = block == Block.BOTTLENECK;
        int kernel = bottleneck && index != 2 ? 1 : 3;
        int strideHere = index == (bottleneck ? 2 : 1) ? stride : 1;
        int channels = bottleneck && index == 3 ? width * block.expansion : width;
        return net.conv(module + ".conv" + index, x, channels, kernel, strideHere, false, gain);
    }

    private boolean needsProjection(Feature x, Feature y) {
        return shortcut == Shortcut.C || (shortcut == Shortcut.B && changesShape(x, y));
    }

    private static boolean changesShape(Feature x, Feature y) {
        return x.size() != y.size() || x.channels() != y.channels();
    }
}
