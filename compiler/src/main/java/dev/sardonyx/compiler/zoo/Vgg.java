package dev.sardonyx.compiler.zoo;

import dev.sardonyx.compiler.onnx.OnnxWriter;
import dev.sardonyx.compiler.zoo.NetworkBuilder.Feature;
import java.util.List;

/**
 * VGG networks: stages of 3x3 convolutions, each ended by 2x2 max pooling, and three fully connected layers. Source: Simonyan
 * and Zisserman, Very Deep Convolutional Networks for Large-Scale Image Recognition, 2014.
 *
 * @param convolutions number of convolutions in each of the five stages
 * @param batchNorm whether batch normalisation follows each convolution
 * @param description one line for the user
 */
record Vgg(List<Integer> convolutions, boolean batchNorm, String description) implements Architecture {
    private static final List<Integer> WIDTHS = List.of(64, 128, 256, 512, 512);
    private static final int HIDDEN = 4096;

    @Override
    public int inputSize() {
        return 224;
    }

    @Override
    public int classes() {
        return 1000;
    }

    @Override
    public OnnxWriter build(String name, GenerateOptions options) {
        int size = options.inputSize().orElse(inputSize());
        if (size < 1 << WIDTHS.size()) {
            throw new IllegalArgumentException(
                    name + " halves its input " + WIDTHS.size() + " times: input size " + size + " is too small");
        }
        var net = new NetworkBuilder(name, options.seed(), options.batch());
        Feature x = net.input(3, size);
        int layer = 0; // as in torchvision, where each operator of the stages has a number
        for (int stage = 0; stage < WIDTHS.size(); stage++) {
            int width = options.width(WIDTHS.get(stage));
            for (int i = 0; i < convolutions.get(stage); i++) {
                x = net.conv("features." + layer++, x, width, 3, 1, true, 1);
                if (batchNorm) {
                    x = net.batchNorm("features." + layer++, x, 1);
                }
                x = net.relu("features." + layer++, x);
            }
            x = net.maxPool("features." + layer++, x, 2, 2, 0);
        }
        x = net.flatten(x);
        int hidden = options.width(HIDDEN);
        x = net.relu("classifier.1", net.linear("classifier.0", x, hidden));
        x = net.relu("classifier.4", net.linear("classifier.3", x, hidden));
        return net.logits("classifier.6", x, options.classes().orElse(classes()));
    }
}
