package dev.sardonyx.tests.jmh;

import dev.sardonyx.codegen.simd.LoadedTile;
import dev.sardonyx.runtime.cli.FmaPeak;
import dev.sardonyx.runtime.kernels.MatrixTile;
import dev.sardonyx.runtime.kernels.MatrixTiles;
import dev.sardonyx.runtime.kernels.Strips;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Generated matrix tiles of several sizes and forms, to find the best for a processor: each is generated, compiled and measured in a JVM of its own. Of the
 * FMA peak, measured just before each iteration, {@code share} is what they reach. Strips and panels come from
 * the second-level cache, as in a network. Wider vectors than the machine's fail.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TileBenchmark {

    /** Rows of the left matrix, some multiple of all tiles' rows. */
    private static final int ROWS = 84;

    private static final int PANELS = 2;

    /** As {@link LoadedTile} reads it. The first of each width is what networks have, the others were near it or once were what they had. */
    @Param({
        "512-14x2-1",
        "512-14x2-4-ordered",
        "512-12x2-1",
        "512-7x3-1",
        "256-6x2-4-ordered",
        "256-6x2-2-ordered",
        "256-6x2-1-ordered",
        "256-6x2-1",
        "256-5x2-1",
        "256-4x3-4-ordered",
        "256-4x2-4-ordered",
        "128-6x4-1",
        "128-6x2-1",
        "128-6x2-4-ordered",
        "128-7x3-1"
    })
    public String tile = "";

    @Param({"64", "256", "1024"})
    public int depth;

    private MatrixTiles tiles = (tile, strips, s, panels, p, depth, out, o, ahead, pace) -> {};
    private MatrixTile shape = new MatrixTile(1, 1, 1, false, false);
    private float[] strips = {};
    private float[] panels = {};
    private float[] sums = {};

    /** Generates the tile. */
    @Setup
    public void load() {
        LoadedTile loaded = new LoadedTile(tile);
        BenchmarkSetup.requireVectors(loaded.bits());
        tiles = loaded.load();
        shape = loaded.tile();
        strips = BenchmarkSetup.random(ROWS * Strips.PITCH);
        panels = BenchmarkSetup.random(PANELS * depth * shape.channels());
        sums = new float[shape.rows() * shape.pitch()];
    }

    /** What JMH prints beside the calls a nanosecond. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Work {
        /** Floating-point operations: GFLOP/s, once JMH has divided them by nanoseconds. */
        public double gflops;

        /** The nanoseconds that they would take at the processor's peak: the share of the peak. */
        public double share;

        private double peak = 1;

        /** Measures what the processor does at this time, on the JVM's preferred vectors. */
        @Setup(Level.Iteration)
        public void measurePeak() {
            peak = FmaPeak.measure(1).orElseThrow();
        }

        void add(double operations) {
            gflops += operations;
            share += operations / peak;
        }
    }

    /** Each panel with all rows. */
    @Benchmark
    public float[] multiply(Work work) {
        for (int panel = 0; panel < PANELS; panel++) {
            int p = panel * depth * shape.channels();
            for (int row = 0; row + shape.rows() <= ROWS; row += shape.rows()) {
                tiles.multiply(0, strips, row * Strips.PITCH, panels, p, depth, sums, 0, 0, 0);
            }
        }
        work.add(2.0 * PANELS * (ROWS / shape.rows() * shape.rows()) * depth * shape.channels());
        return sums;
    }
}
