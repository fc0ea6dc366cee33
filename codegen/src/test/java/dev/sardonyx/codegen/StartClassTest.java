package dev.sardonyx.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartClassTest {

    /** Stands for a model. */
    public static final class Model {
        private Model() {}

        /** Shows its arguments. */
        public static void main(String[] args) {
            System.out.println(String.join("|", args));
        }
    }

    @TempDir
    Path folder;

    /** What a process leaves behind. */
    private record Outcome(int code, String out, String err) {}

    @Test
    void hands_its_arguments_on() throws Exception {
        assertThat(start(ClassFile.latestMajorVersion())).isEqualTo(new Outcome(0, "run|a b|\"c\"\n", ""));
    }

    @Test
    void ends_an_older_java_with_code_3() throws Exception {
        Outcome outcome = start(ClassFile.latestMajorVersion() + 1);

        assertThat(outcome.code()).isEqualTo(3);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .startsWith("error: this is Java " + System.getProperty("java.version")
                        + ", but a model that Sardonyx compiled needs Java 25 or newer: ")
                .hasLineCount(1);
    }

    @Test
    void java_8_can_read_it() {
        byte[] bytes = StartClass.bytes("a.b", "C");

        assertThat(ClassFile.of().parse(bytes).majorVersion()).isEqualTo(ClassFile.JAVA_8_VERSION);
        assertThat(ClassFile.of().verify(bytes)).isEmpty();
    }

    private Outcome start(int needed) throws IOException, InterruptedException {
        String model = Model.class.getName();
        String name = model.substring(model.lastIndexOf('.') + 1);
        Path packageFolder = Files.createDirectories(
                folder.resolve(Model.class.getPackageName().replace('.', '/')));
        Files.write(
                packageFolder.resolve(name + StartClass.SUFFIX + ".class"),
                StartClass.bytes(Model.class.getPackageName(), name, needed));
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                folder + File.pathSeparator + System.getProperty("java.class.path"),
                model + StartClass.SUFFIX,
                "run",
                "a b",
                "\"c\"");
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        int code = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start()
                .waitFor();
        return new Outcome(
                code,
                Files.readString(out, StandardCharsets.UTF_8).replace("\r\n", "\n"),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
