package dev.sardonyx.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputFilesTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "logits, logits",
        "Identity:0, Identity%3A0",
        "resnet/fc/Add, resnet%2Ffc%2FAdd",
        "'', %",
        "., %2E",
        ".., %2E.",
        "../../etc/passwd, %2E.%2F..%2Fetc%2Fpasswd",
        "a b, a%20b",
        "100%, 100%25",
        "é, %C3%A9",
        "CON, %43ON",
        "nul.x, %6Eul.x",
        "console, console",
        "a\\b, a%5Cb",
        "a+b, a%2Bb",
    })
    void namesFilesAfterTensors(String tensor, String name) {
        assertThat(OutputFiles.nameFor(tensor)).isEqualTo(name);
    }

    @Test
    void cutsLongNamesAndKeepsThemApart() {
        String first = OutputFiles.nameFor("x".repeat(500) + 1);
        String second = OutputFiles.nameFor("x".repeat(500) + 2);

        assertThat(first).hasSizeLessThan(200).isNotEqualTo(second).matches("x{180}~[0-9a-f]{16}");
    }

    @Property(tries = 300)
    void namesAreSafeAndReversible(@ForAll @StringLength(min = 1, max = 15) String tensor) {
        String name = OutputFiles.nameFor(tensor);

        assertThat(name).matches("[-A-Za-z0-9_.=,@()\\[\\]%]+").doesNotStartWith(".");
        String wellFormed = new String(tensor.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        assertThat(URLDecoder.decode(name, StandardCharsets.UTF_8)).isEqualTo(wellFormed);
    }

    @Test
    void replacesAFileAndLeavesNothingElse() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "old");

        OutputFiles.write(file, out -> out.write('n'));

        assertThat(file).hasContent("n");
        assertThat(folder.toFile().list()).containsExactly("f");
    }

    @Test
    void keepsTheOldFileWhenWritingFails() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "old");

        assertThatThrownBy(() -> OutputFiles.write(file, out -> {
                    out.write('n');
                    throw new IOException("disk full");
                }))
                .isInstanceOf(UsageException.class)
                .hasMessage(file + ": disk full");
        assertThat(file).hasContent("old");
        assertThat(folder.toFile().list()).containsExactly("f");
    }

    @Test
    void refusesToReplaceADirectory() {
        assertThatThrownBy(() -> OutputFiles.write(folder, out -> {}))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("is a folder");
    }
}
