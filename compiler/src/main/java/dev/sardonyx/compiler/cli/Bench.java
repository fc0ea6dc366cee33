package dev.sardonyx.compiler.cli;

import dev.sardonyx.runtime.cli.BenchCommand;
import dev.sardonyx.runtime.cli.ModelCommand;
import dev.sardonyx.runtime.cli.Terminal;
import dev.sardonyx.runtime.cli.UsageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sardonyx bench}. */
@Command(
        name = "bench",
        description = "Measures the latency of repeated runs on seeded random input.",
        footer = {
            "Examples:",
            "  sardonyx bench resnet50.jar --threads 2 --json latency.json",
            "  sardonyx bench resnet50.onnx --profile"
        })
final class Bench implements Callable<Integer> {

    private static final double LONGEST_WARMUP = 3600;

    private final Terminal terminal;

    @Parameters(paramLabel = "M.jar|M.onnx", description = "A compiled model, or one to compile first.")
    private Path model;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that work on one inference (default " + ModelCommand.DEFAULT_THREADS + ").")
    private int threads = ModelCommand.DEFAULT_THREADS;

    @Option(
            names = "--runs",
            paramLabel = "N",
            description = "How many runs to measure (default: for five seconds, but 5 to 1000).")
    private Optional<Integer> runs = Optional.empty();

    @Option(
            names = "--warmup",
            paramLabel = "SECONDS",
            description = "The longest warm-up (default 20); it ends once runs no longer get faster.")
    private Optional<Double> warmup = Optional.empty();

    @Option(
            names = "--json",
            paramLabel = "F",
            description = "Also write median_ms, p10_ms, p90_ms, runs and more to F.")
    private Optional<Path> json = Optional.empty();

    @Option(names = "--profile", description = "Also show the time of each kernel.")
    private boolean profile;

    @ArgGroup(validate = false, heading = "%nFor an ONNX file:%n")
    private ModelOptions options = new ModelOptions();

    Bench(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        json.ifPresent(file -> Destination.checkFile("--json", file, model));
        BenchCommand command = new BenchCommand(
                threads,
                runs.map(OptionalInt::of).orElseGet(OptionalInt::empty),
                warmup.map(Bench::duration).orElse(BenchCommand.DEFAULT_WARMUP),
                json,
                profile);
        return ModelRunner.run(command, model, options, terminal);
    }

    private static Duration duration(double seconds) {
        if (!(seconds >= 0 && seconds <= LONGEST_WARMUP)) {
            throw new UsageException(
                    "--warmup must lie between 0 and " + (int) LONGEST_WARMUP + " seconds, not " + seconds);
        }
        return Duration.ofMillis(Math.round(1000 * seconds));
    }
}
