package dev.sardonyx.compiler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.compiler.cli.Sardonyx.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a command reads, the weights beside a model too, stays as it was wherever the command is told to write. */
class SourcesKeptTest {

    @TempDir
    Path folder;

    /** Each of them bears the name of the file that {@code run} writes for the output {@code y}. */
    @BeforeEach
    void writeModels() throws IOException {
        Path beside = Files.createDirectory(folder.resolve("beside"));
        TinyModel.moveWeights(TinyModel.write(beside.resolve("tiny.onnx"), "1"), beside.resolve("y.npy"));
        Files.createSymbolicLink(beside.resolve("Tiny.java"), beside.resolve("y.npy"));
        Path model =
                TinyModel.write(Files.createDirectory(folder.resolve("model")).resolve("y.npy"), "1");
        Path jar = Files.createDirectory(folder.resolve("jar")).resolve("y.npy");
        assertThat(Sardonyx.run("compile", model, "-o", jar).code()).isZero();
        Path data = TinyModel.writeData(folder.resolve("data"), 0);
        Files.move(data.resolve("test_data_set_0/input_0.pb"), folder.resolve("x.pb"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # command line                                                       | what would be overwritten
        compile @beside/tiny.onnx -o @beside/y.npy                           | -o @beside/y.npy
        compile @beside/tiny.onnx -o @t.jar --report @beside/y.npy           | --report @beside/y.npy
        compile @beside/tiny.onnx -o @t.jar --emit-source @ --package beside | --emit-source @beside/Tiny.java
        run @beside/tiny.onnx --input @x.pb --output @beside                 | --output @beside/y.npy
        run @model/y.npy --input @x.pb --output @model                       | --output @model/y.npy
        run @jar/y.npy --input @x.pb --output @jar                           | --output @jar/y.npy
        bench @beside/tiny.onnx --json @beside/y.npy                         | --json @beside/y.npy
        bench @beside/tiny.onnx --cold 1 --json @beside/y.npy                | --json @beside/y.npy
        bench @beside/tiny.onnx --fusion --json @beside/y.npy                | --json @beside/y.npy
        bench @beside/tiny.onnx --fusion --chart @beside/y.npy               | --chart @beside/y.npy
        bench @jar/y.npy --json @jar/y.npy                                   | --json @jar/y.npy
        """)
    void nothing_that_is_read_is_overwritten(String line, String file) throws IOException {
        Map<Path, byte[]> before = contents();

        Outcome outcome = Sardonyx.run((Object[]) Arrays.stream(line.split(" +"))
                .map(word -> word.replace("@", folder + "/"))
                .toArray(String[]::new));

        assertThat(outcome.err())
                .startsWith("error: " + file.replace("@", folder + "/") + ": would overwrite ")
                .hasLineCount(1);
        assertThat(outcome.code()).isEqualTo(2);
        Map<Path, byte[]> after = contents();
        assertThat(after).containsOnlyKeys(before.keySet());
        after.forEach((path, content) -> assertThat(content).as(path.toString()).isEqualTo(before.get(path)));
    }

    private Map<Path, byte[]> contents() throws IOException {
        Map<Path, byte[]> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(file, Files.readAllBytes(file));
            }
        }
        return contents;
    }
}
