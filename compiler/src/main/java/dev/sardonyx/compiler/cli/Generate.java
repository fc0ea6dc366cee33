package dev.sardonyx.compiler.cli;

import dev.sardonyx.compiler.zoo.GenerateOptions;
import dev.sardonyx.compiler.zoo.ModelZoo;
import dev.sardonyx.runtime.cli.Destination;
import dev.sardonyx.runtime.cli.ErrorReport;
import dev.sardonyx.runtime.cli.Printable;
import dev.sardonyx.runtime.cli.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sardonyx generate}. */
@Command(
        name = "generate",
        description = "Writes a network of the ResNet family as an ONNX file, with seeded random weights and Conv,"
                + " BatchNormalization and Relu apart: something to compile without a download.",
        footer = {
            "Examples:",
            "  sardonyx generate resnet50 -o resnet50.onnx",
            "  sardonyx generate resnet20 -o resnet20.onnx --seed 7 --batch 8",
            "  sardonyx generate vgg16 -o small-vgg16.onnx --size 64 --width-divisor 4 --classes 10"
        })
final class Generate implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(
            paramLabel = "NAME",
            completionCandidates = Names.class,
            description = {
                "One of: ${COMPLETION-CANDIDATES}.",
                "Short names will do: resnet20 is cifar-resnet20-a, as published, resnet20-b the one with projections,"
                        + " preact20 is cifar-preact20, plain20 cifar-plain20, resnet50v2 is resnet50-v2."
            })
    private String name;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE",
            description = "The ONNX file to write.")
    private Path file;

    @Option(names = "--seed", paramLabel = "N", description = "Decides the weights (default 0).")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Batch size (default 1); 0 leaves it open, under the name batch.")
    private Optional<Integer> batch = Optional.empty();

    @Option(names = "--size", paramLabel = "N", description = "Height and width of the input (default: as published).")
    private Optional<Integer> size = Optional.empty();

    @Option(names = "--classes", paramLabel = "N", description = "Number of classes (default: as published).")
    private Optional<Integer> classes = Optional.empty();

    @Option(
            names = "--width-divisor",
            paramLabel = "N",
            description = "Divide the channels of every layer but the last, for small models (default 1).")
    private Optional<Integer> widthDivisor = Optional.empty();

    Generate(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Destination.checkFile("-o", file);
        String description;
        try {
            GenerateOptions options = generateOptions();
            ModelZoo.write(name, options, file);
            description = ModelZoo.describe(name, options);
        } catch (IllegalArgumentException | IOException e) {
            throw Failures.usage(e);
        }
        terminal.out().println(Printable.line(file + ": " + description + ", " + Quantity.bytes(Files.size(file))));
        return ErrorReport.OK;
    }

    private GenerateOptions generateOptions() {
        GenerateOptions options = GenerateOptions.defaults().withSeed(seed.orElse(0L));
        if (batch.isPresent()) {
            options = batch.get() == 0 ? options.withOpenBatch() : options.withBatch(batch.get());
        }
        if (size.isPresent()) {
            options = options.withInputSize(size.get());
        }
        if (classes.isPresent()) {
            options = options.withClasses(classes.get());
        }
        return widthDivisor.isPresent() ? options.withWidthDivisor(widthDivisor.get()) : options;
    }

    private static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return ModelZoo.names().iterator();
        }
    }
}
