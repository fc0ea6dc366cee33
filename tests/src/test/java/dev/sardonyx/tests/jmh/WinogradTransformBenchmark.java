package dev.sardonyx.tests.jmh;

import dev.sardonyx.runtime.kernels.Arena;
import dev.sardonyx.runtime.kernels.Kernels;
import dev.sardonyx.runtime.kernels.WinogradLoops;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Winograd's transforms of one tile, all channels, on vectors as wide as the JVM prefers; everything lies in the cache. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class WinogradTransformBenchmark {

    private static final int PANEL = 32;
    private static final int GAP = 16;

    /** Output pixels of a tile in each direction. */
    @Param({"2", "4"})
    public int m;

    @Param({"64", "128", "256", "512"})
    public int channels;

    private final WinogradLoops loops = Kernels.vector(
                    new Arena(0),
                    (tile, strips, s, panels, p, depth, out, o, ahead, pace) -> {},
                    (kernel, step, slots, from, to) -> {})
            .winograd();
    private float[] pixels = {};
    private float[] transformed = {};
    private float[] scratch = {};

    /** Fills the arrays. */
    @Setup
    public void allocate() {
        int values = (m + 2) * (m + 2);
        pixels = filled(values * channels);
        transformed = filled(values * (channels + GAP));
        scratch = filled(values * WinogradLoops.MAX_LANES + m * m * channels);
    }

    private static float[] filled(int count) {
        float[] floats = new float[count];
        Arrays.fill(floats, 0.5f);
        return floats;
    }

    @Benchmark
    public float[] input() {
        int row = (m + 2) * channels;
        loops.input(m, pixels, 0, row, channels, transformed, 0, 0, channels + GAP, channels, scratch, 0);
        return transformed;
    }

    @Benchmark
    public float[] output() {
        loops.output(m, transformed, 0, PANEL, PANEL, channels + GAP, channels, scratch, 0, m * m * channels);
        return scratch;
    }
}
