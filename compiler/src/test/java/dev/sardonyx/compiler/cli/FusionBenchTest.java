package dev.sardonyx.compiler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sardonyx.compiler.cli.Sardonyx.Outcome;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ladder of {@link TinyModel}, with an engine beside it that computes the same, give or take an error. */
class FusionBenchTest {

    @TempDir
    static Path folder;

    private static Path json = Path.of("");
    private static Path chart = Path.of("");
    private static Outcome agreeing = new Outcome(-1, "", "");

    @BeforeAll
    static void climb() throws IOException {
        json = folder.resolve("f.json");
        chart = folder.resolve("f.png");
        agreeing = climb(0, Optional.of(json), Optional.of(chart));
    }

    private static Outcome climb(float error, Optional<Path> json, Optional<Path> chart) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        FusionBench bench = new FusionBench(Optional.of(new ReferencePeer(error)), 1, 3, Duration.ZERO, json, chart);
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        Path model = TinyModel.write(folder.resolve("tiny.onnx"), "1");
        int code = bench.run(model, CompileOptions.defaults(), result -> {}, terminal);
        return new Outcome(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void every_rung_is_a_row_with_its_work_and_its_time() {
        assertThat(agreeing.err()).isEmpty();
        assertThat(agreeing.code()).isZero();
        assertThat(agreeing.out())
                .startsWith("Tiny: 3 interleaved rounds in one JVM")
                .contains("ref: Reference 1.0, as it comes", "outputs agree")
                .containsPattern("nothing fused +\\d+ +[0-9.]+ k?B( +[0-9.]+){3} +1.00 +1.00\n")
                .containsPattern("\\+ Winograd +\\d+ +[0-9.]+ k?B( +[0-9.]+){5}\n +ref( +[0-9.]+){5}\n");
    }

    @Test
    void fusing_launches_fewer_kernels_and_moves_fewer_bytes() throws IOException {
        JsonObject figures = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
        List<JsonObject> rows = figures.getAsJsonArray("rows").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .toList();

        // The Conv takes in the BatchNormalization, then the Relu; at last its images need no conversion any more.
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
        BufferedImage picture = ImageIO.read(chart.toFile());
        int nearTheFoot = picture.getHeight() * 4 / 5;
        long changes = IntStream.range(1, picture.getWidth())
                .filter(x -> picture.getRGB(x, nearTheFoot) != picture.getRGB(x - 1, nearTheFoot))
                .count();

        assertThat(picture.getWidth()).isEqualTo(1000);
        assertThat(changes).isGreaterThanOrEqualTo(7);
    }

    @Test
    void different_outputs_are_not_timed() throws IOException {
        Path none = folder.resolve("none.json");

        Outcome differing = climb(0.1f, Optional.of(none), Optional.empty());

        assertThat(differing.code()).isEqualTo(1);
        assertThat(differing.out()).isEmpty();
        assertThat(differing.err()).startsWith("the outputs differ").hasLineCount(1);
        assertThat(none).doesNotExist();
    }
}
