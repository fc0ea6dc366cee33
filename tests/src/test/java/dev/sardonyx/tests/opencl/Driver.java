package dev.sardonyx.tests.opencl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** An OpenCL driver to test on. */
enum Driver {
    POCL(
            "libpocl.so",
            "/usr/lib/x86_64-linux-gnu",
            "/usr/lib/aarch64-linux-gnu",
            "/usr/lib64",
            "/usr/lib",
            "/usr/local/lib"),
    OCLGRIND("liboclgrind-rt-icd.so", "/usr/lib/oclgrind", "/usr/local/lib", "/usr/lib64/oclgrind"),
    /** A machine without any. */
    NONE("");

    private static final long PATIENCE_MINUTES = 10;

    private final String library;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> folders;

    Driver(String library, String... folders) {
        this.library = library;
        this.folders = List.of(folders);
    }

    /** What a JVM left behind. */
    record Outcome(int code, String out, String err) {

        /** Everything, for a message. */
        @Override
        public String toString() {
            return "exit code " + code + "\n" + out + err;
        }
    }

    /** Skips the running test, loudly, where the driver is not installed. */
    void require() {
        if (path().isEmpty()) {
            System.err.println("NOT RUN, for " + name() + " is not installed (tools/install-opencl.sh installs it): "
                    + StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                            .walk(frames -> frames.map(
                                            frame -> frame.getDeclaringClass().getSimpleName())
                                    .filter(name -> name.endsWith("Test"))
                                    .findFirst())
                            .orElseThrow());
            Assumptions.abort(name() + " is not installed; tools/install-opencl.sh installs it");
        }
    }

    private Optional<Path> path() {
        return folders.stream()
                .map(Path::of)
                .filter(Files::isDirectory)
                .flatMap(Driver::files)
                .filter(file -> file.getFileName().toString().startsWith(library))
                .sorted()
                .findFirst();
    }

    private static Stream<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList().stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    /** Runs a JVM that sees this driver alone; compiled kernels are kept below {@code target}. */
    Outcome java(Path folder, String... arguments) throws IOException, InterruptedException {
        return java(folder, Map.of(), arguments);
    }

    /** As {@link #java(Path, String...)}, with more in its environment. */
    Outcome java(Path folder, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Path vendors = Files.createDirectories(folder.resolve("vendors-" + name()));
        if (this != NONE) {
            Files.writeString(vendors.resolve("device.icd"), path().orElseThrow() + "\n");
        }
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xshare:auto"));
        // Its queue is for one thread, and runs a kernel twice now and then where something else is enqueued before
        // that ends.
        if (this == OCLGRIND) {
            command.add("-Dsardonyx.opencl.synchronous=true");
        }
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        // A folder, with the slash: the form that every loader reads.
        builder.environment().put("OCL_ICD_VENDORS", vendors + "/");
        builder.environment()
                .put(
                        "POCL_CACHE_DIR",
                        Files.createDirectories(Path.of("target", "pocl-cache").toAbsolutePath())
                                .toString());
        builder.environment().put("OCLGRIND_DATA_RACES", "1");
        builder.environment().put("OCLGRIND_CHECK_API", "1");
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException("no end after " + PATIENCE_MINUTES + " minutes: " + command);
        }
        return new Outcome(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    /** Runs the {@code main} of a class of the tests. */
    Outcome main(Path folder, Class<?> type, String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                type.getName()));
        words.addAll(List.of(arguments));
        return java(folder, words.toArray(String[]::new));
    }
}
