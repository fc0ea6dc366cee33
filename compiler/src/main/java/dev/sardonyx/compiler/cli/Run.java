package dev.sardonyx.compiler.cli;

import dev.sardonyx.runtime.cli.ImageOptions;
import dev.sardonyx.runtime.cli.ModelCommand;
import dev.sardonyx.runtime.cli.Preset;
import dev.sardonyx.runtime.cli.RunCommand;
import dev.sardonyx.runtime.cli.Terminal;
import dev.sardonyx.runtime.cli.UsageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sardonyx run}. */
@Command(
        name = "run",
        description = "Runs a model once, on tensors from files or on a picture.",
        footer = {
            "Examples:",
            "  sardonyx run resnet50.jar --image cat.jpg --labels imagenet-labels.txt --top 3",
            "  sardonyx run resnet50.onnx --input pixels.npy --output results",
            "  sardonyx run twins.jar --input left=a.npy --input right=b.npy --output results"
        })
final class Run implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(paramLabel = "M.jar|M.onnx", description = "A compiled model, or one to compile first.")
    private Path model;

    @Option(
            names = "--input",
            paramLabel = "[NAME=]FILE",
            description =
                    "A .npy or .pb file (ONNX TensorProto) for the input NAME, or for the next input. A file of several"
                            + " batches goes through in several runs.")
    private List<String> inputs = new ArrayList<>();

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Write NAME.npy there for each output; without it the outputs are shown.")
    private Optional<Path> output = Optional.empty();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that work on one inference (default " + ModelCommand.DEFAULT_THREADS + ").")
    private int threads = ModelCommand.DEFAULT_THREADS;

    @ArgGroup(validate = false, heading = "%nPictures:%n")
    private Picture picture = new Picture();

    @Mixin
    private DeviceOptions device = new DeviceOptions();

    @ArgGroup(validate = false, heading = "%nFor an ONNX file:%n")
    private ModelOptions options = new ModelOptions();

    Run(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        RunCommand command =
                new RunCommand(inputs, output, picture.toImageOptions(), picture.labels, picture.top, threads);
        return ModelRunner.run(command, model, options, device, terminal);
    }

    /** Options on pictures. */
    static final class Picture {

        @Option(
                names = "--image",
                paramLabel = "P",
                description = "A PNG or JPEG picture, for a model with one input [1, C, H, W] or [1, H, W, C].")
        private Optional<Path> image = Optional.empty();

        @Option(names = "--labels", paramLabel = "L", description = "Names of the classes, one a line.")
        private Optional<Path> labels = Optional.empty();

        @Option(
                names = "--top",
                paramLabel = "N",
                description = "How many classes to show (default " + RunCommand.DEFAULT_TOP + ").")
        private int top = RunCommand.DEFAULT_TOP;

        @Option(
                names = "--preset",
                paramLabel = "NAME",
                description = {
                    "How to normalise the pixels; default cifar10 up to 64 pixels, else imagenet; unit for grey, none"
                            + " for integers:",
                    "  imagenet     RGB 0..1, minus 0.485,0.456,0.406, over 0.229,0.224,0.225",
                    "  cifar10      RGB 0..1, minus 0.4914,0.4822,0.4465, over 0.2470,0.2435,0.2616",
                    "  keras-caffe  BGR 0..255, minus 103.939,116.779,123.68",
                    "  keras-tf     RGB -1..1",
                    "  unit         RGB 0..1",
                    "  none         RGB 0..255"
                })
        private Optional<String> preset = Optional.empty();

        @Option(
                names = "--mean",
                paramLabel = "A,B,C",
                description = "Other means, in the model's channel order, on the preset's scale (0..1 or 0..255).")
        private Optional<String> mean = Optional.empty();

        @Option(names = "--std", paramLabel = "A,B,C", description = "Other standard deviations.")
        private Optional<String> std = Optional.empty();

        @Option(names = "--bgr", description = "Blue first.")
        private boolean bgr;

        @Option(
                names = "--resize",
                paramLabel = "N",
                description =
                        "Scale the shorter side to N before the middle is cut out; default: nothing if the picture has"
                                + " the model's size, else 256/224 of it (imagenet, keras-caffe) or just its size.")
        private Optional<Integer> resize = Optional.empty();

        Optional<ImageOptions> toImageOptions() {
            if (image.isEmpty()
                    && (preset.isPresent() || mean.isPresent() || std.isPresent() || bgr || resize.isPresent())) {
                throw new UsageException("--preset, --mean, --std, --bgr and --resize need --image");
            }
            return image.map(file -> new ImageOptions(
                    file,
                    preset.map(Preset::parse),
                    numbers("--mean", mean),
                    numbers("--std", std),
                    bgr,
                    resize.map(OptionalInt::of).orElseGet(OptionalInt::empty)));
        }

        private static List<Float> numbers(String option, Optional<String> text) {
            return text.map(value -> ImageOptions.numbers(option, value)).orElseGet(List::of);
        }
    }
}
