package dev.sardonyx.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {

    @TempDir
    Path folder;

    private final Capture capture = new Capture();

    @Test
    void printsATableAndWritesJson() throws IOException {
        Path json = folder.resolve("f.json");

        int code = capture.run(
                () -> FakeModel.doubling(4),
                "bench",
                "--runs",
                "7",
                "--warmup",
                "0",
                "--threads",
                "2",
                "--json",
                json.toString());

        assertThat(capture.err()).isEmpty();
        assertThat(code).isZero();
        assertThat(capture.out())
                .startsWith("Fake, fake \\u001b[31mengine, 2 threads: 7 runs after 1 of warm-up")
                .contains("median ms", "p10 ms", "p90 ms", "GFLOP/s")
                .hasLineCount(3);
        assertThat(Files.readString(json))
                .matches("(?s)\\{.*\"runs\": 7,\\s+\"median_ms\": [0-9.]+,\\s+\"p10_ms\": [0-9.]+,\\s+\"p90_ms\":"
                        + " [0-9.]+,.*\\}\\s*")
                .contains("\"engine\": \"fake \\u001b[31mengine\"", "\"threads\": 2", "\"macs\": 1000000");
    }

    @Test
    void writesWhatTheKernelsTakeTogether() throws IOException {
        Path json = folder.resolve("profile.json");
        capture.run(
                () -> FakeModel.doubling(4),
                "bench",
                "--runs",
                "5",
                "--warmup",
                "0",
                "--profile",
                "--json",
                json.toString());

        assertThat(json).content().containsPattern("\"kernels_ms\": 2(\\.0+)?\\s");
    }

    @Test
    void showsTheProfile() {
        capture.run(() -> FakeModel.doubling(4), "bench", "--runs", "5", "--warmup", "0", "--profile");

        assertThat(capture.out())
                .contains("kernel   algorithm   ms/run     share   GFLOP/s   of peak   GB/s")
                .containsPattern("conv1    direct       2.000   100.0 %       4.0 +\\d+ %    0.0\n")
                .containsPattern("FMA peak, measured in this run: [0-9.]+ GFLOP/s");
    }

    @Test
    void inputsAreSeeded() {
        List<float[]> inputs = new ArrayList<>();
        FakeModel model =
                FakeModel.of(List.of(FakeModel.tensor("x", 3)), List.of(), (in, out) -> inputs.add(in[0].clone()));

        capture.run(() -> model, "bench", "--runs", "1", "--warmup", "0");
        capture.run(() -> model, "bench", "--runs", "1", "--warmup", "0");

        assertThat(inputs).hasSize(4).allSatisfy(input -> assertThat(input).containsExactly(inputs.getFirst()));
        assertThat(inputs.getFirst()[0]).isNotEqualTo(inputs.getFirst()[1]);
    }

    @Test
    void showsProgressToAPersonOnly() {
        BenchCommand command = new BenchCommand(1, OptionalInt.of(1), Duration.ZERO, Optional.empty(), false);
        Capture person = new Capture(true);

        command.execute(FakeModel.doubling(1), person.terminal());
        command.execute(FakeModel.doubling(1), capture.terminal());

        assertThat(person.err()).contains("warming up").endsWith("\r\u001b[K");
        assertThat(capture.err()).isEmpty();
    }

    @Test
    void refusesAnUnwritableFileBeforeItMeasures() {
        Path json = folder.resolve("none/f.json");

        int code = capture.run(() -> FakeModel.doubling(1), "bench", "--json", json.toString());

        assertThat(code).isEqualTo(2);
        assertThat(capture.err())
                .isEqualToIgnoringNewLines("error: --json " + json + ": there is no directory " + json.getParent());
        assertThat(capture.out()).isEmpty();
    }
}
