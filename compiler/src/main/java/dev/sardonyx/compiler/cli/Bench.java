package dev.sardonyx.compiler.cli;

import dev.sardonyx.compiler.bench.Peer;
import dev.sardonyx.compiler.bench.Peers;
import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.driver.CompileResult;
import dev.sardonyx.runtime.cli.BenchCommand;
import dev.sardonyx.runtime.cli.Destination;
import dev.sardonyx.runtime.cli.ModelCommand;
import dev.sardonyx.runtime.cli.Terminal;
import dev.sardonyx.runtime.cli.UsageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sardonyx bench}. */
@Command(
        name = "bench",
        description = "Measures the latency of repeated runs on seeded random input.",
        footer = {
            "Examples:",
            "  sardonyx bench resnet50.jar --threads 2 --json latency.json",
            "  sardonyx bench resnet50.onnx --profile",
            "  sardonyx bench resnet50.onnx --peer ort --threads 2",
            "  sardonyx bench resnet50.onnx --fusion --peer ort --chart fusion.png",
            "  sardonyx bench resnet50.onnx --peer ort --cold 10 --warmup 5"
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
            description = "How many runs to measure (default: for five seconds, but 5 to 1000; rounds, with --peer or"
                    + " --fusion: "
                    + PeerBench.DEFAULT_ROUNDS + ").")
    private Optional<Integer> runs = Optional.empty();

    @Option(
            names = "--warmup",
            paramLabel = "SECONDS",
            description =
                    "The longest warm-up (default 20); it ends once runs no longer get faster. With --cold: how long"
                            + " each process runs after its first answer (default 10).")
    private Optional<Double> warmup = Optional.empty();

    @Option(
            names = "--json",
            paramLabel = "F",
            description = "Also write median_ms, p10_ms, p90_ms, runs and more to F.")
    private Optional<Path> json = Optional.empty();

    @Option(
            names = "--profile",
            description = "Also show the time of each kernel, its GFLOP/s and their share of the processor's FMA peak.")
    private boolean profile;

    @Option(
            names = "--peer",
            paramLabel = "ort",
            description =
                    "Set ONNX Runtime beside M.onnx: same input and threads, outputs compared first, alternating rounds"
                            + " in one JVM; shows medians, the median of the paired ratios and the share of the"
                            + " machine's FMA peak.")
    private Optional<String> peer = Optional.empty();

    @Option(
            names = "--fusion",
            description = "Compile M.onnx six times: nothing fused, then constants and batch norm folded, then"
                    + " activations, residual adds, layouts and memory planned, Winograd. All are loaded into one JVM,"
                    + " compared, warmed up and measured in interleaved rounds, --peer beside them.")
    private boolean fusion;

    @Option(
            names = "--chart",
            paramLabel = "F.png",
            description = "With --fusion, also draw the medians as bars; no chart unless asked for.")
    private Optional<Path> chart = Optional.empty();

    @Option(
            names = "--cold",
            arity = "0..1",
            fallbackValue = "" + ColdBench.DEFAULT_PROCESSES,
            paramLabel = "N",
            description =
                    "Start N fresh processes (10 unless given), java -jar on the compiled jar: time from the JVM's"
                            + " start to the first answer, and until runs take at most a tenth longer than in the end;"
                            + " peak resident memory, where there is /proc; the jar's size beyond the weights. With"
                            + " --peer, its processes alternate with these.")
    private Optional<Integer> cold = Optional.empty();

    @Mixin
    private DeviceOptions device = new DeviceOptions();

    @ArgGroup(validate = false, heading = "%nFor an ONNX file:%n")
    private ModelOptions options = new ModelOptions();

    Bench(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        json.ifPresent(file -> Destination.checkFile("--json", file, model));
        Path[] taken = Stream.concat(Stream.of(model), json.stream()).toArray(Path[]::new);
        chart.ifPresent(file -> Destination.checkFile("--chart", file, taken));
        BenchCommand command = new BenchCommand(
                threads,
                runs.map(OptionalInt::of).orElseGet(OptionalInt::empty),
                warmup.map(Bench::duration).orElse(BenchCommand.DEFAULT_WARMUP),
                json,
                profile);
        if (chart.isPresent() && !fusion) {
            throw new UsageException("--chart needs --fusion");
        }
        if (Stream.of(fusion, cold.isPresent(), profile).filter(on -> on).count() > 1) {
            throw new UsageException("--fusion, --cold and --profile exclude each other");
        }
        if (fusion || cold.isPresent()) {
            device.refuse(fusion ? "--fusion" : "--cold");
        }
        if (cold.isPresent()) {
            return startCold(cold.get(), command);
        }
        if (fusion) {
            return compareFusions(command);
        }
        if (peer.isPresent()) {
            return comparePeer(Peers.named(peer.get()), command);
        }
        return ModelRunner.run(command, model, options, device, terminal);
    }

    /** Not known before the model is read: which files hold its weights. */
    private void keepSources(CompileResult result) {
        json.ifPresent(file -> Destination.keep(result.imported().files(), "--json", file));
        chart.ifPresent(file -> Destination.keep(result.imported().files(), "--chart", file));
    }

    private int comparePeer(Peer other, BenchCommand options) {
        if (ModelRunner.isJar(model)) {
            throw new UsageException(model + ": --peer takes the ONNX file, which it compiles itself");
        }
        if (profile) {
            throw new UsageException("--peer and --profile exclude each other");
        }
        PeerBench bench = new PeerBench(
                other,
                options.threads(),
                options.runs().orElse(PeerBench.DEFAULT_ROUNDS),
                options.warmup(),
                options.json());
        return ModelRunner.use(
                model, this.options, device, terminal, this::keepSources, loaded -> bench.run(model, loaded, terminal));
    }

    private int compareFusions(BenchCommand command) {
        CompileOptions compileOptions = options.toCompileOptions();
        if (ModelRunner.isJar(model)) {
            throw new UsageException(model + ": --fusion takes the ONNX file, which it compiles itself");
        }
        if (!compileOptions.target().equals("simd")) {
            throw new UsageException("--fusion is for --target simd");
        }
        if (compileOptions.exact()
                || !compileOptions.disabledFusions().isEmpty()
                || compileOptions.stopAfter().isPresent()) {
            throw new UsageException("--fusion decides what is fused: not with --no-fuse, --exact or --stop-after");
        }
        FusionBench bench = new FusionBench(
                peer.map(Peers::named),
                command.threads(),
                command.runs().orElse(PeerBench.DEFAULT_ROUNDS),
                command.warmup(),
                command.json(),
                chart);
        return bench.run(model, compileOptions, this::keepSources, terminal);
    }

    private int startCold(int processes, BenchCommand command) {
        if (processes < 1 || processes > ColdBench.MOST_PROCESSES) {
            throw new UsageException(
                    "--cold must lie between 1 and " + ColdBench.MOST_PROCESSES + ", not " + processes);
        }
        if (command.runs().isPresent()) {
            throw new UsageException("--cold and --runs exclude each other");
        }
        ColdBench bench = new ColdBench(
                peer.map(Peers::named),
                command.threads(),
                processes,
                warmup.map(Bench::duration).orElse(ColdBench.DEFAULT_DURATION),
                command.json());
        if (ModelRunner.isJar(model) && peer.isPresent()) {
            throw new UsageException(model + ": --peer takes the ONNX file, which it compiles itself");
        }
        return ModelRunner.withJar(model, options, terminal, this::keepSources, jar -> bench.run(model, jar, terminal));
    }

    private static Duration duration(double seconds) {
        if (!(seconds >= 0 && seconds <= LONGEST_WARMUP)) {
            throw new UsageException(
                    "--warmup must lie between 0 and " + (int) LONGEST_WARMUP + " seconds, not " + seconds);
        }
        return Duration.ofMillis(Math.round(1000 * seconds));
    }
}
