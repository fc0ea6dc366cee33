package dev.sardonyx.tests.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.compiler.cli.Main;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jars for OpenCL as users meet them: with a device, without a driver, with the processor to fall back on. */
final class CommandLineTest {

    private static final Path SAMPLES =
            Path.of("..", "samples").toAbsolutePath().normalize();

    @TempDir
    private static Path jars;

    private static Path openCl;
    private static Path simd;
    private static Path both;

    @TempDir
    private Path folder;

    @BeforeAll
    static void compile() throws IOException, InterruptedException {
        openCl = compile("opencl");
        simd = compile("simd");
        both = compile("simd,opencl");
    }

    private static Path compile(String target, String... more) throws IOException, InterruptedException {
        Path jar = jars.resolve(target + String.join("", more) + ".jar");
        List<String> words = List.of(
                "compile",
                SAMPLES.resolve("resnet20-cifar10.onnx").toString(),
                "-o",
                jar.toString(),
                "--target",
                target);
        Driver.Outcome outcome = Driver.NONE.main(
                jars, Main.class, Stream.concat(words.stream(), Stream.of(more)).toArray(String[]::new));
        assertThat(outcome.code()).as(outcome.toString()).isZero();
        return jar;
    }

    private Driver.Outcome classify(Driver driver, Path jar, String... more) throws IOException, InterruptedException {
        List<String> words = List.of(
                "-jar",
                jar.toString(),
                "run",
                "--image",
                SAMPLES.resolve("chelsea.png").toString(),
                "--labels",
                SAMPLES.resolve("cifar10-labels.txt").toString());
        return driver.java(
                folder, Stream.concat(words.stream(), Stream.of(more)).toArray(String[]::new));
    }

    @Test
    void a_jar_classifies_the_sample_picture() throws IOException, InterruptedException {
        Driver.POCL.require();
        Driver.Outcome outcome = classify(Driver.POCL, openCl);
        assertThat(outcome.code()).as(outcome.toString()).isZero();
        assertThat(outcome.out()).containsPattern("1 +3 +0\\.8571 +cat");
        assertThat(outcome.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"tf32x3, fp32", "fp16, fp16-storage"})
    void without_tensor_cores_a_device_computes_in_what_it_can_and_says_so_once(String precision, String instead)
            throws IOException, InterruptedException {
        Driver.POCL.require();
        Driver.Outcome outcome = classify(Driver.POCL, compile("opencl", "--precision", precision));
        assertThat(outcome.code()).as(outcome.toString()).isZero();
        assertThat(outcome.out()).containsPattern("1 +3 +0\\.85\\d\\d +cat");
        assertThat(outcome.err())
                .containsOnlyOnce("does not compute in " + precision + ", so in " + instead + " instead: it is not one"
                        + " of NVIDIA's");
    }

    @Test
    void devices_are_listed() throws IOException, InterruptedException {
        Driver.POCL.require();
        Driver.Outcome outcome = Driver.POCL.main(folder, Main.class, "devices");
        assertThat(outcome.code()).as(outcome.toString()).isZero();
        assertThat(outcome.out()).contains("pthread").contains("cpu").contains("MiB");
    }

    @Test
    void a_device_is_picked_by_number_or_part_of_the_name() throws IOException, InterruptedException {
        Driver.POCL.require();
        for (String device : List.of("0", "PTHREAD")) {
            Driver.Outcome outcome = Driver.POCL.java(folder, "-jar", openCl.toString(), "info", "--device", device);
            assertThat(outcome.code()).as(outcome.toString()).isZero();
            assertThat(outcome.out()).contains("OpenCL, pthread");
        }
    }

    @Test
    void an_unknown_device_is_refused_with_those_there_are() throws IOException, InterruptedException {
        Driver.POCL.require();
        Driver.Outcome outcome = classify(Driver.POCL, openCl, "--device", "frob");
        assertThat(outcome.code()).isEqualTo(3);
        assertThat(outcome.err())
                .startsWith("error: no OpenCL device is or is called 'frob'; there is 0: pthread")
                .hasLineCount(1);
    }

    @Test
    void without_a_driver_one_line_says_so() throws IOException, InterruptedException {
        Driver.Outcome outcome = classify(Driver.NONE, openCl);
        assertThat(outcome.code()).as(outcome.toString()).isEqualTo(3);
        assertThat(outcome.err())
                .startsWith("error: this machine has ")
                .contains("OpenCL")
                .hasLineCount(1);
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void a_jar_for_both_falls_back_on_the_processor_and_says_so_once() throws IOException, InterruptedException {
        Driver.Outcome outcome = classify(Driver.NONE, both);
        assertThat(outcome.code()).as(outcome.toString()).isZero();
        assertThat(outcome.out()).containsPattern("1 +3 +0\\.8571 +cat");
        assertThat(outcome.err()).containsOnlyOnce("running on the processor instead of an OpenCL device");
    }

    @Test
    void a_jar_for_both_runs_where_it_is_told_to() throws IOException, InterruptedException {
        Driver.POCL.require();
        Driver.Outcome device = Driver.POCL.java(folder, "-jar", both.toString(), "info");
        assertThat(device.out()).contains("OpenCL, pthread");
        Driver.Outcome processor = Driver.POCL.java(folder, "-jar", both.toString(), "info", "--target", "simd");
        assertThat(processor.out()).contains("SIMD");
        Driver.Outcome insisting = Driver.NONE.java(folder, "-jar", both.toString(), "info", "--target", "opencl");
        assertThat(insisting.code()).isEqualTo(3);
    }

    @Test
    void tuning_tries_kernels_once_and_keeps_what_it_finds() throws IOException, InterruptedException {
        Driver.POCL.require();
        Path cache = folder.resolve("cache");
        Path jar = tiny();
        Driver.Outcome first = tune(jar, cache, "-Djava.util.logging.config.file=" + verbose());
        assertThat(first.code()).as(first.toString()).isZero();
        assertThat(first.err())
                .contains("implicit GEMM 16x16x16/4x4: ")
                .contains("Winograd F(2x2,3x3), implicit GEMM 16x16x16/4x4: ")
                .contains("Winograd F(4x4,3x3), implicit GEMM 32x32x16/4x4: ")
                .doesNotContain("wrong", "left out");
        Path file = cache.resolve("opencl-tuning.txt");
        assertThat(file).content().contains("pthread").contains("fp32").contains("-DIN_H=9");
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        assertThat(tune(jar, cache).code()).isZero();
        assertThat(Files.getLastModifiedTime(file).toMillis()).isZero();
    }

    private Driver.Outcome tune(Path jar, Path cache, String... more) throws IOException, InterruptedException {
        List<String> words =
                List.of("-Dsardonyx.opencl.cache=" + cache, "-jar", jar.toString(), "info", "--tune", "quick");
        return Driver.POCL.java(
                folder, Stream.concat(Stream.of(more), words.stream()).toArray(String[]::new));
    }

    /** Has everything logged. */
    private Path verbose() throws IOException {
        return Files.writeString(folder.resolve("logging.properties"), """
            handlers=java.util.logging.ConsoleHandler
            java.util.logging.ConsoleHandler.level=ALL
            dev.sardonyx.level=ALL
            """);
    }

    private Driver.Outcome profile(Path jar, Path cache) throws IOException, InterruptedException {
        return Driver.POCL.java(
                folder,
                "-Dsardonyx.opencl.cache=" + cache,
                "-jar",
                jar.toString(),
                "bench",
                "--runs",
                "1",
                "--warmup",
                "0",
                "--profile");
    }

    /** An exact jar cannot filter; the other lines are no algorithm, one whose tile does not come out even, and one too large. */
    @Test
    void lines_of_tuning_are_followed_where_a_jar_can_and_else_ignored_with_a_warning()
            throws IOException, InterruptedException {
        Driver.POCL.require();
        Path cache = folder.resolve("cache");
        Path tuned = cache.resolve("opencl-tuning.txt");
        Path exact = tiny("--exact");
        tune(exact, cache);
        String lines = Files.readString(tuned);
        String filtering = "winograd 2 thread 16 16 16 4 4 1";
        for (String line : List.of("frob", "thread 17 5 3 2 1 1", "thread 9999 9999 9996 4 4 1", filtering)) {
            Files.writeString(tuned, lines.replaceAll("(?m)[^\\t]+$", line));
            Driver.Outcome outcome = profile(exact, cache);
            assertThat(outcome.code()).as(outcome.toString()).isZero();
            assertThat(outcome.out())
                    .contains("implicit GEMM 16x16x16/4x4")
                    .doesNotContain("Winograd", "transform of the");
            assertThat(outcome.err())
                    .contains(tuned + " wants a convolution to run as '" + line
                            + "', which this device cannot: that line is ignored");
        }

        Files.writeString(tuned, lines.replaceAll("(?m)\\t[^\\t]+$", " winograd 4\t" + filtering));
        assertThat(profile(tiny(), cache).out())
                .containsPattern("Conv 3x3 .* transform of the input ")
                .containsPattern("Conv 3x3 .* Winograd F\\(2x2,3x3\\), implicit GEMM 16x16x16/4x4 ")
                .containsPattern("Conv 3x3 .* transform of the output ");
    }

    /** Tiles that neither the estimate nor the tuning of such small convolutions takes tell which lines were read. */
    @Test
    void defaults_that_ship_come_after_the_users_own_tuning_and_before_the_estimate()
            throws IOException, InterruptedException {
        Driver.POCL.require();
        Path jar = tiny();
        Path cache = folder.resolve("cache");
        tune(jar, cache);
        Path tuned = cache.resolve("opencl-tuning.txt");
        String lines = Files.readString(tuned).replaceAll("(?m)[^\\t]+$", "thread 32 64 16 8 4 1");
        try (FileSystem zip = FileSystems.newFileSystem(jar)) {
            Files.writeString(zip.getPath("dev/sardonyx/runtime/opencl/opencl-tuning.txt"), lines);
        }
        Files.delete(tuned);
        assertThat(profile(jar, cache).out())
                .contains("implicit GEMM 32x64x16/8x4")
                .doesNotContain("implicit GEMM 16x16");
        Files.writeString(tuned, lines.replace("32 64 16 8 4 1", "64 32 8 4 8 1"));
        assertThat(profile(jar, cache).out())
                .contains("implicit GEMM 64x32x8/4x8")
                .doesNotContain("implicit GEMM 32x64");
    }

    @Test
    void a_profile_tells_the_flight_recorder_of_every_kernel() throws IOException, InterruptedException {
        Driver.POCL.require();
        Path recording = folder.resolve("recording.jfr");
        Driver.Outcome outcome = Driver.POCL.java(
                folder,
                "-XX:StartFlightRecording:filename=" + recording,
                "-jar",
                tiny().toString(),
                "bench",
                "--runs",
                "3",
                "--warmup",
                "0",
                "--profile");
        assertThat(outcome.code()).as(outcome.toString()).isZero();
        List<RecordedEvent> kernels = RecordingFile.readAllEvents(recording).stream()
                .filter(event -> event.getEventType().getName().equals("dev.sardonyx.Kernel"))
                .toList();
        assertThat(kernels)
                .allMatch(kernel -> kernel.getDuration("time").isPositive())
                .filteredOn(kernel -> kernel.getString("name").startsWith("Dense [1, 16, 1, 1] to [1, 10, 1, 1]"))
                .isNotEmpty()
                .allMatch(kernel -> kernel.getString("algorithm").equals("matrix-vector product"))
                .allMatch(kernel -> kernel.getLong("multiplyAccumulates") == 16 * 10);
    }

    private Path tiny(String... more) throws IOException, InterruptedException {
        Path model = folder.resolve("tiny.onnx");
        TwoConvolutions.write(model, 1, 9);
        Path jar = folder.resolve("tiny" + String.join("", more) + ".jar");
        List<String> words = List.of("compile", model.toString(), "-o", jar.toString(), "--target", "opencl");
        Driver.Outcome outcome = Driver.NONE.main(
                folder,
                Main.class,
                Stream.concat(words.stream(), Stream.of(more)).toArray(String[]::new));
        assertThat(outcome.code()).as(outcome.toString()).isZero();
        return jar;
    }

    @Test
    void only_jars_for_opencl_carry_jocl() throws IOException, InterruptedException {
        assertThat(names(simd)).noneMatch(name -> name.startsWith("org/jocl") || name.contains("opencl"));
        assertThat(names(openCl)).contains("org/jocl/CL.class", "dev/sardonyx/runtime/opencl/convolution.cl");
        assertThat(Files.size(both) - Files.size(openCl))
                .isLessThan(700_000); // the weights, a megabyte, are there once
    }

    @Test
    void a_jar_for_the_processor_refuses_a_device() throws IOException, InterruptedException {
        Driver.Outcome outcome = Driver.NONE.java(folder, "-jar", simd.toString(), "info", "--device", "0");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err())
                .startsWith("error: --device and --tune are for models that run on OpenCL")
                .hasLineCount(1);
    }

    private static List<String> names(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.stream().map(entry -> entry.getName()).toList();
        }
    }
}
