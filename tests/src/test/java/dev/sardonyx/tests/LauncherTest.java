package dev.sardonyx.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script {@code ./sardonyx} in a folder of its own, where a script stands for Java and one for Maven. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the script is one for a POSIX shell")
class LauncherTest {

    private static final List<String> TOOLS = List.of(
            "sh",
            "sed",
            "find",
            "head",
            "readlink",
            "dirname",
            "uname",
            "mkdir",
            "ln",
            "rm",
            "cp",
            "mv",
            "cat",
            "sleep");

    /** Shows each word that it gets on a line, and what it sees of the locale. */
    private static final String JAVA = """
        #!/bin/sh
        for word; do printf '<%s>\\n' "$word"; done
        printf 'locale %s\\n' "${LC_ALL:-}"
        """;

    /** Leaves its words in a file; fails if there is a file FAIL. */
    private static final String MAVEN = """
        #!/bin/sh
        printf '%s ' "$JAVA_HOME" "$@" >>"$MAVEN_LOG"
        echo 'what Maven says'
        [ ! -e "$MAVEN_LOG.fail" ]
        """;

    @TempDir
    private Path folder;

    private Path root = Path.of("");
    private Path home = Path.of("");
    private Path tools = Path.of("");

    /** What a script sees of the launcher. */
    private record Outcome(int code, List<String> out, String err) {

        /** The user's words, as Java got them. */
        List<String> words() {
            return out.stream()
                    .filter(line -> line.startsWith("<"))
                    .dropWhile(line -> !line.equals("<dev.sardonyx.compiler.cli.Main>"))
                    .skip(1)
                    .toList();
        }
    }

    @BeforeEach
    void makeProject() throws IOException {
        root = Files.createDirectories(folder.resolve("a projéct"));
        home = Files.createDirectories(folder.resolve("home"));
        tools = Files.createDirectories(folder.resolve("tools"));
        String script = Files.readString(Path.of("..", "sardonyx"));
        assertThat(script).contains(" /usr/lib/jvm/* ", " /Library/Java/");
        // The machine's own JDKs must not be found.
        executable(
                root.resolve("sardonyx"),
                script.replace(" /usr/lib/jvm/*", " " + folder + "/jvm/*").replace(" /Library/Java/", " /nowhere/"));
        for (String module : List.of(".", "runtime", "codegen", "compiler", "peer")) {
            Files.createDirectories(root.resolve(module).resolve("src/main"));
            Files.createFile(root.resolve(module).resolve("pom.xml"));
        }
        try (Stream<Path> sources = Files.walk(root)) {
            for (Path source : sources.toList()) {
                Files.setLastModifiedTime(source, FileTime.from(Instant.EPOCH));
            }
        }
        Files.createDirectories(root.resolve("compiler/target/launch"));
        Files.createFile(built());
        for (String tool : TOOLS) {
            for (String directory : List.of("/usr/bin", "/bin")) {
                Path program = Path.of(directory, tool);
                if (Files.exists(program)) {
                    executable(tools.resolve(tool), "#!/bin/sh\nexec " + program + " \"$@\"\n");
                }
            }
        }
    }

    private Path built() {
        return root.resolve("compiler/target/launch/built");
    }

    private static void executable(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path jdk(String name, String version) throws IOException {
        Path jdk = jre(name, version);
        executable(jdk.resolve("bin/javac"), "");
        return jdk;
    }

    private Path jre(String name, String version) throws IOException {
        Path jre = folder.resolve(name);
        executable(jre.resolve("bin/java"), JAVA);
        Files.writeString(jre.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\n");
        return jre;
    }

    private Outcome run(Map<String, String> environment, String... words) throws Exception {
        return run(root.resolve("sardonyx"), environment, words);
    }

    private Outcome run(Path launcher, Map<String, String> environment, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(words));
        Path err = folder.resolve("err");
        ProcessBuilder process =
                new ProcessBuilder(command).directory(home.toFile()).redirectError(err.toFile());
        process.environment().clear();
        process.environment()
                .putAll(Map.of(
                        "HOME",
                        home.toString(),
                        "PATH",
                        tools.toString(),
                        "MAVEN_LOG",
                        folder.resolve("mvn.log").toString()));
        process.environment().putAll(environment);
        Process running = process.start();
        running.getOutputStream().close();
        List<String> out = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        return new Outcome(running.waitFor(), out, Files.readString(err));
    }

    @Test
    void without_a_jdk_25_it_says_how_to_get_one() throws Exception {
        Path old = jdk("old", "24.0.2");
        Path withoutCompiler = jre("jre", "25.0.1");
        Files.createSymbolicLink(tools.resolve("java"), withoutCompiler.resolve("bin/java"));

        Outcome outcome = run(Map.of("JAVA_HOME", old.toString()), "--version");

        assertThat(outcome.code()).isEqualTo(3);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .startsWith(
                        "sardonyx: no JDK 25 or newer found: point JAVA_HOME at one, or install one: mkdir -p ~/.jdks")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jvm/temurin 25",
                "home/.jdks/jdk-25.0.1+8",
                "home/.jdks/jdk-25.jdk/Contents/Home",
                "home/.sdkman/candidates/java/25-tem"
            })
    void a_jdk_is_found_where_they_are_installed(String place) throws Exception {
        Path old = jdk("old", "17.0.15");
        jdk("jvm/aaa", "21");
        jdk(place, "25.0.1");

        Outcome outcome = run(Map.of("JAVA_HOME", old.toString()), "--version");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        assertThat(outcome.words()).containsExactly("<--version>");
    }

    @Test
    void the_java_on_the_path_leads_to_its_jdk_through_links() throws Exception {
        Path jdk = jdk("jdk", "26-ea");
        Path link = Files.createSymbolicLink(folder.resolve("alternative"), jdk.resolve("bin/java"));
        Files.createSymbolicLink(tools.resolve("java"), link);

        assertThat(run(Map.of(), "--version").words()).containsExactly("<--version>");
    }

    @Test
    void words_arrive_as_they_are() throws Exception {
        String[] words = {"compile", "a b", "", "\"quoted\"", "it's", "*", "$HOME", "back\\slash", "ü", "-o", "--x=y z"
        };

        Outcome outcome = run(Map.of("JAVA_HOME", jdk("jdk", "25").toString()), words);

        assertThat(outcome.words())
                .isEqualTo(Stream.of(words).map(word -> "<" + word + ">").toList());
    }

    @Test
    void it_works_through_links_from_anywhere() throws Exception {
        Map<String, String> environment = Map.of("JAVA_HOME", jdk("jdk", "25").toString(), "CDPATH", "/");
        Path first = Files.createSymbolicLink(folder.resolve("first"), Path.of("a projéct/sardonyx"));
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path second = Files.createSymbolicLink(bin.resolve("sardonyx"), Path.of("../first"));

        for (Path launcher : List.of(root.resolve("sardonyx"), first, second, Path.of("../bin/sardonyx"))) {
            assertThat(run(launcher, environment, "--help").out())
                    .contains("<-Dsardonyx.home=" + root.toRealPath() + ">");
        }
    }

    @Test
    void the_vector_api_is_asked_for_where_a_model_runs() throws Exception {
        Map<String, String> environment = Map.of("JAVA_HOME", jdk("jdk", "25").toString());

        assertThat(run(environment, "run", "m.jar").out()).contains("<--add-modules=jdk.incubator.vector>");
        assertThat(run(environment, "inspect", "m.onnx").out()).doesNotContain("<--add-modules=jdk.incubator.vector>");
    }

    @Test
    void without_a_locale_names_are_utf_8() throws Exception {
        String jdk = jdk("jdk", "25").toString();

        assertThat(run(Map.of("JAVA_HOME", jdk)).out()).contains("locale C.UTF-8");
        assertThat(run(Map.of("JAVA_HOME", jdk, "LANG", "C")).out()).contains("locale C.UTF-8");
        assertThat(run(Map.of("JAVA_HOME", jdk, "LANG", "de_DE.UTF-8")).out()).contains("locale ");
    }

    @Test
    void what_is_built_is_built_again_once_a_source_is_newer() throws Exception {
        Path jdk = jdk("jdk", "25");
        executable(tools.resolve("mvn"), MAVEN);
        Map<String, String> environment = Map.of("JAVA_HOME", jdk.toString());
        Path log = folder.resolve("mvn.log");

        run(environment, "--version");
        assertThat(log).doesNotExist();

        Files.setLastModifiedTime(built(), FileTime.from(Instant.EPOCH.plusSeconds(60)));
        Files.createFile(root.resolve("codegen/src/main/New.java"));
        Outcome outcome = run(environment, "--version");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("<--version>");
        assertThat(outcome.err()).startsWith("sardonyx: building").hasLineCount(1);
        assertThat(log).content().startsWith(jdk + " ").contains(" -Dbuild.folder=target/launch ", " package");
        assertThat(built().resolveSibling("lock")).doesNotExist();
    }

    @Test
    void a_failed_build_is_shown_and_leaves_the_mark_alone() throws Exception {
        executable(tools.resolve("mvn"), MAVEN);
        Files.createFile(folder.resolve("mvn.log.fail"));
        Files.delete(built());

        Outcome outcome = run(Map.of("JAVA_HOME", jdk("jdk", "25").toString()), "--version");

        assertThat(outcome.code()).isEqualTo(3);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("what Maven says", "sardonyx: the build failed, for the reason above");
        assertThat(built()).doesNotExist();
        assertThat(built().resolveSibling("lock")).doesNotExist();
    }

    @Test
    void a_missing_maven_is_named() throws Exception {
        Files.delete(built());

        Outcome outcome = run(Map.of("JAVA_HOME", jdk("jdk", "25").toString()), "--version");

        assertThat(outcome.code()).isEqualTo(3);
        assertThat(outcome.err()).startsWith("sardonyx: no Maven found").hasLineCount(1);
    }
}
