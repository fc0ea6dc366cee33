package dev.sardonyx.compiler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.runtime.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A comparison with an engine that computes {@link TinyModel} as it is defined, give or take an error. */
class PeerBenchTest {

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path model;
    private Path json;

    @BeforeEach
    void writeModel() throws IOException {
        model = TinyModel.write(folder.resolve("tiny.onnx"), "1");
        json = folder.resolve("f.json");
    }

    private int compare(float error) {
        PeerBench bench = new PeerBench(new ReferencePeer(error), 1, 3, Duration.ZERO, Optional.of(json));
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        return ModelRunner.use(
                model,
                new ModelOptions(),
                new DeviceOptions(),
                terminal,
                result -> {},
                loaded -> bench.run(model, loaded, terminal));
    }

    @Test
    void equal_outputs_are_timed_side_by_side() throws IOException {
        assertThat(compare(0)).isZero();
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("Tiny: 3 alternating rounds in one JVM")
                .contains("ref: Reference 1.0, as it comes", "outputs agree")
                .containsPattern("Sardonyx( +[0-9.]+){5} %\n +ref( +[0-9.]+){5} %\n")
                .containsPattern("Sardonyx is [0-9.]+ times as fast: median of the paired ratios")
                .containsPattern("FMA peak, measured in this run: [0-9.]+ GFLOP/s");
        assertThat(Files.readString(json))
                .contains("\"runs\": 3,", "\"peer\": \"Reference 1.0\"")
                .containsPattern("\"median_ms\": [0-9.]+,")
                .containsPattern("\"p10_ms\": [0-9.]+,")
                .containsPattern("\"p90_ms\": [0-9.]+,")
                .containsPattern("\"peer_median_ms\": [0-9.]+,")
                .containsPattern("\"ratio_median\": [0-9.]+,")
                .containsPattern("\"peak_gflops\": [0-9.]+\n");
    }

    @Test
    void different_outputs_are_not_timed() {
        assertThat(compare(0.1f)).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("the outputs differ from Reference 1.0's")
                .hasLineCount(1);
        assertThat(json).doesNotExist();
    }
}
