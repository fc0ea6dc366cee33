package dev.sardonyx.compiler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TemporaryFolderTest {

    @Test
    void it_vanishes_with_what_is_in_it() throws IOException {
        Path file;
        try (TemporaryFolder folder = TemporaryFolder.create()) {
            file = Files.createFile(folder.resolve("model.jar"));
            assertThat(file).exists();
        }
        assertThat(file.getParent()).doesNotExist();
    }
}
