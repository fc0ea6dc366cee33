package dev.sardonyx.runtime.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Has the JVM compile a network's inner kernels, from a thread of its own. Until C2 has compiled a kernel its vectors are objects, a
 * thousand times too slow; and what HotSpot waits for are calls: 200 for C1, then 5000 of C1's code for C2. So almost all calls of
 * the tiles are empty ones, which return at once, and only a few do something: they tell C2 which branches are taken and how often.
 * With real calls alone the boxed vectors' own methods would become hot, C2 would compile those first, and the garbage would fill
 * hundreds of megabytes of the heap. Small networks need it, too: a tile that an inference calls once, for a fully connected layer, would
 * stay interpreted for a thousand inferences.
 */
final class WarmUp {

    /** Multiply-accumulates of an inference from which on it is worth waiting for: smaller ones are over sooner, uncompiled. */
    static final long WORTH_WAITING = 200_000_000;

    /** Rounds for the tiles alone, which C2 takes longest for. */
    private static final int TILES_ALONE = 28;

    /** Rounds before which nothing is fast; to try would only make garbage. */
    private static final int SLOW = 32;

    /** From round to round the thread rests longer: by then it waits for the compilers, which need the processor. */
    private static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(50);

    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(10);

    private final MatrixTile[] tiles;
    private final Kernels kernels;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean ended;

    private WarmUp(MatrixTile[] tiles, Kernels kernels) {
        this.tiles = tiles;
        this.kernels = kernels;
    }

    /** Begins. */
    static WarmUp start(MatrixTile[] tiles, Kernels kernels) {
        WarmUp warmUp = new WarmUp(tiles, kernels);
        try {
            Thread.ofPlatform().daemon().name("sardonyx warm-up").start(warmUp::run);
        } catch (OutOfMemoryError e) {
            warmUp.done.countDown(); // no more threads; the first inferences will warm up
        }
        return warmUp;
    }

    /** Waits until the kernels are fast, or for two seconds. */
    void await() {
        try {
            done.await(PATIENCE, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends early what has begun. */
    void end() {
        ended = true;
    }

    private void run() {
        try {
            warmUp();
        } catch (Exception | Error e) {
            // for nobody: memory may be short, or the jar closed; inferences will meet the same, or go well
        } finally {
            done.countDown();
        }
    }

    private void warmUp() {
        List<Exercise> slow = new ArrayList<>();
        for (int tile = 0; tile < tiles.length; tile++) {
            slow.add(new TileExercise(kernels.tiles(), tile, tiles[tile]));
        }
        long start = System.nanoTime();
        int round = 0;
        while (!ended && System.nanoTime() - start < LIMIT && (round < SLOW || !slow.isEmpty())) {
            round++;
            if (round == TILES_ALONE) {
                slow.add(new CopyExercise(kernels.rows()));
                slow.add(new FinishExercise(kernels.rows()));
            }
            for (Exercise exercise : slow) {
                exercise.round(round);
            }
            if (round > SLOW) {
                slow.removeIf(Exercise::isFast);
            }
            LockSupport.parkNanos(Math.min(round * PAUSE, LONGEST_PAUSE));
        }
    }

    /** A kernel and how to call it. */
    private abstract static class Exercise {

        /** The size of the calls that are timed. */
        static final int PROBE = 8;

        /** A vector operation takes a tenth of it compiled, ten times as long while vectors are objects. */
        private static final double SLOW_NANOSECONDS = 5;

        /** What a call takes beside its operations. */
        private static final double CALL_NANOSECONDS = 100;

        /** Vector operations that take longer than looking at the clock does. */
        private static final double MEASURED = 250;

        private final int calls;
        private final double limit;

        /** An exercise whose calls of size {@link #PROBE} take {@code operations} vector operations. */
        Exercise(double operations) {
            calls = (int) Math.ceil(MEASURED / operations);
            limit = calls * (CALL_NANOSECONDS + operations * SLOW_NANOSECONDS);
        }

        /** Calls the kernel a number of times. */
        abstract void round(int round);

        /** Calls the kernel on {@code size} rows or columns. */
        abstract void call(int size);

        boolean isFast() {
            long start = System.nanoTime();
            for (int i = 0; i < calls; i++) {
                call(PROBE);
            }
            return System.nanoTime() - start < limit;
        }
    }

    private static final class TileExercise extends Exercise {
        /** Rounds enough that C2 takes the loop to be long, and few, for they are slow. */
        private static final int DEPTH = 64;

        private static final int EMPTY_CALLS = 512;

        /** A real call comes every so many rounds: one at least between C1's end and what C2 waits for. */
        private static final int REAL = 8;

        private final MatrixTiles tiles;
        private final int number;
        private final float[] strips;
        private final float[] panels;
        private final float[] sums;

        TileExercise(MatrixTiles tiles, int number, MatrixTile tile) {
            super((double) tile.rows() * tile.channels() * PROBE / WinogradLoops.MAX_LANES);
            this.tiles = tiles;
            this.number = number;
            strips = new float[tile.rows() * Strips.PITCH];
            panels = new float[DEPTH * tile.channels()];
            sums = new float[tile.rows() * tile.pitch()];
        }

        @Override
        void round(int round) {
            for (int i = 0; i < EMPTY_CALLS; i++) {
                call(0);
            }
            if (round % REAL == 0) {
                call(DEPTH);
            }
        }

        @Override
        void call(int depth) {
            tiles.multiply(number, strips, 0, panels, 0, depth, sums, 0);
        }
    }

    /** Calls like those of an inference, for the lengths of loops matter to C2, which waits for 15,000 rows. */
    private abstract static class RowExercise extends Exercise {
        static final int ROWS = 14;
        private static final int CALLS = 64;

        RowExercise(double operations) {
            super(operations);
        }

        @Override
        void round(int round) {
            for (int i = 0; i < CALLS; i++) {
                call(ROWS);
            }
        }
    }

    private static final class CopyExercise extends RowExercise {
        private static final int COLUMNS = 64;

        private final RowLoops loops;
        private final float[] floats = new float[ROWS * Strips.PITCH];

        CopyExercise(RowLoops loops) {
            super((double) PROBE * COLUMNS / WinogradLoops.MAX_LANES);
            this.loops = loops;
        }

        @Override
        void call(int rows) {
            loops.copy(floats, 0, COLUMNS, floats, 0, rows, COLUMNS);
        }
    }

    private static final class FinishExercise extends RowExercise {
        private static final int CHANNELS = 32;
        private static final Epilogue[] EPILOGUES = {
            new Epilogue(false, Clamp.RELU),
            new Epilogue(true, Clamp.RELU),
            new Epilogue(false, Clamp.NONE),
            new Epilogue(true, Clamp.RELU)
        };

        private final RowLoops loops;
        private final float[] floats = new float[ROWS * CHANNELS];
        private int next;

        FinishExercise(RowLoops loops) {
            super(2.0 * PROBE * CHANNELS / WinogradLoops.MAX_LANES);
            this.loops = loops;
        }

        @Override
        void call(int rows) {
            loops.finish(
                    floats,
                    0,
                    CHANNELS,
                    floats,
                    0,
                    floats,
                    0,
                    CHANNELS,
                    floats,
                    0,
                    CHANNELS,
                    rows,
                    CHANNELS,
                    EPILOGUES[next++ % EPILOGUES.length]);
        }
    }
}
