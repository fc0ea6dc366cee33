package dev.sardonyx.runtime.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Has the JVM compile a network's inner kernels, from a thread of its own. Until C2 has compiled a kernel its vectors are objects, a
 * thousand times too slow; and what HotSpot waits for are calls: 200 for C1, then 5000 of C1's code for C2. So almost all calls of
 * the kernels are empty ones, which return at once, and only a few do something: they tell C2 which branches are taken and how
 * often. With real calls alone the boxed vectors' own methods would become hot, C2 would compile those first, and the garbage would
 * fill hundreds of megabytes of the heap. What is not compiled yet, but for the tiles, plain Java does in the meantime. Small networks
 * need warming up, too: a tile that an inference calls once, for a fully connected layer, would stay interpreted for a thousand
 * inferences.
 */
final class WarmUp {

    /** Multiply-accumulates of an inference from which on it is worth waiting for: smaller ones are over sooner, uncompiled. */
    static final long WORTH_WAITING = 200_000_000;

    /** Rounds for the tiles alone, which C2 takes longest for. */
    private static final int ALONE = 24;

    /** From round to round the thread rests longer: by then it waits for the compilers, which need the processor. */
    private static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(50);

    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(10);

    /** Loops that a class has, at most, and one more (see {@link LoopExercise#call}). */
    static final int TURNS = 5;

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
        kernels.serve(Kernels.Loops.PLAIN);
        kernels.readAhead(false);
        try {
            Thread.ofPlatform().daemon().name("sardonyx warm-up").start(warmUp::run);
        } catch (OutOfMemoryError e) {
            kernels.serve(kernels.own());
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
            kernels.serve(kernels.own());
            done.countDown();
        }
    }

    private void warmUp() {
        long end = System.nanoTime() + LIMIT;
        Kernels.Loops own = kernels.own();
        Exercise winograd = LoopExercise.of(own.winograd());
        exercise(tiles(false), List.of(winograd), end);
        exercise(List.of(winograd), List.of(), end);
        exercise(List.of(LoopExercise.of(own.epilogues())), List.of(), end);
        kernels.serve(new Kernels.Loops(own.epilogues(), Kernels.Loops.PLAIN.windows(), own.winograd()));
        done.countDown();
        exercise(List.of(LoopExercise.of(own.windows())), List.of(), end);
        kernels.serve(own);
        if (exercise(tiles(true), List.of(), end)) {
            kernels.readAhead(true);
        }
    }

    /** The tiles that read ahead, or the others. */
    private List<Exercise> tiles(boolean readingAhead) {
        List<Exercise> exercises = new ArrayList<>();
        for (int tile = 0; tile < tiles.length; tile++) {
            if (tiles[tile].readsAhead() == readingAhead) {
                exercises.add(new TileExercise(kernels.tiles(), tile, tiles[tile]));
            }
        }
        return exercises;
    }

    /** Calls exercises until all of {@code awaited} are fast; returns whether they are. */
    private boolean exercise(List<Exercise> awaited, List<Exercise> others, long end) {
        int fast = 0;
        for (int round = 1; fast < awaited.size() && !ended && System.nanoTime() < end; round++) {
            awaited.forEach(Exercise::round);
            if (round > ALONE) {
                others.forEach(Exercise::round);
            }
            while (fast < awaited.size() && awaited.get(fast).isFast()) {
                fast++;
            }
            LockSupport.parkNanos(Math.min(round * PAUSE, LONGEST_PAUSE));
        }
        return fast == awaited.size();
    }

    /** A kernel, or several, and how to call them. */
    private abstract static class Exercise {

        /** A vector operation takes a tenth of it compiled, ten times as long while vectors are objects. */
        private static final double SLOW_NANOSECONDS = 5;

        /** What a call takes beside its operations, interpreted callers and a look at the clock included. */
        private static final double CALL_NANOSECONDS = 2000;

        /** Vector operations of a call that is timed: as objects they take longer than all the rest. */
        private static final double MEASURED = 128;

        /** Calls of a round that make no objects; what is called is compiled no worse for them. */
        private static final int EMPTY_CALLS_A_ROUND = 512;

        /** A real call comes every so many rounds: one at least between C1's end and what C2 waits for. */
        private static final int REAL = 8;

        /** Real calls of a round where more of them are real, for C2 has to see that the loops are long. */
        private static final int REAL_CALLS_A_ROUND = 8;

        /** Empty calls for each of these; with 127 of them C2 makes slower loops (docs/performance-log.md). */
        private static final int EMPTY_CALLS_EACH = 15;

        private final Mix mix;
        private final int real;
        private final int timed;
        private final double limit;
        private int rounds;

        /**
         * An exercise.
         *
         * @param operations vector operations of a unit of what the kernels run over: a column, a line, a row
         * @param real units of a real call
         */
        Exercise(Mix mix, double operations, int real) {
            this.mix = mix;
            this.real = real;
            timed = timed(operations);
            limit = CALL_NANOSECONDS + timed * operations * SLOW_NANOSECONDS;
        }

        /** Units of a call that is timed. */
        static int timed(double operations) {
            return (int) Math.ceil(MEASURED / operations);
        }

        /** Calls the kernels a number of times. */
        final void round() {
            switch (mix) {
                case RARELY_REAL -> {
                    empty(EMPTY_CALLS_A_ROUND);
                    if (++rounds % REAL == 0) {
                        call(real);
                    }
                }
                case OFTEN_REAL -> {
                    for (int i = 0; i < REAL_CALLS_A_ROUND; i++) {
                        call(real);
                        empty(EMPTY_CALLS_EACH);
                    }
                }
            }
        }

        private void empty(int calls) {
            for (int i = 0; i < calls; i++) {
                call(0);
            }
        }

        /** Calls the kernels on {@code size} units. */
        abstract void call(int size);

        /** Everything here is interpreted yet, so it does no more than it must. */
        final boolean isFast() {
            long start = System.nanoTime();
            call(timed);
            return System.nanoTime() - start < limit;
        }

        /** How many calls are real: one in 4096 or one in 16. */
        enum Mix {
            RARELY_REAL,
            OFTEN_REAL
        }
    }

    private static final class TileExercise extends Exercise {
        /** Columns enough that C2 takes the loop to be long, and few, for they are slow. */
        private static final int DEPTH = 64;

        private final MatrixTiles tiles;
        private final int number;
        private final float[] strips;
        private final float[] panels;
        private final float[] sums;

        TileExercise(MatrixTiles tiles, int number, MatrixTile tile) {
            this(tiles, number, tile, (double) tile.rows() * tile.channels() / WinogradLoops.MAX_LANES);
        }

        private TileExercise(MatrixTiles tiles, int number, MatrixTile tile, double operations) {
            super(Mix.RARELY_REAL, operations, DEPTH);
            this.tiles = tiles;
            this.number = number;
            strips = new float[tile.rows() * Strips.PITCH];
            panels = new float[Math.max(DEPTH, timed(operations)) * tile.channels()];
            sums = new float[tile.rows() * tile.pitch()];
        }

        @Override
        void call(int depth) {
            tiles.multiply(number, strips, 0, panels, 0, depth, sums, 0, 0, Strips.STEP);
        }
    }

    /** Loops that lie in one class. */
    private static final class LoopExercise extends Exercise {

        private final Exercised loops;
        private final float[] floats;

        private LoopExercise(Exercised loops, Mix mix, double operations, int real) {
            super(mix, operations, real);
            this.loops = loops;
            floats = new float[loops.room(Math.max(real, timed(operations)))];
        }

        /** Sixteen lines; one takes 72 loads, stores and operations in all passes together. */
        static Exercise of(WinogradLoops loops) {
            return new LoopExercise(loops, Mix.RARELY_REAL, 72, 16);
        }

        /** Fourteen rows, as inferences have; one takes six vectors in all loops together, each five loads, stores and operations. */
        static Exercise of(EpilogueLoops loops) {
            return new LoopExercise(loops, Mix.OFTEN_REAL, 6 * 5, 14);
        }

        /** A window of four vectors of channels; one takes nine loads and nine operations in each of two loops. */
        static Exercise of(WindowLoops loops) {
            return new LoopExercise(loops, Mix.OFTEN_REAL, 2 * 2 * 9, 4);
        }

        /**
         * A turn is another loop's. So no loop gets a quarter of the calls, from which on C2 would compile it once more, as a
         * part of {@link Exercised#exercise}, and then find that the loop itself is not called any more.
         */
        @Override
        void call(int size) {
            for (int loop = 0; loop < TURNS; loop++) {
                loops.exercise(loop, size, floats);
            }
        }
    }
}
