package dev.sardonyx.runtime.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WarmUpTest {

    private static final MatrixTile[] TILES = {
        new MatrixTile(5, 16, 16, false, false), new MatrixTile(1, 8, 16, true, false)
    };

    /** More calls of a tile than a round has. */
    static final int A_ROUND = 1000;

    private final AtomicIntegerArray empty = new AtomicIntegerArray(TILES.length);
    private final AtomicIntegerArray real = new AtomicIntegerArray(TILES.length);
    private final AtomicReference<Thread> caller = new AtomicReference<>(Thread.currentThread());
    private final CountDownLatch called = new CountDownLatch(1);

    /** Notes the calls, then does what {@code tiles} do. */
    private Kernels kernels(MatrixTiles tiles) {
        MatrixTiles noting = (tile, strips, s, panels, p, depth, out, o, ahead, pace) -> {
            (depth == 0 ? empty : real).incrementAndGet(tile);
            caller.set(Thread.currentThread());
            called.countDown();
            tiles.multiply(tile, strips, s, panels, p, depth, out, o, ahead, pace);
        };
        return Kernels.plain(new Arena(0), noting, (kernel, step, slots, from, to) -> {});
    }

    /** What a tile does as long as C2 has not compiled it. */
    private void slow(int tile, int depth) {
        if (depth > 0 && empty.get(tile) <= 5000) {
            LockSupport.parkNanos(100_000);
        }
    }

    @Test
    void calls_every_tile_as_often_as_the_compilers_ask() {
        WarmUp.start(TILES, kernels((tile, strips, s, panels, p, depth, out, o, ahead, pace) -> slow(tile, depth)))
                .await();

        for (int tile = 0; tile < TILES.length; tile++) {
            assertThat(empty.get(tile)).isGreaterThan(5000);
            assertThat(real.get(tile)).isBetween(2, empty.get(tile) / 10);
        }
    }

    /** Before C2 is asked for, at the latest after 5000 calls, it must have been told what a tile does. */
    @Test
    void no_more_empty_calls_in_a_row_than_c2_waits_for() {
        AtomicIntegerArray longest = new AtomicIntegerArray(TILES.length);
        AtomicIntegerArray row = new AtomicIntegerArray(TILES.length);
        MatrixTiles tiles = (tile, strips, s, panels, p, depth, out, o, ahead, pace) -> {
            row.set(tile, depth == 0 ? row.get(tile) + 1 : 0);
            longest.accumulateAndGet(tile, row.get(tile), Math::max);
            slow(tile, depth);
        };

        WarmUp.start(TILES, kernels(tiles)).await();

        for (int tile = 0; tile < TILES.length; tile++) {
            assertThat(longest.get(tile)).isBetween(500, 4500);
        }
    }

    @Test
    void waits_two_seconds_at_most_for_tiles_that_never_become_fast() {
        WarmUp warmUp = WarmUp.start(
                TILES,
                kernels((tile, strips, s, panels, p, depth, out, o, ahead, pace) -> LockSupport.parkNanos(100_000)));
        warmUp.await();
        warmUp.end();
    }

    @Test
    void plain_java_serves_until_it_ends() throws InterruptedException {
        Kernels kernels = Kernels.vector(
                new Arena(0),
                (tile, strips, s, panels, p, depth, out, o, ahead, pace) -> {
                    caller.set(Thread.currentThread());
                    called.countDown();
                    LockSupport.parkNanos(100_000);
                },
                (kernel, step, slots, from, to) -> {});
        WarmUp warmUp = WarmUp.start(TILES, kernels);
        called.await();
        assertThat(List.of(kernels.epilogues(), kernels.windows(), kernels.winograd()))
                .doesNotContainAnyElementsOf(List.of(
                        kernels.own().epilogues(),
                        kernels.own().windows(),
                        kernels.own().winograd()));

        warmUp.end();
        caller.get().join();

        assertThat(serving(kernels)).isEqualTo(kernels.own());
    }

    /** Fast loops whose calls note what serves in the meantime: only the warm-up calls them. */
    @Test
    void each_form_serves_once_it_is_exercised() throws InterruptedException {
        AtomicReference<Kernels> warmed = new AtomicReference<>();
        Set<Kernels.Loops> duringEpilogues = ConcurrentHashMap.newKeySet();
        Set<Kernels.Loops> duringWindows = ConcurrentHashMap.newKeySet();
        EpilogueLoops epilogues = new NotedEpilogues(loop -> duringEpilogues.add(serving(warmed.get())));
        WindowLoops windows = new NotedWindows(loop -> duringWindows.add(serving(warmed.get())));
        Kernels.Loops plain = Kernels.Loops.PLAIN;
        Kernels.Loops own = new Kernels.Loops(epilogues, windows, new PlainWinogradLoops());
        MatrixTiles tiles = (tile, strips, s, panels, p, depth, out, o, ahead, pace) -> {
            caller.set(Thread.currentThread());
            called.countDown();
        };
        warmed.set(new Kernels(new Arena(0), tiles, (kernel, step, slots, from, to) -> {}, own));

        WarmUp warmUp = WarmUp.start(TILES, warmed.get());
        warmUp.await();

        assertThat(warmed.get().epilogues()).isSameAs(epilogues);
        assertThat(warmed.get().winograd()).isSameAs(own.winograd());
        caller.get().join();
        assertThat(duringEpilogues).containsOnly(plain);
        assertThat(duringWindows).containsOnly(new Kernels.Loops(epilogues, plain.windows(), own.winograd()));
        assertThat(serving(warmed.get())).isEqualTo(own);
    }

    @Test
    void tiles_that_read_ahead_are_exercised_last_and_serve_from_then_on() throws InterruptedException {
        MatrixTile[] tiles = {new MatrixTile(5, 16, 16, false, true), new MatrixTile(5, 16, 16, false, false)};
        AtomicReference<Kernels> warmed = new AtomicReference<>();
        Set<Kernels.Loops> duringAhead = ConcurrentHashMap.newKeySet();
        Set<Boolean> readingAhead = ConcurrentHashMap.newKeySet();
        Kernels.Loops plain = Kernels.Loops.PLAIN;
        Kernels.Loops own = new Kernels.Loops(new NotedEpilogues(loop -> {}), plain.windows(), plain.winograd());
        MatrixTiles noting = (tile, strips, s, panels, p, depth, out, o, ahead, pace) -> {
            caller.set(Thread.currentThread());
            if (tile == 0) {
                duringAhead.add(serving(warmed.get()));
                readingAhead.add(warmed.get().isReadingAhead());
            }
        };
        Kernels kernels = new Kernels(new Arena(0), noting, (kernel, step, slots, from, to) -> {}, own);
        warmed.set(kernels);

        WarmUp.start(tiles, kernels).await();
        caller.get().join();

        assertThat(duringAhead).containsOnly(own);
        assertThat(readingAhead).containsOnly(false);
        assertThat(kernels.isReadingAhead()).isTrue();
    }

    /** From a quarter on C2 compiles a loop once more, as a part of what exercises it. */
    @Test
    void no_loop_gets_a_quarter_of_the_calls() {
        List<Integer> calls = Collections.synchronizedList(new ArrayList<>());
        EpilogueLoops epilogues = new NotedEpilogues(calls::add);
        MatrixTiles tiles = (tile, strips, s, panels, p, depth, out, o, ahead, pace) -> {};
        Kernels.Loops plain = Kernels.Loops.PLAIN;
        Kernels.Loops own = new Kernels.Loops(epilogues, plain.windows(), plain.winograd());

        WarmUp.start(TILES, new Kernels(new Arena(0), tiles, (kernel, step, slots, from, to) -> {}, own))
                .await();

        assertThat(calls).hasSizeGreaterThan(A_ROUND / 2);
        for (int loop : Set.copyOf(calls)) {
            assertThat(Collections.frequency(calls, loop)).isLessThan(calls.size() / 4);
        }
    }

    /** Notes that it is exercised, and does nothing. */
    private record NotedEpilogues(IntConsumer note) implements EpilogueLoops {
        @Override
        public void finish(
                float[] sums,
                int s,
                int pitch,
                float[] bias,
                int b,
                float[] residual,
                int r,
                int residualPitch,
                float[] out,
                int o,
                int outPitch,
                int rows,
                int channels,
                Epilogue epilogue) {}

        @Override
        public void exercise(int loop, int rows, float[] floats) {
            note.accept(loop);
        }
    }

    /** Notes that it is exercised, and does nothing. */
    private record NotedWindows(IntConsumer note) implements WindowLoops {
        @Override
        public void maximum(
                float[] in, int first, int rows, int columns, int down, int right, float[] out, int o, int c) {}

        @Override
        public void sum(
                float[] in,
                int first,
                int rows,
                int columns,
                int down,
                int right,
                float[] out,
                int o,
                int c,
                float factor) {}

        @Override
        public void exercise(int loop, int vectors, float[] floats) {
            note.accept(loop);
        }
    }

    private static Kernels.Loops serving(Kernels kernels) {
        return new Kernels.Loops(kernels.epilogues(), kernels.windows(), kernels.winograd());
    }

    @Test
    void leaves_no_thread_when_it_is_told_to_end() throws InterruptedException {
        WarmUp warmUp = WarmUp.start(
                TILES,
                kernels((tile, strips, s, panels, p, depth, out, o, ahead, pace) -> LockSupport.parkNanos(100_000)));
        called.await();

        warmUp.end();

        assertThat(caller.get()).isNotSameAs(Thread.currentThread());
        assertThat(caller.get().isDaemon()).isTrue();
        caller.get().join();
    }

    @Test
    void leaves_no_thread_when_all_is_fast() throws InterruptedException {
        WarmUp.start(TILES, kernels((tile, strips, s, panels, p, depth, out, o, ahead, pace) -> {}));
        called.await();

        caller.get().join();
    }

    @Test
    void errors_end_it_in_silence() throws InterruptedException {
        AtomicReference<Throwable> uncaught = new AtomicReference<>();
        WarmUp warmUp = WarmUp.start(TILES, kernels((tile, strips, s, panels, p, depth, out, o, ahead, pace) -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, error) -> uncaught.set(error));
            throw new NoClassDefFoundError("the jar was closed");
        }));

        warmUp.await();

        caller.get().join();
        assertThat(uncaught.get()).isNull();
        assertThat(empty.get(0)).isOne();
    }
}
