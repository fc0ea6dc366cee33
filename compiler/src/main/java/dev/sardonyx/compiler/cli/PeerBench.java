package dev.sardonyx.compiler.cli;

import dev.sardonyx.compiler.bench.Agreement;
import dev.sardonyx.compiler.bench.Contest;
import dev.sardonyx.compiler.bench.Peer;
import dev.sardonyx.compiler.bench.Spread;
import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.ModelInfo;
import dev.sardonyx.runtime.Session;
import dev.sardonyx.runtime.SessionOptions;
import dev.sardonyx.runtime.cli.BenchArrays;
import dev.sardonyx.runtime.cli.ErrorReport;
import dev.sardonyx.runtime.cli.FmaPeak;
import dev.sardonyx.runtime.cli.JsonObject;
import dev.sardonyx.runtime.cli.Latency;
import dev.sardonyx.runtime.cli.Printable;
import dev.sardonyx.runtime.cli.Table;
import dev.sardonyx.runtime.cli.Terminal;
import dev.sardonyx.runtime.cli.Tolerance;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * {@code bench --peer}: a compiled model beside another engine that runs the same file, in one JVM.
 *
 * @param peer the other engine
 * @param threads threads of each that work on one inference
 * @param rounds how many turns each has
 * @param warmup the longest warm-up of each
 * @param json the file that gets the figures as well
 */
record PeerBench(Peer peer, int threads, int rounds, Duration warmup, Optional<Path> json) {

    static final int DEFAULT_ROUNDS = 40;

    private record Figures(
            Latency own, Latency other, Spread ratio, double worstShareOfTolerance, OptionalDouble peak) {}

    /**
     * Compares the outputs, then the times.
     *
     * @param file the ONNX file that {@code model} was compiled from
     * @return the exit code; {@link ErrorReport#NO} if the outputs differ
     */
    int run(Path file, CompiledModel model, Terminal terminal) {
        ModelInfo info = model.info();
        float[][] inputs = BenchArrays.inputs(info);
        float[][] outputs = BenchArrays.outputs(info);
        try (Session own = model.newSession(SessionOptions.defaults().withThreads(threads));
                Peer.Session other = peer.open(file, info, threads)) {
            other.set(inputs);
            terminal.progress("comparing outputs");
            own.run(inputs, outputs);
            other.run();
            float[][] expected = BenchArrays.outputs(info);
            other.get(expected);
            double share = Agreement.worstShareOfTolerance(outputs, expected);
            if (!(share <= 1)) {
                terminal.progressDone();
                terminal.err()
                        .println(Printable.line(
                                "the outputs differ from %s's by %s times the tolerance, %s: nothing measured"
                                        .formatted(peer.description(), Quantity.fixed(share, 2), Tolerance.DEFAULT)));
                return ErrorReport.NO;
            }
            Contest.Result result = new Contest()
                    .hold(
                            List.of(
                                    new Contest.Task("Sardonyx", () -> own.run(inputs, outputs)),
                                    new Contest.Task(peer.name(), other::run)),
                            rounds,
                            warmup,
                            terminal::progress);
            terminal.progress("measuring the peak");
            Figures figures = new Figures(
                    result.latency(0), result.latency(1), result.ratio(1, 0), share, FmaPeak.measure(threads));
            terminal.progressDone();
            print(model, other, figures, terminal.out());
            json.ifPresent(target -> writeJson(target, model, other, figures));
            return ErrorReport.OK;
        }
    }

    private void print(CompiledModel model, Peer.Session other, Figures figures, PrintStream out) {
        line(out, "%s: %d alternating rounds in one JVM".formatted(model.info().name(), rounds));
        line(out, "Sardonyx: %s, threads %d".formatted(model.engine().description(), threads));
        line(out, "%s: %s, %s".formatted(peer.name(), peer.description(), other.settings()));
        line(
                out,
                "outputs agree: at most %s of the tolerance %s"
                        .formatted(Quantity.fixed(figures.worstShareOfTolerance, 3), Tolerance.DEFAULT));
        Table table = new Table("engine", ">median ms", ">p10 ms", ">p90 ms", ">GFLOP/s", ">of peak");
        row(table, "Sardonyx", model.info(), figures.own, figures.peak);
        row(table, peer.name(), model.info(), figures.other, figures.peak);
        table.print(out);
        line(
                out,
                "Sardonyx is %s times as fast: median of the paired ratios (p10 %s, p90 %s)"
                        .formatted(
                                Quantity.fixed(figures.ratio.median(), 3),
                                Quantity.fixed(figures.ratio.p10(), 3),
                                Quantity.fixed(figures.ratio.p90(), 3)));
        figures.peak.ifPresent(
                peak -> line(out, "FMA peak, measured in this run: %s GFLOP/s".formatted(Quantity.fixed(peak, 1))));
    }

    private static void row(Table table, String engine, ModelInfo info, Latency latency, OptionalDouble peak) {
        double gflops = gflops(info, latency);
        table.row(
                engine,
                Quantity.fixed(latency.medianMs(), 3),
                Quantity.fixed(latency.p10Ms(), 3),
                Quantity.fixed(latency.p90Ms(), 3),
                Quantity.fixed(gflops, 1),
                peak.isPresent() ? Quantity.fixed(100 * gflops / peak.getAsDouble(), 1) + " %" : "");
    }

    private void writeJson(Path file, CompiledModel model, Peer.Session other, Figures figures) {
        ModelInfo info = model.info();
        new JsonObject()
                .put("model", info.name())
                .put("source_sha256", info.sourceSha256())
                .put("compiler_version", info.compilerVersion())
                .put("options", info.options())
                .put("engine", model.engine().description())
                .put("java", System.getProperty("java.vm.version", ""))
                .put("threads", threads)
                .put("runs", figures.own.runs())
                .put("warmup_runs", figures.own.warmupRuns())
                .put("median_ms", figures.own.medianMs())
                .put("p10_ms", figures.own.p10Ms())
                .put("p90_ms", figures.own.p90Ms())
                .put("macs", info.multiplyAccumulates())
                .put("gflops", gflops(info, figures.own))
                .put("peer", peer.description())
                .put("peer_settings", other.settings())
                .put("peer_warmup_runs", figures.other.warmupRuns())
                .put("peer_median_ms", figures.other.medianMs())
                .put("peer_p10_ms", figures.other.p10Ms())
                .put("peer_p90_ms", figures.other.p90Ms())
                .put("peer_gflops", gflops(info, figures.other))
                .put("ratio_median", figures.ratio.median())
                .put("ratio_p10", figures.ratio.p10())
                .put("ratio_p90", figures.ratio.p90())
                .put("share_of_tolerance", figures.worstShareOfTolerance)
                .put("peak_gflops", figures.peak.orElse(Double.NaN))
                .write(file);
    }

    /** Billions of floating-point operations a second, of those that the network asks for; a multiply-accumulate counts as two. */
    private static double gflops(ModelInfo info, Latency latency) {
        return 2 * info.multiplyAccumulates() / latency.medianMs() / 1e6;
    }

    private static void line(PrintStream out, String text) {
        out.println(Printable.line(text));
    }
}
