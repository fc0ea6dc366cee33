package dev.sardonyx.runtime.kernels;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/**
 * Has the JVM compile a network's inner kernels while its weights are read. Until C2 has compiled a kernel its vectors are objects,
 * a thousand times too slow; and what C2 waits for are calls. So a thread of its own calls each kernel on tiny data, as
 * often as HotSpot's thresholds ask (200 calls for C1, then 600 calls and 15,000 iterations for C2), and then tries from time to
 * time whether the tiles have become fast.
 */
final class WarmUp {

    /** Multiply-accumulates of an inference from which on it is worth waiting for: smaller ones are over sooner, uncompiled. */
    static final long WORTHWHILE = 200_000_000;

    private static final int INTERPRETED_CALLS = 200;
    private static final int CALLS_BETWEEN_CHECKS = 32;

    /** Every so many calls are deep, lest C2 takes a tile's outer loop to run once and compiles no second round. */
    private static final int DEEP = 8;

    private static final int SHALLOW_DEPTH = 12;
    private static final int DEEP_DEPTH = Strips.BLOCK + 8;

    /** A vector operation takes a tenth of it compiled, ten times as long while vectors are objects. */
    private static final double SLOW_NANOSECONDS = 5;

    private static final int ROWS = 5;
    private static final int WIDTH = 32;
    private static final int IMAGES = ROWS * Strips.BLOCK;
    private static final Epilogue[] EPILOGUES = {
        new Epilogue(false, Clamp.RELU), new Epilogue(true, Clamp.RELU), new Epilogue(false, Clamp.NONE)
    };

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);

    private final MatrixTile[] tiles;
    private final Kernels kernels;
    private final float[] strips;
    private final float[] panels;
    private final float[] sums;
    private final float[] images = new float[IMAGES];
    private final Thread thread =
            Thread.ofPlatform().daemon().name("sardonyx warm-up").unstarted(this::run);
    private volatile boolean ended;

    private WarmUp(MatrixTile[] tiles, Kernels kernels) {
        this.tiles = tiles;
        this.kernels = kernels;
        strips = new float[max(tile -> 2 * tile.stripRows() * Strips.BLOCK)];
        panels = new float[max(tile -> DEEP_DEPTH * tile.channels())];
        sums = new float[max(tile -> tile.rows() * tile.pitch())];
    }

    private int max(ToIntFunction<MatrixTile> size) {
        return Arrays.stream(tiles).mapToInt(size).max().orElse(0);
    }

    /** Begins. */
    static WarmUp start(MatrixTile[] tiles, Kernels kernels) {
        WarmUp warmUp = new WarmUp(tiles, kernels);
        warmUp.thread.start();
        return warmUp;
    }

    /** Waits until the tiles are fast, or for two seconds. */
    void await() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends early what has begun. */
    void end() {
        ended = true;
    }

    private void run() {
        long start = System.nanoTime();
        for (int call = 0; call < INTERPRETED_CALLS && !ended; call++) {
            round(1);
        }
        while (!ended && System.nanoTime() - start < PATIENCE && !fast()) {
            for (int call = 0; call < CALLS_BETWEEN_CHECKS; call++) {
                round(call % DEEP == 0 ? DEEP_DEPTH : SHALLOW_DEPTH);
            }
        }
    }

    private void round(int depth) {
        for (int tile = 0; tile < tiles.length; tile++) {
            kernels.tiles().multiply(tile, strips, 0, panels, 0, depth, sums, 0);
        }
        RowLoops rows = kernels.rows();
        rows.copy(images, 0, Strips.BLOCK, images, 0, ROWS, Strips.BLOCK);
        for (Epilogue epilogue : EPILOGUES) {
            rows.finish(images, 0, WIDTH, images, 0, images, 0, WIDTH, images, 0, WIDTH, ROWS, WIDTH, epilogue);
        }
    }

    private boolean fast() {
        for (int tile = 0; tile < tiles.length; tile++) {
            long start = System.nanoTime();
            kernels.tiles().multiply(tile, strips, 0, panels, 0, DEEP_DEPTH, sums, 0);
            double operations =
                    (double) tiles[tile].rows() * tiles[tile].channels() * DEEP_DEPTH / WinogradLoops.MAX_LANES;
            if (System.nanoTime() - start > operations * SLOW_NANOSECONDS) {
                return false;
            }
        }
        return true;
    }
}
