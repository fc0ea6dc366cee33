package dev.sardonyx.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    @TempDir
    private Path folder;

    @Test
    void writesAndReplaces() throws IOException {
        Path file = folder.resolve("f");
        WholeFile.write(file, out -> out.write('a'));
        WholeFile.write(file, out -> out.write('b'));
        assertThat(file).hasContent("b");
        assertThat(folder.toFile().list()).containsExactly("f");
    }

    @Test
    void keepsTheOldFileWhereWritingFails() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "old");
        assertThatThrownBy(() -> WholeFile.write(file, out -> {
                    out.write(new byte[1 << 20]);
                    throw new IOException("disk full");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ": disk full");
        assertThat(file).hasContent("old");
        assertThat(folder.toFile().list()).containsExactly("f");
    }

    @Test
    void saysWhichFolderIsMissing() {
        Path file = folder.resolve("no/f");
        assertThatThrownBy(() -> WholeFile.write(file, out -> {}))
                .hasMessage(file + ": there is no folder " + folder.resolve("no"));
    }

    @Test
    void refusesAFolder() {
        assertThatThrownBy(() -> WholeFile.write(folder, out -> {})).hasMessage(folder + ": is a folder");
    }

    @Test
    void writesThroughALink() throws IOException {
        Path target = Files.writeString(folder.resolve("target"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("target"));
        WholeFile.write(link, out -> out.write('n'));
        assertThat(target).hasContent("n");
        assertThat(link).isSymbolicLink();
    }

    @Test
    void leavesADeviceWhereItIs() throws IOException {
        Path device = Path.of("/dev/null");
        assumeThat(device).exists();
        WholeFile.write(device, out -> out.write('n'));
        assertThat(Files.isRegularFile(device)).isFalse();
    }
}
