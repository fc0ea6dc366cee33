package dev.sardonyx.runtime.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sardonyx.runtime.LoadOptions;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What loading has to do with warming up. The weights are any file, of which the network reads nothing. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SimdEngineTest {

    private static final String ANY_FILE = "SimdEngineTest.class";

    /** Calls after which the tile is fast, as if C2 had compiled it. */
    private static final int SLOW_CALLS = 5000;

    private final AtomicInteger calls = new AtomicInteger();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final CountDownLatch open = new CountDownLatch(1);
    private final Thread loader = Thread.currentThread();
    private volatile boolean waited;

    /** A network of one tile, which takes its time until {@link #open} is. */
    private final class OneTile implements Network {

        @Override
        public int[] slotSizes() {
            return new int[0];
        }

        @Override
        public MatrixTile[] tiles() {
            return new MatrixTile[] {new MatrixTile(1, 16, 16, false, false)};
        }

        @Override
        public Kernels kernels(TileChoice choice) {
            MatrixTiles tiles = (tile, strips, s, panels, p, depth, out, o, ahead, pace) -> {
                if (calls.incrementAndGet() <= SLOW_CALLS && depth > 0) {
                    LockSupport.parkNanos(100_000);
                }
                threads.add(Thread.currentThread());
                try {
                    while (!waited && !open.await(1, TimeUnit.MILLISECONDS)) {
                        waited = loader.getState() == Thread.State.TIMED_WAITING;
                    }
                    open.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            };
            return Kernels.plain(new Arena(0), tiles, (kernel, step, slots, from, to) -> {});
        }

        @Override
        public Step[] steps(WeightReader weights, Kernels kernels) {
            return new Step[0];
        }
    }

    private SimdEngine load(LoadOptions.WarmUp warmUp, long multiplyAccumulates, long crc) {
        System.setProperty("sardonyx.simd", "256");
        try {
            return SimdEngine.load(
                    SimdEngineTest.class, ANY_FILE, crc, warmUp, multiplyAccumulates, bits -> new OneTile());
        } finally {
            System.clearProperty("sardonyx.simd");
        }
    }

    private void joinAll() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        open.countDown();
        joinAll();
    }

    @Test
    void in_the_background_does_not_hold_loading_up() {
        load(LoadOptions.WarmUp.BACKGROUND, WarmUp.WORTH_WAITING, 0).close();

        assertThat(waited).isFalse();
        assertThat(calls.get()).isLessThan(2);
    }

    @Test
    void no_longer_than_its_patience_where_it_is_asked_to_wait() {
        load(LoadOptions.WarmUp.WAIT, WarmUp.WORTH_WAITING, 0).close();

        assertThat(waited).isTrue();
        assertThat(calls.get()).isOne();
    }

    @Test
    void waits_where_it_is_asked_to() {
        open.countDown();
        try (SimdEngine engine = load(LoadOptions.WarmUp.WAIT, WarmUp.WORTH_WAITING, 0)) {
            assertThat(engine.description()).contains("256");
            assertThat(calls.get()).isGreaterThan(SLOW_CALLS);
        }
    }

    @Test
    void none_starts_no_thread() {
        open.countDown();
        load(LoadOptions.WarmUp.NONE, WarmUp.WORTH_WAITING, 0).close();

        assertThat(threads).isEmpty();
    }

    @Test
    void small_networks_are_warmed_up_but_not_waited_for() throws InterruptedException {
        try (SimdEngine engine = load(LoadOptions.WarmUp.WAIT, WarmUp.WORTH_WAITING - 1, 0)) {
            assertThat(engine.description()).contains("256");
            assertThat(waited).isFalse();
            open.countDown();
            for (int i = 0; i < 10_000 && calls.get() <= SLOW_CALLS; i++) {
                Thread.sleep(1);
            }
            assertThat(calls.get()).isGreaterThan(SLOW_CALLS);
        }
    }

    @Test
    void many_models_leave_no_thread_once_closed() throws InterruptedException {
        List<SimdEngine> engines = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            engines.add(load(LoadOptions.WarmUp.BACKGROUND, WarmUp.WORTH_WAITING, 0));
        }
        engines.forEach(SimdEngine::close);
        open.countDown();

        joinAll();
        assertThat(calls.get()).isLessThan(50 * WarmUpTest.A_ROUND);
    }

    @Test
    void damaged_weights_end_it() throws InterruptedException {
        assertThatThrownBy(() -> load(LoadOptions.WarmUp.BACKGROUND, WarmUp.WORTH_WAITING, 1))
                .isInstanceOf(UncheckedIOException.class);
        open.countDown();

        joinAll();
        assertThat(calls.get()).isLessThan(WarmUpTest.A_ROUND);
    }
}
