package dev.sardonyx.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.compiler.cli.Main;
import dev.sardonyx.compiler.zoo.GenerateOptions;
import dev.sardonyx.compiler.zoo.ModelZoo;
import dev.sardonyx.runtime.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxRuntimePeerTest {

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int sardonyx(Object... args) {
        String[] words = new String[args.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = args[i].toString();
        }
        return Main.run(
                words,
                new Terminal(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false));
    }

    @Test
    void fresh_processes_of_both_engines_are_measured() throws IOException {
        Path model = folder.resolve("small.onnx");
        ModelZoo.write(
                "resnet18",
                GenerateOptions.defaults()
                        .withWidthDivisor(16)
                        .withInputSize(33)
                        .withClasses(7),
                model);

        int code = sardonyx("bench", model, "--peer", "ort", "--warmup", 0.1, "--cold", 1);

        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(code).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsPattern("Sardonyx +start to first answer, ms( +[0-9.]+){3}\n")
                .containsPattern("ort +start to first answer, ms( +[0-9.]+){3}\n")
                .containsPattern("ort +steady answer, ms( +[0-9.]+){3}\n");
    }

    @Test
    void bench_sets_onnx_runtime_beside_a_model() throws IOException {
        Path model = folder.resolve("small.onnx");
        ModelZoo.write(
                "resnet18",
                GenerateOptions.defaults()
                        .withWidthDivisor(16)
                        .withInputSize(33)
                        .withBatch(2)
                        .withClasses(7),
                model);
        Path json = folder.resolve("f.json");

        int code =
                sardonyx("bench", model, "--peer", "ort", "--threads", 2, "--runs", 2, "--warmup", 0, "--json", json);

        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(code).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("ONNX Runtime 1.", "intra-op threads 2", "inter-op threads 1", "outputs agree");
        assertThat(Files.readString(json)).contains("\"peer\": \"ONNX Runtime 1.", "\"threads\": 2", "\"runs\": 2");
    }
}
