package dev.sardonyx.compiler.cli;

import dev.sardonyx.codegen.KernelReport;
import dev.sardonyx.compiler.bench.Agreement;
import dev.sardonyx.compiler.bench.Contest;
import dev.sardonyx.compiler.bench.FusionLadder;
import dev.sardonyx.compiler.bench.FusionLadder.Rung;
import dev.sardonyx.compiler.bench.Peer;
import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.driver.CompileResult;
import dev.sardonyx.compiler.driver.SardonyxCompiler;
import dev.sardonyx.runtime.ModelInfo;
import dev.sardonyx.runtime.Session;
import dev.sardonyx.runtime.SessionOptions;
import dev.sardonyx.runtime.cli.BenchArrays;
import dev.sardonyx.runtime.cli.ErrorReport;
import dev.sardonyx.runtime.cli.JsonObject;
import dev.sardonyx.runtime.cli.Latency;
import dev.sardonyx.runtime.cli.Printable;
import dev.sardonyx.runtime.cli.Table;
import dev.sardonyx.runtime.cli.Terminal;
import dev.sardonyx.runtime.cli.Tolerance;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * {@code bench --fusion}: a model compiled once for each {@link Rung} of the {@link FusionLadder}, all beside one another in this JVM.
 *
 * @param peer another engine that runs the same file, beside them
 * @param threads threads of each that work on one inference
 * @param rounds how many turns each has
 * @param warmup the longest warm-up of each
 * @param json the file that gets the figures as well
 * @param chart the PNG file that gets a chart
 */
record FusionBench(
        Optional<Peer> peer, int threads, int rounds, Duration warmup, Optional<Path> json, Optional<Path> chart) {

    /** A row of the table: a rung, or the peer, of which only times are known. */
    private record Row(String name, Optional<Work> work, Latency latency, double timesPrevious, double timesFirst) {}

    /** What a rung does in one run, on the widest vectors. */
    private record Work(int kernels, long bytes) {
        static Work of(List<KernelReport> kernels) {
            return new Work(
                    kernels.size(),
                    kernels.stream().mapToLong(KernelReport::bytes).sum());
        }
    }

    /** A rung that is ready to run. */
    private record Contestant(Rung rung, Work work, CompiledJar jar, Session session, float[][] outputs)
            implements AutoCloseable {

        /** Compiles {@code model} in {@code folder}, whose space is free again afterwards. */
        static Contestant load(Path model, Rung rung, Path folder, int threads, Consumer<CompileResult> check)
                throws IOException {
            CompileResult result = SardonyxCompiler.compile(model, rung.options());
            check.accept(result);
            Path file = Files.createTempFile(folder, "rung", ".jar");
            result.writeJar(file);
            CompiledJar jar = CompiledJar.open(file);
            return new Contestant(
                    rung,
                    Work.of(result.kernels()),
                    jar,
                    jar.model().newSession(SessionOptions.defaults().withThreads(threads)),
                    BenchArrays.outputs(result.info()));
        }

        @Override
        public void close() {
            session.close();
            jar.close();
        }
    }

    /**
     * Compiles, compares the outputs, then the times.
     *
     * @param options how to compile; {@linkplain FusionLadder#rungs the rungs} change the rest
     * @param check is told what each rung was compiled to
     * @return the exit code; {@link ErrorReport#NO} if the outputs differ
     */
    int run(Path model, CompileOptions options, Consumer<CompileResult> check, Terminal terminal) {
        List<Contestant> contestants = new ArrayList<>();
        try (TemporaryFolder folder = TemporaryFolder.create()) {
            try {
                for (Rung rung : FusionLadder.rungs(options)) {
                    terminal.progress("compiling: " + rung.name());
                    contestants.add(Contestant.load(model, rung, folder.path(), threads, check));
                }
                return peer.isPresent()
                        ? runBesidePeer(model, peer.get(), contestants, terminal)
                        : compare(contestants, Optional.empty(), terminal);
            } catch (IOException e) {
                throw Failures.usage(e);
            } finally {
                contestants.forEach(Contestant::close);
                terminal.progressDone();
            }
        }
    }

    private int runBesidePeer(Path model, Peer peer, List<Contestant> contestants, Terminal terminal) {
        try (Peer.Session session = peer.open(model, info(contestants), threads)) {
            return compare(contestants, Optional.of(session), terminal);
        }
    }

    private int compare(List<Contestant> contestants, Optional<Peer.Session> other, Terminal terminal) {
        terminal.progress("comparing outputs");
        float[][] inputs = BenchArrays.inputs(info(contestants));
        double share = worstShareOfTolerance(contestants, other, inputs);
        terminal.progressDone();
        if (!(share <= 1)) {
            line(
                    terminal.err(),
                    "the outputs differ by %s times the tolerance, %s: nothing measured"
                            .formatted(Quantity.fixed(share, 2), Tolerance.DEFAULT));
            return ErrorReport.NO;
        }
        List<Row> rows = measure(contestants, other, inputs, terminal);
        terminal.progressDone();
        print(contestants, other, share, rows, terminal.out());
        json.ifPresent(file -> writeJson(file, contestants, other, rows));
        chart.ifPresent(file -> FusionChart.write(
                file,
                info(contestants).name() + ", " + Quantity.of(threads, "thread"),
                rows.stream()
                        .map(row -> new FusionChart.Bar(row.name, row.latency.medianMs()))
                        .toList()));
        return ErrorReport.OK;
    }

    private static ModelInfo info(List<Contestant> contestants) {
        return contestants.getLast().jar.model().info();
    }

    /** The last rung is what all others are compared with. */
    private static double worstShareOfTolerance(
            List<Contestant> contestants, Optional<Peer.Session> other, float[][] inputs) {
        contestants.forEach(contestant -> contestant.session.run(inputs, contestant.outputs));
        float[][] expected = contestants.getLast().outputs;
        double worst = contestants.stream()
                .mapToDouble(contestant -> Agreement.worstShareOfTolerance(contestant.outputs, expected))
                .max()
                .orElseThrow();
        if (other.isEmpty()) {
            return worst;
        }
        float[][] theirs = BenchArrays.outputs(info(contestants));
        other.get().set(inputs);
        other.get().run();
        other.get().get(theirs);
        return Math.max(worst, Agreement.worstShareOfTolerance(theirs, expected));
    }

    private List<Row> measure(
            List<Contestant> contestants, Optional<Peer.Session> other, float[][] inputs, Terminal terminal) {
        List<Contest.Task> tasks = new ArrayList<>();
        for (Contestant contestant : contestants) {
            tasks.add(
                    new Contest.Task(contestant.rung.name(), () -> contestant.session.run(inputs, contestant.outputs)));
        }
        other.ifPresent(
                session -> tasks.add(new Contest.Task(peer.map(Peer::name).orElseThrow(), session::run)));
        Contest.Result result = new Contest().hold(tasks, rounds, warmup, terminal::progress);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < tasks.size(); i++) {
            rows.add(new Row(
                    tasks.get(i).name(),
                    i < contestants.size() ? Optional.of(contestants.get(i).work) : Optional.empty(),
                    result.latency(i),
                    result.ratio(Math.max(i - 1, 0), i).median(),
                    result.ratio(0, i).median()));
        }
        return rows;
    }

    private void print(
            List<Contestant> contestants, Optional<Peer.Session> other, double share, List<Row> rows, PrintStream out) {
        line(
                out,
                "%s: %d interleaved rounds in one JVM"
                        .formatted(info(contestants).name(), rounds));
        line(
                out,
                "Sardonyx: %s, threads %d"
                        .formatted(contestants.getLast().jar.model().engine().description(), threads));
        other.ifPresent(session -> line(
                out,
                "%s: %s, %s"
                        .formatted(
                                peer.map(Peer::name).orElseThrow(),
                                peer.map(Peer::description).orElseThrow(),
                                session.settings())));
        line(
                out,
                "outputs agree: at most %s of the tolerance %s".formatted(Quantity.fixed(share, 3), Tolerance.DEFAULT));
        Table table = new Table(
                "fused and planned",
                ">kernels",
                ">bytes moved",
                ">median ms",
                ">p10 ms",
                ">p90 ms",
                ">x previous",
                ">x first");
        for (Row row : rows) {
            table.row(
                    row.name,
                    row.work.map(work -> Quantity.exact(work.kernels)).orElse(""),
                    row.work.map(work -> Quantity.bytes(work.bytes)).orElse(""),
                    Quantity.fixed(row.latency.medianMs(), 3),
                    Quantity.fixed(row.latency.p10Ms(), 3),
                    Quantity.fixed(row.latency.p90Ms(), 3),
                    Quantity.fixed(row.timesPrevious, 2),
                    Quantity.fixed(row.timesFirst, 2));
        }
        table.print(out);
        line(
                out,
                "kernels and bytes (tensors that they read and write, and weights) on the widest vectors; x: how many"
                        + " times as fast as the row before and as the first, medians of the paired ratios");
    }

    private void writeJson(Path file, List<Contestant> contestants, Optional<Peer.Session> other, List<Row> rows) {
        ModelInfo info = info(contestants);
        Latency latency = rows.get(contestants.size() - 1).latency;
        JsonObject figures = new JsonObject()
                .put("model", info.name())
                .put("source_sha256", info.sourceSha256())
                .put("compiler_version", info.compilerVersion())
                .put("engine", contestants.getLast().jar.model().engine().description())
                .put("java", System.getProperty("java.vm.version", ""))
                .put("threads", threads)
                .put("runs", latency.runs())
                .put("median_ms", latency.medianMs())
                .put("p10_ms", latency.p10Ms())
                .put("p90_ms", latency.p90Ms());
        other.ifPresent(
                session -> figures.put("peer", peer.map(Peer::description).orElseThrow())
                        .put("peer_settings", session.settings()));
        figures.put("rows", rows.stream().map(FusionBench::json).toList()).write(file);
    }

    private static JsonObject json(Row row) {
        JsonObject object = new JsonObject().put("name", row.name);
        row.work.ifPresent(work -> object.put("kernels", work.kernels).put("bytes", work.bytes));
        return object.put("warmup_runs", row.latency.warmupRuns())
                .put("median_ms", row.latency.medianMs())
                .put("p10_ms", row.latency.p10Ms())
                .put("p90_ms", row.latency.p90Ms())
                .put("times_previous", row.timesPrevious)
                .put("times_first", row.timesFirst);
    }

    private static void line(PrintStream out, String text) {
        out.println(Printable.line(text));
    }
}
