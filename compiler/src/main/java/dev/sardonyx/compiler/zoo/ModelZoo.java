package dev.sardonyx.compiler.zoo;

import dev.sardonyx.compiler.onnx.OnnxWriter;
import dev.sardonyx.compiler.zoo.ResNet.Block;
import dev.sardonyx.compiler.zoo.ResNet.Shortcut;
import dev.sardonyx.compiler.zoo.ResNet.Stem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The networks that {@code sardonyx generate} makes: the ResNet family in ONNX opset 17, with seeded weights, Conv and
 * BatchNormalization apart, input {@code input} float32 [N, 3, size, size] and output {@code logits} float32 [N, classes]. The
 * weights are random and of a scale that keeps activations and logits within a few units; the input they are made for has mean 0
 * and variance 1 per channel. Thread-safe.
 *
 * <p>The names: {@code resnet18}, {@code 34}, {@code 50}, {@code 101}, {@code 152}, with {@code -v2} for pre-activation;
 * {@code resnet34-a} and {@code -c} for the other shortcuts; {@code plain18}, {@code plain34}; {@code vgg16}, {@code vgg19}, with
 * {@code -bn} for batch norm; for CIFAR {@code cifar-resnet20-a}, {@code -b}, {@code -c}, {@code cifar-preact20} and
 * {@code cifar-plain20}, in depths 20, 32, 44, 56 and 110. Wherever a name is asked for, a short one will do: {@code resnet20} is
 * {@code cifar-resnet20-a}, as published, {@code preact20} is {@code cifar-preact20}, {@code resnet50v2} is {@code resnet50-v2}.
 */
public final class ModelZoo {
    private static final List<Integer> IMAGENET_DEPTHS = List.of(18, 34, 50, 101, 152);
    private static final List<Integer> CIFAR_DEPTHS = List.of(20, 32, 44, 56, 110);

    private static final Map<String, Architecture> ARCHITECTURES = architectures();
    private static final ShortNames SHORT_NAMES = new ShortNames(IMAGENET_DEPTHS, CIFAR_DEPTHS);

    private ModelZoo() {}

    /** All names, related ones together. */
    public static List<String> names() {
        return List.copyOf(ARCHITECTURES.keySet());
    }

    /**
     * One line on a network: what it is, its input size and number of classes.
     *
     * @throws IllegalArgumentException if there is no such network
     */
    public static String describe(String name, GenerateOptions options) {
        Architecture architecture = find(name);
        return "%s; %d x %<d pixels, %d classes"
                .formatted(
                        architecture.description(),
                        options.inputSize().orElse(architecture.inputSize()),
                        options.classes().orElse(architecture.classes()));
    }

    /**
     * A network in memory: as {@link #write}, and the writer is left to the caller.
     *
     * @throws IllegalArgumentException if there is no such network or the options do not fit it; the message is one line for
     *     the user
     */
    public static OnnxWriter build(String name, GenerateOptions options) {
        return find(name).build(SHORT_NAMES.canonical(name), options);
    }

    /**
     * Writes a network to an ONNX file, which appears only once it is complete. Equal arguments give equal bytes.
     *
     * @throws IllegalArgumentException if there is no such network or the options do not fit it; the message is one line for
     *     the user
     * @throws IOException if the file cannot be written
     */
    public static void write(String name, GenerateOptions options, Path file) throws IOException {
        build(name, options).write(file);
    }

    private static Architecture find(String name) {
        Architecture architecture = ARCHITECTURES.get(SHORT_NAMES.canonical(name));
        if (architecture == null) {
            throw new IllegalArgumentException("there is no network '" + name + "'; the closest is "
                    + SHORT_NAMES.closest(name, names()) + "; there are " + String.join(", ", names()));
        }
        return architecture;
    }

    private static Map<String, Architecture> architectures() {
        var all = new LinkedHashMap<String, Architecture>();
        for (int depth : IMAGENET_DEPTHS) {
            String version = depth < 50 ? "" : " v1.5 (stride in the 3x3 convolutions)";
            all.put("resnet" + depth, imageNet(depth, Shortcut.B, false, "ResNet-" + depth + version));
        }
        for (Shortcut option : List.of(Shortcut.A, Shortcut.C)) {
            all.put("resnet34-" + letter(option), imageNet(34, option, false, "ResNet-34, shortcut option " + option));
        }
        for (int depth : IMAGENET_DEPTHS) {
            String description = "ResNet-" + depth + " v2 (pre-activation)";
            all.put("resnet" + depth + "-v2", imageNet(depth, Shortcut.B, true, description));
        }
        for (int depth : List.of(18, 34)) {
            String description = depth + "-layer plain network (ResNet-" + depth + " without shortcuts)";
            all.put("plain" + depth, imageNet(depth, Shortcut.NONE, false, description));
        }
        for (int depth : List.of(16, 19)) {
            int late = depth == 16 ? 3 : 4;
            List<Integer> convolutions = List.of(2, 2, late, late, late);
            all.put("vgg" + depth, new Vgg(convolutions, false, "VGG-" + depth));
            all.put("vgg" + depth + "-bn", new Vgg(convolutions, true, "VGG-" + depth + " with batch normalisation"));
        }
        for (int depth : CIFAR_DEPTHS) {
            for (Shortcut option : List.of(Shortcut.A, Shortcut.B, Shortcut.C)) {
                String description = "CIFAR ResNet-" + depth + ", shortcut option " + option;
                all.put("cifar-resnet" + depth + "-" + letter(option), cifar(depth, option, false, description));
            }
        }
        for (int depth : CIFAR_DEPTHS) {
            String description = "CIFAR ResNet-" + depth + " v2 (pre-activation)";
            all.put("cifar-preact" + depth, cifar(depth, Shortcut.B, true, description));
        }
        for (int depth : List.of(20, 32, 44, 56)) {
            String description = depth + "-layer plain CIFAR network (no shortcuts)";
            all.put("cifar-plain" + depth, cifar(depth, Shortcut.NONE, false, description));
        }
        return Collections.unmodifiableMap(all);
    }

    private static String letter(Shortcut option) {
        return option.name().toLowerCase(Locale.ROOT);
    }

    private static ResNet imageNet(int depth, Shortcut shortcut, boolean preActivation, String description) {
        Block block = depth < 50 ? Block.BASIC : Block.BOTTLENECK;
        List<Integer> blocks = switch (depth) {
            case 18 -> List.of(2, 2, 2, 2);
            case 34, 50 -> List.of(3, 4, 6, 3);
            case 101 -> List.of(3, 4, 23, 3);
            case 152 -> List.of(3, 8, 36, 3);
            default -> throw new IllegalArgumentException("no ResNet-" + depth);
        };
        return new ResNet(Stem.IMAGENET, block, blocks, shortcut, preActivation, description);
    }

    private static ResNet cifar(int depth, Shortcut shortcut, boolean preActivation, String description) {
        List<Integer> blocks = Collections.nCopies(3, (depth - 2) / 6);
        return new ResNet(Stem.CIFAR, Block.BASIC, blocks, shortcut, preActivation, description);
    }
}
