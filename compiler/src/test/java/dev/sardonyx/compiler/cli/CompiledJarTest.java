package dev.sardonyx.compiler.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.Session;
import dev.sardonyx.runtime.cli.BenchCommand;
import dev.sardonyx.runtime.cli.Terminal;
import dev.sardonyx.runtime.cli.UsageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A jar on its own: in a JVM of its own, beside other jars, damaged. */
class CompiledJarTest {

    @TempDir
    static Path folder;

    private static Path jar = Path.of("");

    @BeforeAll
    static void compile() throws IOException {
        jar = folder.resolve("tiny.jar");
        Path model = TinyModel.write(folder.resolve("tiny.onnx"), "1");
        assertThat(Sardonyx.run("compile", model, "-o", jar).code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-jar @tiny.jar info",
                "-Dsardonyx.simd=off -jar @tiny.jar info",
                "-p @tiny.jar -m models.tiny info",
                "-Dsardonyx.simd=off -p @tiny.jar -m models.tiny info",
                "-jar @tiny.jar verify @data",
                "-p @tiny.jar -m models.tiny verify @data",
            })
    void it_runs_in_a_jvm_of_its_own(String line) throws IOException, InterruptedException {
        TinyModel.writeData(folder.resolve("data"), 0);

        assertThat(java(line)).contains(line.contains("info") ? "x: float32[1, 3, 8, 8]" : "PASS: 1 outputs");
    }

    @Test
    void java_jar_has_vectors_without_a_flag_and_in_the_first_jvm() throws IOException, InterruptedException {
        String output = java("-showversion -jar @tiny.jar info");

        assertThat(output).containsPattern("engine +SIMD, [0-9]+-bit vectors").containsOnlyOnce("Runtime Environment");
    }

    @Test
    void its_measurements_do_not_overwrite_it() throws IOException {
        byte[] bytes = Files.readAllBytes(jar);
        BenchCommand bench = new BenchCommand(1, OptionalInt.of(1), Duration.ZERO, Optional.of(jar), false);

        try (CompiledJar compiled = CompiledJar.open(jar)) {
            assertThatThrownBy(() -> bench.execute(compiled.model(), Terminal.system()))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("--json " + jar + ": would overwrite ");
        }
        assertThat(jar).hasBinaryContent(bytes);
    }

    /** What a JVM that ends well says; {@code @} stands for the folder. */
    private static String java(String line) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        Arrays.stream(line.split(" "))
                .map(word -> word.replace("@", folder + "/"))
                .forEach(command::add);

        Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(java.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(java.exitValue()).isZero();
        return output;
    }

    @Test
    void several_models_live_in_one_jvm() throws IOException {
        Path other = folder.resolve("other.jar");
        Path model = TinyModel.write(folder.resolve("other.onnx"), "2");
        assertThat(Sardonyx.run("compile", model, "-o", other).code()).isZero();

        try (CompiledJar one = CompiledJar.open(jar);
                CompiledJar two = CompiledJar.open(other);
                CompiledJar again = CompiledJar.open(jar)) {
            assertThat(run(two.model(), 2)).hasSize(8).endsWith(11, 23, 35);
            assertThat(run(one.model(), 1)).isEqualTo(run(again.model(), 1));
        }
    }

    /** Sets every input to {@code value}. */
    private static float[] run(CompiledModel model, float value) {
        float[] input = new float[model.info().inputs().getFirst().elements()];
        float[] output = new float[model.info().outputs().getFirst().elements()];
        Arrays.fill(input, value);
        try (Session session = model.newSession()) {
            session.run(new float[][] {input}, new float[][] {output});
        }
        return output;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 0.9, 0.999})
    void a_jar_that_was_cut_short_is_refused(double share) throws IOException {
        byte[] whole = Files.readAllBytes(jar);
        Path cut = Files.write(folder.resolve("cut.jar"), Arrays.copyOf(whole, (int) (share * whole.length)));

        assertThatThrownBy(() -> CompiledJar.open(cut))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith(cut + ": is no jar, or a damaged one");
    }

    @Test
    void a_jar_with_a_flipped_byte_is_refused_or_right() throws IOException {
        byte[] whole = Files.readAllBytes(jar);
        float[] right;
        try (CompiledJar loaded = CompiledJar.open(jar)) {
            right = run(loaded.model(), 1);
        }
        for (int at = 0; at < whole.length; at += whole.length / 50) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x20;
            Path file = Files.write(folder.resolve("damaged-" + at + ".jar"), damaged);
            try (CompiledJar loaded = CompiledJar.open(file)) {
                assertThat(run(loaded.model(), 1)).isEqualTo(right);
            } catch (UsageException e) {
                assertThat(e).hasMessageStartingWith(file.toString());
            }
        }
    }
}
