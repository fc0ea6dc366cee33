package dev.sardonyx.compiler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.compiler.cli.Sardonyx.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model's way through the commands. */
class CompileTest {

    @TempDir
    Path folder;

    private Path model = Path.of("");
    private Path jar = Path.of("");

    @BeforeEach
    void writeModel() throws IOException {
        model = TinyModel.write(folder.resolve("tiny-net.onnx"), "batch");
        jar = folder.resolve("tiny.jar");
    }

    @Test
    void a_compiled_model_verifies_and_so_does_its_source() throws IOException {
        Path right = TinyModel.writeData(folder.resolve("right"), 0);
        Path wrong = TinyModel.writeData(folder.resolve("wrong"), 1);

        Outcome compiled = Sardonyx.run("compile", model, "-o", jar);

        assertThat(compiled.err()).isEmpty();
        assertThat(compiled.code()).isZero();
        assertThat(compiled.out())
                .contains("1 BatchNormalization folded into the weights before")
                .contains("models.tinynet.TinyNet")
                .contains("java -jar " + jar);
        for (Path either : List.of(jar, model)) {
            assertThat(Sardonyx.run("verify", either, right).code()).isZero();
            assertThat(Sardonyx.run("verify", either, wrong).code()).isEqualTo(1);
        }
    }

    @Test
    void equal_input_gives_equal_bytes() throws IOException {
        Path again = folder.resolve("again.jar");

        Sardonyx.run("compile", model, "-o", jar, "--dim", "batch=2");
        Sardonyx.run("compile", model, "-o", again, "--dim", "batch=2");

        assertThat(again).hasSameBinaryContentAs(jar);
        assertThat(Files.readString(jar, StandardCharsets.ISO_8859_1)).doesNotContain(folder.toString());
    }

    @Test
    void run_writes_a_file_for_each_output() throws IOException {
        Path data = TinyModel.writeData(folder.resolve("data"), 0);
        Path results = folder.resolve("results");

        Outcome outcome = Sardonyx.run(
                "run", model, "--input", "x=" + data.resolve("test_data_set_0/input_0.pb"), "--output", results);

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        assertThat(results.resolve("y.npy")).exists();
    }

    @Test
    void bench_writes_its_figures() throws IOException {
        Path json = folder.resolve("f.json");

        Outcome outcome = Sardonyx.run("bench", model, "--runs", 5, "--warmup", 0, "--json", json);

        assertThat(outcome.code()).isZero();
        assertThat(json).content().contains("\"median_ms\": ", "\"p10_ms\": ", "\"p90_ms\": ", "\"runs\": 5");
    }

    @Test
    void names_and_dimensions_can_be_chosen() {
        Outcome compiled = Sardonyx.run(
                "compile", model, "-o", jar, "--package", "com.acme", "--class", "Net", "--dim", "batch=3");

        assertThat(compiled.out()).contains("com.acme.Net").contains("x: float32[3, 3, 8, 8]");
    }

    @Test
    void a_fusion_that_is_switched_off_leaves_its_operators() {
        assertThat(Sardonyx.run("inspect", model).out()).containsPattern("BatchNormalization +1 +1 +0");
        assertThat(Sardonyx.run("inspect", model, "--no-fuse", "fold-batch-norm,fold-batch-norm-before")
                        .out())
                .containsPattern("BatchNormalization +1 +1 +1");
        assertThat(Sardonyx.run("inspect", model, "--stop-after", "fuse-pad").out())
                .containsPattern("BatchNormalization +1 +1 +1");
    }

    @Test
    void inspect_tells_what_there_is_to_know() {
        Outcome outcome = Sardonyx.run("inspect", model, "--kernels");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out())
                .contains("ONNX opset 17")
                .contains("x: float32[1, 3, 8, 8]")
                .contains("y: float32[1, 4]")
                .containsPattern("parameters +20\n") // 12 weights, 4 scales, 4 shifts
                .containsPattern("MACs +768 an inference") // 8 * 8 pixels, 12 weights
                .containsPattern("memory plan +\\S+ \\S+ a session")
                .contains("(conv, norm, relu)");
    }

    @Test
    void dump_prints_the_graph_after_each_pass() {
        assertThat(Sardonyx.run("inspect", model, "--dump").out())
                .contains("== as read\ninput 'x': float32[1, 3, 8, 8]\n")
                .contains("== after fold-constants: unchanged\n")
                .containsPattern("== after fold-batch-norm\n(?s).*== after fuse-activation\n");
    }

    @Test
    void a_failure_leaves_the_older_jar_alone() throws IOException {
        Files.writeString(jar, "old");
        Path odd = TinyModel.writeUnsupported(folder.resolve("odd.onnx"));

        assertThat(Sardonyx.run("compile", odd, "-o", jar).code()).isEqualTo(2);

        assertThat(jar).hasContent("old");
    }

    @Test
    void the_report_is_one_page_of_html() {
        Path report = folder.resolve("r.html");

        Sardonyx.run("compile", model, "-o", jar, "--report", report);

        assertThat(report)
                .content()
                .startsWith("<!DOCTYPE html>")
                .contains(
                        "1 BatchNormalization folded",
                        "float32[1, 3, 8, 8]",
                        "(conv, norm, relu)",
                        "models.tinynet.TinyNet")
                .doesNotContain("<script", "http");
    }

    @Test
    void a_generated_network_compiles() throws IOException {
        Path network = folder.resolve("resnet20.onnx");
        Path again = folder.resolve("again.onnx");

        Outcome generated = Sardonyx.run(
                "generate", "cifar-resnet20-a", "-o", network, "--width-divisor", 8, "--size", 16, "--seed", 7);
        Sardonyx.run("generate", "cifar-resnet20-a", "-o", again, "--width-divisor", 8, "--size", 16, "--seed", 7);

        assertThat(generated.code()).isZero();
        assertThat(generated.out()).contains("CIFAR ResNet-20").contains("16 x 16 pixels, 10 classes");
        assertThat(again).hasSameBinaryContentAs(network);
        assertThat(Sardonyx.run("compile", network, "-o", jar).out())
                .contains("input: float32[1, 3, 16, 16]")
                .contains("19 BatchNormalization folded into the weights before");
    }
}
