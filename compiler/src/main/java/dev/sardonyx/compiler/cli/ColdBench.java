package dev.sardonyx.compiler.cli;

import dev.sardonyx.codegen.Names;
import dev.sardonyx.compiler.bench.ColdStart;
import dev.sardonyx.compiler.bench.Peer;
import dev.sardonyx.compiler.bench.Spread;
import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.ModelInfo;
import dev.sardonyx.runtime.cli.ErrorReport;
import dev.sardonyx.runtime.cli.JsonObject;
import dev.sardonyx.runtime.cli.Printable;
import dev.sardonyx.runtime.cli.Table;
import dev.sardonyx.runtime.cli.Terminal;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/**
 * {@code bench --cold}: fresh processes, from the JVM's start to full speed.
 *
 * @param peer another engine, whose processes alternate with ours
 * @param threads threads of each that work on one inference
 * @param processes how many of each
 * @param duration how long each runs after its first answer
 * @param json the file that gets the figures as well
 */
record ColdBench(Optional<Peer> peer, int threads, int processes, Duration duration, Optional<Path> json) {

    static final int DEFAULT_PROCESSES = 10;
    static final int MOST_PROCESSES = 1000;
    static final Duration DEFAULT_DURATION = Duration.ofSeconds(10);

    /**
     * What is measured of a process.
     *
     * @param title with the unit, for people
     * @param key for JSON
     * @param figure empty where the system does not tell
     */
    private record Measure(String title, String key, Function<ColdStart, OptionalDouble> figure) {

        /** Empty where the system does not tell. */
        Optional<Spread> of(List<ColdStart> starts) {
            double[] figures = starts.stream()
                    .flatMapToDouble(start -> figure.apply(start).stream())
                    .toArray();
            return figures.length == 0 ? Optional.empty() : Optional.of(Spread.of(figures));
        }
    }

    private static final Measure STEADY =
            new Measure("steady answer, ms", "steady_ms", start -> OptionalDouble.of(start.steadyMs()));

    private static final List<Measure> MEASURES = List.of(
            new Measure("start to first answer, ms", "first_answer_ms", start -> OptionalDouble.of(start.firstMs())),
            new Measure(
                    "start to within 10 % of steady, ms", "near_steady_ms", start -> OptionalDouble.of(start.nearMs())),
            STEADY,
            new Measure("peak resident memory, MB", "peak_resident_mb", ColdStart::peakMegabytes));

    /** The processes of one engine. */
    private record Engine(String name, List<String> arguments, List<ColdStart> starts) {}

    /**
     * Starts the processes.
     *
     * @param source the ONNX file, for the peer
     * @param jar the compiled model
     */
    int run(Path source, Path jar, Terminal terminal) {
        try (TemporaryFolder folder = TemporaryFolder.create()) {
            Sizes sizes = Sizes.of(jar);
            ModelInfo info = info(jar);
            List<Engine> engines = new ArrayList<>();
            engines.add(new Engine("Sardonyx", ownArguments(jar), new ArrayList<>()));
            peer.ifPresent(other -> engines.add(new Engine(
                    other.name(), other.startArguments(source, info, threads, duration), new ArrayList<>())));
            Path errors = folder.resolve("errors");
            for (int i = 0; i < processes; i++) {
                for (Engine engine : i % 2 == 0 ? engines : engines.reversed()) {
                    terminal.progress("%s, process %d of %d".formatted(engine.name, i + 1, processes));
                    engine.starts.add(ColdStart.measure(engine.arguments, errors));
                }
            }
            terminal.progressDone();
            print(info, sizes, engines, terminal.out());
            json.ifPresent(file -> writeJson(file, info, sizes, engines));
            return ErrorReport.OK;
        } catch (IOException e) {
            throw Failures.usage(e);
        } finally {
            terminal.progressDone();
        }
    }

    private static ModelInfo info(Path jar) {
        try (CompiledJar loaded = CompiledJar.open(jar)) {
            CompiledModel model = loaded.model();
            return model.info();
        }
    }

    private List<String> ownArguments(Path jar) {
        return List.of(
                "-jar",
                jar.toString(),
                "bench",
                "--start",
                Quantity.fixed(duration.toMillis() / 1e3, 3),
                "--threads",
                Integer.toString(threads));
    }

    private void print(ModelInfo info, Sizes sizes, List<Engine> engines, PrintStream out) {
        line(
                out,
                "%s: %s each, %s s after the first answer, threads %d"
                        .formatted(
                                info.name(),
                                processes == 1 ? "1 fresh process" : processes + " fresh processes",
                                Quantity.fixed(duration.toMillis() / 1e3, 1),
                                threads));
        peer.ifPresent(other -> line(out, other.name() + ": " + other.description()));
        line(
                out,
                "jar: %s, of which weights %s, beyond them %s"
                        .formatted(
                                Quantity.bytes(sizes.jar),
                                Quantity.bytes(sizes.weights),
                                Quantity.bytes(sizes.jar - sizes.weights)));
        Table table = new Table("engine", "measure", ">median", ">p10", ">p90");
        for (Engine engine : engines) {
            for (Measure measure : MEASURES) {
                measure.of(engine.starts)
                        .ifPresent(spread -> table.row(
                                engine.name,
                                measure.title,
                                Quantity.fixed(spread.median(), 1),
                                Quantity.fixed(spread.p10(), 1),
                                Quantity.fixed(spread.p90(), 1)));
            }
        }
        table.print(out);
    }

    private void writeJson(Path file, ModelInfo info, Sizes sizes, List<Engine> engines) {
        Spread steady = STEADY.of(engines.getFirst().starts).orElseThrow();
        JsonObject figures = new JsonObject()
                .put("model", info.name())
                .put("source_sha256", info.sourceSha256())
                .put("compiler_version", info.compilerVersion())
                .put("java", System.getProperty("java.vm.version", ""))
                .put("threads", threads)
                .put("runs", processes)
                .put("median_ms", steady.median())
                .put("p10_ms", steady.p10())
                .put("p90_ms", steady.p90())
                .put("jar_bytes", sizes.jar)
                .put("weight_bytes", sizes.weights);
        peer.ifPresent(other -> figures.put("peer", other.description()));
        figures.put("engines", engines.stream().map(ColdBench::json).toList()).write(file);
    }

    private static JsonObject json(Engine engine) {
        JsonObject object = new JsonObject().put("name", engine.name);
        for (Measure measure : MEASURES) {
            measure.of(engine.starts)
                    .ifPresent(spread -> object.put(measure.key + "_median", spread.median())
                            .put(measure.key + "_p10", spread.p10())
                            .put(measure.key + "_p90", spread.p90()));
        }
        return object;
    }

    private static void line(PrintStream out, String text) {
        out.println(Printable.line(text));
    }

    /**
     * What a jar takes on disk.
     *
     * @param jar its bytes
     * @param weights those of its weights
     */
    private record Sizes(long jar, long weights) {
        static Sizes of(Path jar) throws IOException {
            try (JarFile file = new JarFile(jar.toFile())) {
                long weights = file.stream()
                        .filter(entry -> entry.getName().endsWith(Names.WEIGHTS_SUFFIX))
                        .mapToLong(ZipEntry::getCompressedSize)
                        .sum();
                return new Sizes(Files.size(jar), weights);
            }
        }
    }
}
