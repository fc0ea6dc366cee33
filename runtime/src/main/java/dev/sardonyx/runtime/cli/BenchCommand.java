package dev.sardonyx.runtime.cli;

import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.KernelProfile;
import dev.sardonyx.runtime.ModelInfo;
import dev.sardonyx.runtime.Session;
import dev.sardonyx.runtime.SessionOptions;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * {@code bench}: the latency of repeated runs on seeded random input.
 *
 * @param threads number of threads that work on one inference
 * @param runs how many runs are measured, 1 to 1,000,000; where empty, as many as fit into five seconds, but 5 to 1000
 * @param warmup the longest warm-up; it ends earlier once runs no longer get faster
 * @param json the file that gets the figures as well
 * @param profile whether the time of each kernel is shown too
 */
public record BenchCommand(int threads, OptionalInt runs, Duration warmup, Optional<Path> json, boolean profile)
        implements ModelCommand {

    /** The longest warm-up where nothing else is asked for. */
    public static final Duration DEFAULT_WARMUP = Duration.ofSeconds(20);

    private static final int MOST_RUNS = 1_000_000;
    private static final Duration LONGEST_WARMUP = Duration.ofHours(1);
    private static final int LONGEST_PROFILE = 200; // runs

    /**
     * @throws UsageException if a number makes no sense
     */
    public BenchCommand {
        Threads.check(threads);
        if (runs.isPresent() && (runs.getAsInt() < 1 || runs.getAsInt() > MOST_RUNS)) {
            throw new UsageException("--runs must lie between 1 and " + MOST_RUNS + ", not " + runs.getAsInt());
        }
        if (warmup.isNegative() || warmup.compareTo(LONGEST_WARMUP) > 0) {
            throw new UsageException("--warmup must lie between 0 and " + LONGEST_WARMUP.toSeconds() + " seconds");
        }
    }

    @Override
    public void keep(Collection<Path> sources, ModelInfo info) {
        json.ifPresent(file -> Destination.keep(sources, "--json", file));
    }

    @Override
    public int execute(CompiledModel model, Terminal terminal) {
        // better now than after a minute of measuring
        json.ifPresent(file -> Destination.checkFile("--json", file));
        keep(Destination.origin(model.getClass()), model.info());
        Latency latency = measure(model, terminal);
        print(model, latency, terminal.out());
        List<KernelProfile> kernels = profile ? profile(model, Math.min(latency.runs(), LONGEST_PROFILE)) : List.of();
        if (profile) {
            printProfile(kernels, peak(model, terminal), terminal.out());
        }
        json.ifPresent(file -> writeJson(file, model, latency, kernels));
        return ErrorReport.OK;
    }

    /** Warms {@code model} up and measures it. */
    public Latency measure(CompiledModel model, Terminal terminal) {
        float[][] inputs = BenchArrays.inputs(model.info());
        float[][] outputs = BenchArrays.outputs(model.info());
        try (Session session = model.newSession(SessionOptions.defaults().withThreads(threads))) {
            Stopwatch stopwatch = new Stopwatch(() -> session.run(inputs, outputs), System::nanoTime);
            terminal.progress("warming up, at most " + warmup.toSeconds() + " s");
            stopwatch.warmUp(warmup.toNanos());
            terminal.progress("measuring");
            return stopwatch.measure(runs);
        } finally {
            terminal.progressDone();
        }
    }

    /** The time of each kernel in {@code count} runs; the first runs of the session are part of it. */
    public List<KernelProfile> profile(CompiledModel model, int count) {
        float[][] inputs = BenchArrays.inputs(model.info());
        float[][] outputs = BenchArrays.outputs(model.info());
        SessionOptions options = SessionOptions.defaults().withThreads(threads).withProfiling(true);
        try (Session session = model.newSession(options)) {
            for (int i = 0; i < count; i++) {
                session.run(inputs, outputs);
            }
            return session.profile();
        }
    }

    /** GFLOP/s that the processor can do at most; empty where something else computes, or plain Java. */
    private OptionalDouble peak(CompiledModel model, Terminal terminal) {
        if (!model.engine().target().equals("simd")) {
            return OptionalDouble.empty();
        }
        terminal.progress("measuring the peak");
        OptionalDouble peak = FmaPeak.measure(threads);
        terminal.progressDone();
        return peak;
    }

    private void print(CompiledModel model, Latency latency, PrintStream out) {
        double gflops = gflops(model.info().multiplyAccumulates(), latency.medianMs());
        out.println(Printable.line(String.format(
                Locale.ROOT,
                "%s, %s, %d thread%s: %d runs after %d of warm-up",
                model.info().name(),
                model.engine().description(),
                threads,
                threads == 1 ? "" : "s",
                latency.runs(),
                latency.warmupRuns())));
        Table table = new Table(">median ms", ">p10 ms", ">p90 ms", ">mean ms", ">min ms", ">runs/s", ">GFLOP/s");
        table.row(
                fixed(latency.medianMs()),
                fixed(latency.p10Ms()),
                fixed(latency.p90Ms()),
                fixed(latency.meanMs()),
                fixed(latency.minMs()),
                String.format(Locale.ROOT, "%.1f", 1000 / latency.medianMs()),
                String.format(Locale.ROOT, "%.1f", gflops));
        table.print(out);
    }

    private static void printProfile(List<KernelProfile> kernels, OptionalDouble peak, PrintStream out) {
        double total = kernels.stream().mapToLong(KernelProfile::nanoseconds).sum();
        Table table = new Table("kernel", "algorithm", ">ms/run", ">share", ">GFLOP/s", ">of peak", ">GB/s");
        kernels.stream()
                .filter(kernel -> kernel.runs() > 0)
                .sorted(Comparator.comparingLong(KernelProfile::nanoseconds).reversed())
                .forEach(kernel -> {
                    double ms = millisecondsOfRun(kernel);
                    table.row(
                            kernel.name(),
                            kernel.algorithm(),
                            fixed(ms),
                            String.format(Locale.ROOT, "%.1f %%", 100 * kernel.nanoseconds() / total),
                            String.format(Locale.ROOT, "%.1f", gflops(kernel.multiplyAccumulates(), ms)),
                            shareOfPeak(gflops(kernel.multiplyAccumulates(), ms), peak),
                            String.format(Locale.ROOT, "%.1f", kernel.bytes() / ms / 1e6));
                });
        table.print(out);
        if (peak.isPresent()) {
            out.println(String.format(Locale.ROOT, "FMA peak, measured in this run: %.1f GFLOP/s", peak.getAsDouble()));
        }
    }

    private static double millisecondsOfRun(KernelProfile kernel) {
        return kernel.runs() == 0 ? 0 : kernel.nanoseconds() / 1e6 / kernel.runs();
    }

    private static String shareOfPeak(double gflops, OptionalDouble peak) {
        return gflops > 0 && peak.isPresent()
                ? String.format(Locale.ROOT, "%.0f %%", 100 * gflops / peak.getAsDouble())
                : "";
    }

    private void writeJson(Path file, CompiledModel model, Latency latency, List<KernelProfile> kernels) {
        JsonObject figures = new JsonObject()
                .put("model", model.info().name())
                .put("source_sha256", model.info().sourceSha256())
                .put("compiler_version", model.info().compilerVersion())
                .put("engine", model.engine().description())
                .put("java", System.getProperty("java.vm.version", ""))
                .put("threads", threads)
                .put("warmup_runs", latency.warmupRuns())
                .put("runs", latency.runs())
                .put("median_ms", latency.medianMs())
                .put("p10_ms", latency.p10Ms())
                .put("p90_ms", latency.p90Ms())
                .put("mean_ms", latency.meanMs())
                .put("min_ms", latency.minMs())
                .put("macs", model.info().multiplyAccumulates())
                .put("gflops", gflops(model.info().multiplyAccumulates(), latency.medianMs()));
        if (profile) {
            figures.put(
                    "kernels_ms",
                    kernels.stream()
                            .mapToDouble(BenchCommand::millisecondsOfRun)
                            .sum());
        }
        figures.write(file);
    }

    /** Billions of floating-point operations a second; a multiply-accumulate counts as two. */
    private static double gflops(long multiplyAccumulates, double ms) {
        return 2 * multiplyAccumulates / ms / 1e6;
    }

    private static String fixed(double ms) {
        return String.format(Locale.ROOT, "%.3f", ms);
    }
}
