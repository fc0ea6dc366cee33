package dev.sardonyx.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class InputFilesTest {

    @TempDir
    Path folder;

    @Test
    void readsAFile() throws IOException {
        Path file = Files.write(folder.resolve("f"), new byte[] {1, 2, 3});

        assertThat(InputFiles.read(file)).containsExactly(1, 2, 3);
        assertThat(InputFiles.start(file, 2)).containsExactly(1, 2);
        assertThat(InputFiles.start(file, 9)).containsExactly(1, 2, 3);
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        Path file = Files.write(folder.resolve("f"), new byte[3]);

        assertThatThrownBy(() -> InputFiles.read(folder)).hasMessage(folder + ": is a directory, not a file");
        assertThatThrownBy(() -> InputFiles.read(folder.resolve("none")))
                .hasMessage(folder.resolve("none") + ": there is no such file");
        assertThatThrownBy(() -> InputFiles.read(file, 2)).hasMessage(file + ": holds 3 bytes; at most 2 are read");
        assertThatThrownBy(() -> InputFiles.path("a\0b")).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> InputFiles.path("")).isInstanceOf(UsageException.class);
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void refusesEndlessDevices() {
        assertThatThrownBy(() -> InputFiles.read(Path.of("/dev/zero"))).hasMessage("/dev/zero: is not a regular file");
    }
}
