package dev.sardonyx.compiler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.runtime.ElementType;
import dev.sardonyx.runtime.ModelInfo;
import dev.sardonyx.runtime.TensorInfo;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command that is said to run a jar. */
class WrittenJarTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1 3 8 8; --image P.png",
                "1 8 8 1; --image P.png",
                "1 2 8 8; --input X.npy --output DIR",
                "2 3 8 8; --input X.npy --output DIR",
                "1 3; --input X.npy --output DIR",
                "1 3 8 8 and 1 3 8 8; --input X.npy --input X.npy --output DIR",
            })
    void it_gives_what_the_model_takes(String inputs, String words) {
        List<TensorInfo> tensors =
                Stream.of(inputs.split(" and ")).map(WrittenJarTest::tensor).toList();

        assertThat(command("m.jar", tensors)).isEqualTo("java -jar m.jar run " + words);
    }

    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the words are quoted for a POSIX shell")
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "out/r-50_v1.jar; out/r-50_v1.jar",
                "mod\u00e8le.jar; mod\u00e8le.jar",
                "my models/m.jar; 'my models/m.jar'",
                "a$b.jar; 'a$b.jar'",
                "a\\b.jar; 'a\\b.jar'",
                "it's.jar; 'it'\\''s.jar'",
            })
    void a_shell_takes_the_file_for_one_word(String file, String word) {
        assertThat(command(file, List.of(tensor("1 3 8 8")))).isEqualTo("java -jar " + word + " run --image P.png");
    }

    private static TensorInfo tensor(String shape) {
        return new TensorInfo(
                "x",
                ElementType.FLOAT32,
                Arrays.stream(shape.split(" ")).map(Integer::valueOf).toList());
    }

    private static String command(String file, List<TensorInfo> inputs) {
        ModelInfo info = new ModelInfo("M", "c0ffee", "", "1", inputs, List.of(), 0, 0);
        return new WrittenJar(Path.of(file), 0, "models.m", "models.m.M").command(info);
    }
}
