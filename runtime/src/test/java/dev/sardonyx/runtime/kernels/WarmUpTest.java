package dev.sardonyx.runtime.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WarmUpTest {

    private static final MatrixTile[] TILES = {new MatrixTile(5, 15, 16, 16, false), new MatrixTile(1, 15, 8, 16, true)
    };

    private final AtomicIntegerArray calls = new AtomicIntegerArray(TILES.length);

    private static Kernels kernels(MatrixTiles tiles) {
        return Kernels.plain(new Arena(0), tiles, (kernel, step, slots, from, to) -> {});
    }

    @Test
    void calls_every_tile_often_enough_for_the_first_compiler() {
        PlainMatrixTiles plain = new PlainMatrixTiles(TILES);
        MatrixTiles counting = (tile, strips, s, panels, p, depth, out, o) -> {
            calls.incrementAndGet(tile);
            plain.multiply(tile, strips, s, panels, p, depth, out, o);
        };

        WarmUp.start(TILES, kernels(counting)).await();

        for (int tile = 0; tile < TILES.length; tile++) {
            assertThat(calls.get(tile)).isGreaterThan(200);
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void ends_although_the_tiles_never_become_fast() {
        MatrixTiles slow = (tile, strips, s, panels, p, depth, out, o) -> LockSupport.parkNanos(100_000);

        WarmUp.start(TILES, kernels(slow)).await();
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void ends_when_it_is_told_to() {
        MatrixTiles slow = (tile, strips, s, panels, p, depth, out, o) -> LockSupport.parkNanos(1_000_000);
        WarmUp warmUp = WarmUp.start(TILES, kernels(slow));

        warmUp.end();
        warmUp.await();
    }
}
