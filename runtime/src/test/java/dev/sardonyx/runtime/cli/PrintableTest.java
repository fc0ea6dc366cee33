package dev.sardonyx.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {

    @ParameterizedTest
    @CsvSource({
        "plain é 漢 😀, plain é 漢 😀",
        "'a\nb\rc\td', a\\nb\\rc\\td",
        "'\u001b[31mred', \\u001b[31mred",
        "'\u009b2J', \\u009b2J",
        "'\u007f', \\u007f",
        "'\u202eabc', \\u202eabc",
        "'a\u2028b', a\\u2028b",
        "'\u200b', \\u200b",
        "'\ud800', \\ud800",
        "'\udb40\udc41', \\u{e0041}",
    })
    void escapesWhatATerminalWouldObey(String text, String line) {
        assertThat(Printable.line(text)).isEqualTo(line);
    }

    @Test
    void cutsEndlessText() {
        assertThat(Printable.line("x".repeat(1_000_000))).hasSizeLessThan(5000).endsWith("...");
    }
}
