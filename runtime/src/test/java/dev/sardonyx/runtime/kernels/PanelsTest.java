package dev.sardonyx.runtime.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which weights tiles read ahead: those that come after theirs, as many as they are told, and none beyond the array. */
class PanelsTest {

    private static final int FULL = 0;
    private static final int LOW = 1;
    private static final int AHEAD = 2;
    private static final int ROWS = 6;
    private static final int DEPTH = 64;
    private static final int WIDTH = 16;
    private static final int PANEL = DEPTH * WIDTH;

    /** So many that the array has no room to spare ({@link Arena}). */
    private static final int PANELS = 512;

    private final List<Integer> tiles = new ArrayList<>();
    private final List<Integer> read = new ArrayList<>();
    private final ConvolutionPacking packing = new ConvolutionPacking(1, 1, PANELS * WIDTH, DEPTH, 1, 1, WIDTH / 2, 2);
    private final Arena arena = new Arena(packing.size());
    private final Kernels kernels = Kernels.plain(arena, this::multiply, (kernel, step, slots, from, to) -> {});
    private final float[] scratch = new float[Arena.FIRST];
    private final Panels panels = panels(new Panels.Numbers(ROWS, 1, FULL, LOW, FULL, LOW, AHEAD));

    private Panels panels(Panels.Numbers numbers) {
        return Panels.direct(
                new PanelLayout(new Strips(2 * ROWS, DEPTH), packing),
                numbers,
                numbers,
                new WeightReader(new ByteArrayInputStream(new byte[packing.size() * Float.BYTES])),
                kernels);
    }

    private void multiply(
            int tile,
            float[] strips,
            int s,
            float[] weights,
            int p,
            int depth,
            float[] out,
            int o,
            int ahead,
            int pace) {
        tiles.add(tile);
        if (tile == AHEAD) {
            for (int k = 0; k < depth; k += Strips.STEP) {
                read.add(ahead + k / Strips.STEP * pace);
            }
        }
    }

    private void multiply(int rows, int panel) {
        panels.multiply(new float[0], 0, rows, 0, panel, new float[0], 0, scratch);
    }

    /** Cache lines of a panel, those of {@code part} of it. */
    private static List<Integer> lines(int panel, double part) {
        int first = (Arena.FIRST + panel * PANEL) / Arena.LINE;
        return IntStream.range(first, first + (int) (PANEL * part) / Arena.LINE)
                .boxed()
                .toList();
    }

    private List<Integer> linesRead() {
        return read.stream().map(at -> at / Arena.LINE).distinct().toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {24, 25, 49, 96, 200})
    void the_next_panel_is_read_line_by_line(int rows) {
        multiply(rows, 0);

        assertThat(linesRead())
                .containsAll(lines(1, 1))
                .hasSizeLessThan(lines(1, 1.25).size());
        assertThat(tiles).hasSize((rows + ROWS - 1) / ROWS);
        assertThat(tiles.contains(LOW)).isEqualTo(rows % ROWS == 1);
    }

    @Test
    void two_tiles_read_half_of_it() {
        multiply(2 * ROWS, 0);

        assertThat(linesRead()).containsExactlyElementsOf(lines(1, 0.5));
    }

    @Test
    void nothing_is_read_beyond_the_last_panel() {
        multiply(49, PANELS - 1);

        assertThat(read).allMatch(at -> at < arena.floats().length);
    }

    @Test
    void the_other_tiles_serve_until_it_is_compiled() {
        kernels.readAhead(false);

        multiply(49, 0);

        assertThat(tiles).hasSize(9).containsOnly(FULL, LOW);
    }

    /** Of ones, the sum that reading a panel leaves is the number of lines read. */
    @ParameterizedTest
    @CsvSource({"0, 64", "12, 32", "24, 0", "49, 0"})
    void what_tiles_have_read_is_not_read_once_more(int rows, int lines) {
        Arrays.fill(arena.floats(), 1);
        multiply(rows, 0);

        panels.touch(0, 1, 0, DEPTH, scratch);

        assertThat(scratch[0]).isEqualTo(lines);
    }
}
