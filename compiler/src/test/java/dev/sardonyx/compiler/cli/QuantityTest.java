package dev.sardonyx.compiler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 bytes",
        "1, 1 byte",
        "999, 999 bytes",
        "1000, 1.00 kB",
        "9994, 9.99 kB",
        "9996, 10.0 kB",
        "99960, 100 kB",
        "999499, 999 kB",
        "999500, 1.00 MB",
        "97492000, 97.5 MB",
        "9223372036854775807, 9223372 TB"
    })
    void bytes(long count, String text) {
        assertThat(Quantity.bytes(count)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "768, 768", "41300000, 41.3 M", "4089184256, 4.09 G"})
    void counts(long count, String text) {
        assertThat(Quantity.count(count)).isEqualTo(text);
    }
}
