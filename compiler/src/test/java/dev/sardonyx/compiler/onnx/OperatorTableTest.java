package dev.sardonyx.compiler.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OperatorTableTest {

    private static final Path PAGE = Path.of("..", "docs", "operators.md");

    @Test
    void docsListTheOperators() throws IOException {
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(PAGE, OperatorTable.toMarkdown());
        }
        assertThat(Files.readString(PAGE))
                .as("docs/operators.md is generated: run this test with -Ddocs.write=true")
                .isEqualTo(OperatorTable.toMarkdown());
    }
}
