package dev.sardonyx.compiler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.runtime.cli.Terminal;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ladder of {@link TinyModel}, with an engine beside it that computes the same, give or take an error. */
class FusionBenchTest {

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path json;
    private Path chart;

    @BeforeEach
    void nameFiles() {
        json = folder.resolve("f.json");
        chart = folder.resolve("f.png");
    }

    private int climb(float error) throws IOException {
        FusionBench bench = new FusionBench(
                Optional.of(new ReferencePeer(error)), 1, 3, Duration.ZERO, Optional.of(json), Optional.of(chart));
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        return bench.run(TinyModel.write(folder.resolve("tiny.onnx"), "1"), CompileOptions.defaults(), terminal);
    }

    @Test
    void every_rung_is_a_row_with_its_work_and_its_time() throws IOException {
        assertThat(climb(0)).isZero();

        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("Tiny: 3 interleaved rounds in one JVM")
                .contains("ref: Reference 1.0, as it comes", "outputs agree")
                .containsPattern("nothing fused +\\d+ +[0-9.]+ k?B( +[0-9.]+){3} +1.00 +1.00\n")
                .containsPattern("\\+ Winograd +\\d+ +[0-9.]+ k?B( +[0-9.]+){5}\n +ref( +[0-9.]+){5}\n");
    }

    @Test
    void fusing_launches_fewer_kernels_and_moves_fewer_bytes() throws IOException {
        climb(0);

        JsonObject figures = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
        List<JsonObject> rows = figures.getAsJsonArray("rows").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .toList();
        // Conv, BatchNormalization and Relu become one; the images of the Conv need no conversion to its layout any
        // more.
        assertThat(kernels(rows.get(0)) - kernels(rows.get(1))).isEqualTo(1);
        assertThat(kernels(rows.get(1)) - kernels(rows.get(2))).isEqualTo(1);
        assertThat(kernels(rows.get(3))).isGreaterThan(kernels(rows.get(4)));
        assertThat(rows.get(0).get("bytes").getAsLong())
                .isGreaterThan(rows.get(1).get("bytes").getAsLong());
        assertThat(rows.get(6).has("kernels")).isFalse();
        assertThat(figures.get("runs").getAsInt()).isEqualTo(3);
        assertThat(figures.get("median_ms")).isEqualTo(rows.get(5).get("median_ms"));
    }

    private static int kernels(JsonObject row) {
        return row.get("kernels").getAsInt();
    }

    @Test
    void the_chart_is_a_picture_with_bars() throws IOException {
        climb(0);

        BufferedImage picture = ImageIO.read(chart.toFile());
        int middle = picture.getHeight() / 2;
        assertThat(picture.getWidth()).isEqualTo(1000);
        assertThat(picture.getRGB(0, 0)).isEqualTo(0xffffffff);
        assertThat(IntStream.range(0, picture.getWidth())
                        .map(x -> picture.getRGB(x, middle))
                        .distinct()
                        .count())
                .isGreaterThan(2);
    }

    @Test
    void different_outputs_are_not_timed() throws IOException {
        assertThat(climb(0.1f)).isEqualTo(1);

        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("the outputs differ")
                .hasLineCount(1);
        assertThat(json).doesNotExist();
        assertThat(chart).doesNotExist();
    }
}
