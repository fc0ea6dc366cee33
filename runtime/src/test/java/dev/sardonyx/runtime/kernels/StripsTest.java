package dev.sardonyx.runtime.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StripsTest {

    @ParameterizedTest
    @CsvSource({
        "14, 1, 70",
        "14, 64, 17",
        "15, 100, 12",
        "12, 512, 3",
        "14, 513, 2",
        "7, 1024, 2",
        "14, 1025, 2",
        "5, 2500, 3"
    })
    void givesEachValueAPlaceOfItsOwn(int rows, int depth, int count) {
        Strips strips = new Strips(rows, depth);
        BitSet taken = new BitSet();
        for (int strip = 0; strip < count; strip++) {
            assertThat(strips.at(strip) % Arena.LINE).isZero();
            for (int row = 0; row < rows; row++) {
                for (int k = 0; k < depth; k++) {
                    int place = strips.at(strip) + row * Strips.PITCH + strips.column(k);
                    assertThat(taken.get(place))
                            .as("strip %d, row %d, column %d", strip, row, k)
                            .isFalse();
                    taken.set(place);
                }
            }
        }
        assertThat(taken.length()).isLessThanOrEqualTo(strips.size(count));
        assertThat(strips.size(count)).isLessThan(2 * count * rows * Math.max(depth, 64) + rows * Strips.PITCH);
    }
}
