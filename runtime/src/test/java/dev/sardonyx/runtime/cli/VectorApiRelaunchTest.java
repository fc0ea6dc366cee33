package dev.sardonyx.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Starts real JVMs, as {@code java} without {@code --add-modules} would be. */
class VectorApiRelaunchTest {

    @TempDir
    Path folder;

    private record Outcome(int code, String out, String err) {}

    private static Process start(List<String> jvmOptions, String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), RelaunchedMain.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).start();
    }

    private static Outcome run(List<String> jvmOptions, String... args) throws Exception {
        Process process = start(jvmOptions, args);
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), out, err);
    }

    @Test
    void aSecondJvmHasTheModuleAndTheFirstOnesOptions() throws Exception {
        Outcome outcome = run(List.of("-Dword=two words", "-Xmx96m"), "info");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("vector=true word=two words relaunched=yes heap=96");
    }

    @Test
    void argumentsAndExitCodesPassThrough() throws Exception {
        String odd = folder.resolve("no \"such\" 'file' $HOME *.npy").toString();
        Outcome outcome = run(List.of(), "run", "--input", odd);

        assertThat(outcome.err()).isEqualToIgnoringNewLines("error: " + odd + ": there is no such file");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void aJvmThatHasTheModuleDoesTheWorkItself() throws Exception {
        Outcome outcome = run(List.of("--add-modules", "jdk.incubator.vector"), "info");

        assertThat(outcome.out()).contains("vector=true word=none relaunched=no");
    }

    @Test
    void aJvmThatMayAddTheModuleDoesTheWorkItself() throws Exception {
        Outcome outcome = run(List.of("--add-exports", "java.base/jdk.internal.module=ALL-UNNAMED"), "info");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).contains("vector=true word=none relaunched=no");
    }

    @Test
    void offStaysInTheFirstJvm() throws Exception {
        Outcome outcome = run(List.of("-Dsardonyx.simd=off"), "info");

        assertThat(outcome.out()).contains("vector=false word=none relaunched=no");
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void otherModesAreRefused() throws Exception {
        Outcome outcome = run(List.of("-Dsardonyx.simd=fast"), "info");

        assertThat(outcome.err())
                .isEqualToIgnoringNewLines("error: -Dsardonyx.simd=fast: there are auto, off, require, 128, 256, 512");
        assertThat(outcome.code()).isEqualTo(2);
    }

    @Test
    void itNeverLoops() throws Exception {
        String itself = "-Dsardonyx.relaunched=" + ProcessHandle.current().pid();

        Outcome slow = run(List.of(itself), "info");
        assertThat(slow.err()).isEmpty(); // the engine would say it
        assertThat(slow.out()).contains("vector=false");
        assertThat(slow.code()).isZero();

        Outcome refused = run(List.of(itself, "-Dsardonyx.simd=require"), "info");
        assertThat(refused.err())
                .startsWith("error: -Dsardonyx.simd=require: ")
                .contains("java --add-modules jdk.incubator.vector")
                .hasLineCount(1);
        assertThat(refused.code()).isEqualTo(3);
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void theSecondJvmDiesWithTheFirst() throws Exception {
        for (boolean forcibly : new boolean[] {false, true}) {
            Process first = start(List.of("-Dsleep=60000"), "bench", "--runs", "1");
            ProcessHandle second = childOf(first);
            if (forcibly) {
                first.destroyForcibly();
            } else {
                first.destroy();
            }

            assertThat(first.waitFor(10, TimeUnit.SECONDS)).isTrue();
            second.onExit().get(10, TimeUnit.SECONDS);
            assertThat(second.isAlive()).isFalse();
        }
    }

    private static ProcessHandle childOf(Process process) throws InterruptedException {
        while (process.isAlive()) {
            try (Stream<ProcessHandle> children = process.children()) {
                var child = children.filter(c -> c.info().command().orElse("").endsWith("java"))
                        .findFirst();
                if (child.isPresent()) {
                    Thread.sleep(1000); // until it watches its parent
                    return child.get();
                }
            }
            Thread.sleep(20);
        }
        throw new AssertionError("the first JVM ended by itself");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void lostResultsAreNoSuccess() throws Exception {
        List<String> words = List.of("-Dsardonyx.simd=off", "-cp", System.getProperty("java.class.path"));
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
        builder.command().addAll(words);
        builder.command().addAll(List.of(RelaunchedMain.class.getName(), "info"));
        Process process = builder.redirectOutput(new File("/dev/full")).start();

        assertThat(process.waitFor()).isEqualTo(2);
    }

    @Test
    void theJvmsChatterIsLeftOut() {
        Capture capture = new Capture();
        String text = """
            Picked up JAVA_TOOL_OPTIONS: -Xmx1g
            NOTE: Picked up JDK_JAVA_OPTIONS: -Da=b
            WARNING: Using incubator modules: jdk.incubator.vector
            error: one
            WARNING: Using incubator modules
            """;

        ChildJvm.copyErrors(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                capture.terminal().err());

        assertThat(capture.err()).isEqualTo("error: one\nWARNING: Using incubator modules\n");
    }
}
