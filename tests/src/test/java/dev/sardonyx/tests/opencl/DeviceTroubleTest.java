package dev.sardonyx.tests.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.compiler.cli.Main;
import dev.sardonyx.runtime.opencl.BrokenDevice;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What machines lack, and processes that get in each other's way: one sentence, exit code 3, and nothing left behind. */
final class DeviceTroubleTest {

    @TempDir
    private static Path jars;

    private static Path tiny;

    @TempDir
    private Path folder;

    @BeforeAll
    static void compile() throws IOException, InterruptedException {
        tiny = compile("tiny", 1, 9);
    }

    private static Path compile(String name, int batch, int size) throws IOException, InterruptedException {
        Path model = jars.resolve(name + ".onnx");
        TwoConvolutions.write(model, batch, size);
        Path jar = jars.resolve(name + ".jar");
        Driver.Outcome outcome = Driver.NONE.main(
                jars, Main.class, "compile", model.toString(), "-o", jar.toString(), "--target", "opencl");
        assertThat(outcome.code()).as(outcome.toString()).isZero();
        return jar;
    }

    private static void assertRefused(Driver.Outcome outcome, String... parts) {
        assertThat(outcome.code()).as(outcome.toString()).isEqualTo(3);
        assertThat(outcome.err()).startsWith("error: ").hasLineCount(1).contains(parts);
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void no_loader() throws IOException, InterruptedException {
        for (String name : List.of("libOpenCL.so.1", "libOpenCL.so")) {
            Files.createFile(folder.resolve(name)); // found first, and no library
        }
        assertRefused(
                Driver.NONE.java(folder, Map.of("LD_LIBRARY_PATH", folder.toString()), "-jar", tiny.toString(), "info"),
                "this machine has no OpenCL loader (libOpenCL.so.1)",
                "apt-get install ocl-icd-libopencl1");
    }

    @Test
    void the_version_needs_no_device() throws IOException, InterruptedException {
        Driver.Outcome outcome = Driver.NONE.java(folder, "-jar", tiny.toString(), "--version");
        assertThat(outcome.code()).as(outcome.toString()).isZero();
        assertThat(outcome.out()).startsWith("Tiny, compiled by Sardonyx ");
    }

    @Test
    void no_driver() throws IOException, InterruptedException {
        Driver.POCL.require(); // which brings a loader
        assertRefused(
                Driver.NONE.java(folder, "-jar", tiny.toString(), "info"),
                "an OpenCL loader, but no OpenCL driver",
                "apt-get install pocl-opencl-icd");
    }

    @Test
    void no_device() throws IOException, InterruptedException {
        Driver.POCL.require();
        assertRefused(
                Driver.POCL.java(folder, Map.of("POCL_DEVICES", "none"), "-jar", tiny.toString(), "info"),
                "the OpenCL drivers of this machine offer no device");
    }

    @Test
    void a_device_that_does_not_open() throws IOException, InterruptedException {
        Driver.POCL.require();
        Driver.Outcome outcome = Driver.POCL.main(folder, BrokenDevice.class);
        assertThat(outcome.code()).as(outcome.toString()).isZero();
        assertThat(outcome.out())
                .startsWith("pthread")
                .contains("failed: CL_INVALID_DEVICE; update its driver, or pick another --device");
    }

    @Test
    void a_kernel_that_the_driver_does_not_take() throws IOException, InterruptedException {
        Driver.POCL.require();
        Path jar = Files.copy(tiny, folder.resolve("spoilt.jar"));
        try (FileSystem zip = FileSystems.newFileSystem(jar)) {
            Path source = zip.getPath("dev/sardonyx/runtime/opencl/convolution.cl");
            Files.writeString(source, "#error spoilt by hand\n" + Files.readString(source));
        }
        Driver.Outcome outcome = Driver.POCL.java(folder, "-jar", jar.toString(), "info");
        assertThat(outcome.code()).as(outcome.toString()).isEqualTo(3);
        assertThat(outcome.err().replace("1 error generated.\n", "")) // which PoCL says
                .startsWith("error: the OpenCL compiler of pthread")
                .contains("does not take a kernel (CL_BUILD_PROGRAM_FAILURE; --debug shows its log)")
                .hasLineCount(1);
        assertThat(Driver.POCL
                        .java(folder, "-jar", jar.toString(), "info", "--debug")
                        .err())
                .contains("spoilt by hand");
    }

    /** PoCL is made to offer a GiB, a quarter of it in one buffer; the first convolution's output is larger. */
    @Test
    void too_large_a_buffer() throws IOException, InterruptedException {
        Driver.POCL.require();
        String large = "in one buffer, and the network needs one of 269 MiB: ";
        assertRefused(
                benchWithLittleMemory(compile("large", 1, 2100)),
                "takes at most 256 MiB " + large + "pick another --device, or compile it for the processor");
        assertRefused(
                benchWithLittleMemory(compile("batch", 4, 1050)),
                "takes at most 256 MiB " + large
                        + "compile the network with a smaller batch, or pick another --device");
    }

    private Driver.Outcome benchWithLittleMemory(Path jar) throws IOException, InterruptedException {
        return Driver.POCL.java(
                folder,
                Map.of("POCL_MEMORY_LIMIT", "1"),
                "-jar",
                jar.toString(),
                "bench",
                "--runs",
                "1",
                "--warmup",
                "0");
    }

    @Test
    void copies_of_jocl_that_killed_processes_left_are_cleared() throws IOException, InterruptedException {
        Driver.POCL.require();
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Path old = temporary.resolve("libJOCL_2_0_6-linux-x86_64-71e268fc-1398-4b1a-9e36-5d6da508056c.so");
        Path young = temporary.resolve("libJOCL_2_0_6-linux-x86_64-71e268fc-1398-4b1a-9e36-5d6da508056d.so");
        Path foreign = temporary.resolve("libJOCL_2_0_6-linux-x86_64.so");
        for (Path file : List.of(old, young, foreign)) {
            Files.createFile(file);
        }
        FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
        Files.setLastModifiedTime(old, longAgo);
        Files.setLastModifiedTime(foreign, longAgo);
        Driver.Outcome outcome =
                Driver.POCL.java(folder, "-Djava.io.tmpdir=" + temporary, "-jar", tiny.toString(), "info");
        assertThat(outcome.code()).as(outcome.toString()).isZero();
        assertThat(list(temporary)).containsExactlyInAnyOrder(young, foreign);
    }

    @Test
    void processes_that_start_together_on_empty_folders() throws Exception {
        Driver.POCL.require();
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Path compiled = Files.createDirectory(folder.resolve("pocl"));
        List<Future<Driver.Outcome>> outcomes = new ArrayList<>();
        try (ExecutorService starters = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) {
                Path own = Files.createDirectory(folder.resolve("process" + i));
                outcomes.add(starters.submit(() -> Driver.POCL.java(
                        own,
                        Map.of("POCL_CACHE_DIR", compiled.toString()),
                        "-Djava.io.tmpdir=" + temporary,
                        "-jar",
                        tiny.toString(),
                        "info")));
            }
        }
        for (Future<Driver.Outcome> outcome : outcomes) {
            assertThat(outcome.get().code()).as(outcome.get().toString()).isZero();
        }
        assertThat(list(temporary)).isEmpty();
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
