package dev.sardonyx.compiler.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sardonyx.compiler.bench.ColdStart;
import dev.sardonyx.runtime.cli.Terminal;
import dev.sardonyx.runtime.cli.UsageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fresh processes of {@link TinyModel} beside those of an engine that does nothing. */
class ColdBenchTest {

    @TempDir
    Path folder;

    @Test
    void fresh_processes_tell_how_they_start() throws IOException {
        Path model = TinyModel.write(folder.resolve("tiny.onnx"), "1");
        Path json = folder.resolve("f.json");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(new PrintStream(out, true, StandardCharsets.UTF_8), System.err, false);
        ColdBench bench =
                new ColdBench(Optional.of(new ReferencePeer(0)), 1, 2, Duration.ofMillis(200), Optional.of(json));

        int code = ModelRunner.withJar(
                model, new ModelOptions(), terminal, result -> {}, jar -> bench.run(model, jar, terminal));

        assertThat(code).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("Tiny: 2 fresh processes each, 0.2 s after the first answer, threads 1")
                .containsPattern("jar: [0-9.]+ kB, of which weights \\d+ bytes, beyond them [0-9.]+ kB")
                .containsPattern("Sardonyx +start to first answer, ms( +[0-9.]+){3}\n")
                .containsPattern("Sardonyx +start to within 10 % of steady, ms( +[0-9.]+){3}\n")
                .containsPattern("Sardonyx +steady answer, ms( +[0-9.]+){3}\n")
                .containsPattern("ref +start to first answer, ms( +[0-9.]+){3}\n");
        JsonObject figures = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
        JsonObject own = figures.getAsJsonArray("engines").get(0).getAsJsonObject();
        assertThat(figures.get("runs").getAsInt()).isEqualTo(2);
        assertThat(own.get("near_steady_ms_median").getAsDouble())
                .isGreaterThan(own.get("first_answer_ms_median").getAsDouble());
        if (Files.exists(Path.of("/proc/self/status"))) {
            assertThat(own.get("peak_resident_mb_median").getAsDouble()).isBetween(10.0, 4000.0);
        }
    }

    @Test
    void a_process_that_fails_is_told_with_its_first_line() {
        assertThatThrownBy(() -> ColdStart.measure(List.of("-jar", "none.jar"), folder.resolve("errors")))
                .isInstanceOf(UsageException.class)
                .hasMessage("a process ended with exit code 1: Error: Unable to access jarfile none.jar");
    }
}
