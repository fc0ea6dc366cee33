package dev.sardonyx.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.compiler.cli.Main;
import dev.sardonyx.runtime.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands that {@code samples/embedding/README.md} shows, each as it stands there. */
class EmbeddingSampleTest {

    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Path SAMPLE = PROJECT.resolve("samples").resolve("embedding");

    @TempDir
    Path folder;

    @Test
    void the_commands_in_its_readme_build_and_run_it() throws Exception {
        List<String> commands = Files.readAllLines(SAMPLE.resolve("README.md")).stream()
                .filter(line -> line.startsWith("    "))
                .map(String::strip)
                .toList();

        List<String> said = new ArrayList<>();
        for (String command : commands) {
            said = run(command);
        }

        assertThat(commands).hasSize(6);
        assertThat(said).hasSize(8).allMatch(line -> line.matches("class [0-9]"));
    }

    /** What a command prints that runs in {@link #folder}. */
    private List<String> run(String command) throws IOException, InterruptedException {
        List<String> words = List.of(command.split(" "));
        List<String> arguments = words.subList(1, words.size());
        return words.getFirst().equals("./sardonyx") ? sardonyx(arguments) : program(words.getFirst(), arguments);
    }

    private List<String> sardonyx(List<String> words) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        int code = Main.run(
                words.stream()
                        .map(word -> word.matches(".*\\.(onnx|jar)")
                                ? folder.resolve(word).toString()
                                : word)
                        .toArray(String[]::new),
                new Terminal(stream, stream, false));
        assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isZero();
        return said.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private List<String> program(String name, List<String> words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", name).toString());
        words.stream()
                .map(word ->
                        word.replace("samples/embedding", SAMPLE.toString()).replace(":", File.pathSeparator))
                .forEach(command::add);
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(folder.resolve("errors").toFile())
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(Files.readString(folder.resolve("errors")))
                .isZero();
        return said.lines().toList();
    }
}
