package dev.sardonyx.compiler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.compiler.cli.Sardonyx.Outcome;
import dev.sardonyx.runtime.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user gets to read who makes a mistake: exit code 2, one line, no stack trace, nothing written. */
class CommandLineTest {

    @TempDir
    Path folder;

    @BeforeEach
    void makeFiles() throws IOException {
        TinyModel.write(folder.resolve("m.onnx"), "batch");
        TinyModel.writeUnsupported(folder.resolve("odd.onnx"));
        Files.createFile(folder.resolve("empty.onnx"));
        Files.createFile(folder.resolve("empty.jar"));
        Files.writeString(folder.resolve("text.onnx"), "this is not a model");
        Files.writeString(folder.resolve("text.jar"), "this is not a jar");
        Files.createDirectory(folder.resolve("folder"));
        Path foreign = folder.resolve("foreign.jar");
        try (JarOutputStream zip = new JarOutputStream(Files.newOutputStream(foreign), new Manifest())) {
            zip.putNextEntry(new ZipEntry("readme"));
        }
    }

    /** {@code @} stands for the test's folder. */
    private Outcome sardonyx(String line) {
        return Sardonyx.run((Object[]) Arrays.stream(line.split(" "))
                .filter(word -> !word.isEmpty())
                .map(word -> word.replace("@", folder + "/"))
                .toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # command line                                  | the error begins with
                                                        | no command is given; see sardonyx --help
        compil @m.onnx                                  | there is no command 'compil'; there are demo, compile, run,
        --frob                                          | unknown option --frob; see sardonyx --help
        compile                                         | Missing required
        compile @m.onnx                                 | Missing required option: '--output=M.jar'; see sardonyx compile --help
        compile @m.onnx -o                              | Missing required parameter for option '--output'
        compile @m.onnx -o @x.jar more                  | 'more' is one argument too many; see sardonyx compile --help
        compile @m.onnx -o @x.jar --frob                | unknown option --frob; see sardonyx compile --help
        compile @m.onnx -o @x.jar --target cuda         | there is no target 'cuda'; there are simd, opencl, simd,opencl
        compile @m.onnx -o @x.jar --no-fuse frob        | there is no pass 'frob'; there are
        compile @m.onnx -o @x.jar --no-fuse ,           | --no-fuse takes PASS[,PASS...], not ','
        compile @m.onnx -o @x.jar --no-fuse fuse-pad,   | --no-fuse takes PASS[,PASS...], not 'fuse-pad,'
        compile @m.onnx -o @x.jar --no-fuse ,,fuse-pad  | --no-fuse takes PASS[,PASS...], not ',,fuse-pad'
        compile @m.onnx -o @x.jar --stop-after frob     | there is no pass 'frob'; there are
        compile @m.onnx -o @x.jar --class int           | 'int' is no legal name for a Java class
        compile @m.onnx -o @x.jar --class record        | 'record' is no legal name for a Java class
        compile @m.onnx -o @x.jar --class a-b           | 'a-b' is no legal name for a Java class
        compile @m.onnx -o @x.jar --class Session       | the class cannot be named Session
        compile @m.onnx -o @x.jar --package a..b        | 'a..b' is no legal name for a Java package
        compile @m.onnx -o @x.jar --package a.int       | 'a.int' is no legal name for a Java package
        compile @m.onnx -o @x.jar --package java.util   | the package cannot lie in java
        compile @m.onnx -o @x.jar --dim batch           | --dim takes NAME=SIZE[,NAME=SIZE...], not 'batch'
        compile @m.onnx -o @x.jar --dim batch=0         | --dim batch=0: a size lies between 1 and 2147483647
        compile @m.onnx -o @x.jar --dim batch=9999999999 | --dim batch=9999999999: a size lies between
        compile @m.onnx -o @x.jar --dim batch=2,batch=3 | --dim gives 'batch' two sizes, 2 and 3
        compile @m.onnx -o @x.jar --dim height=2        | @m.onnx: --dim height: there is no such open dimension
        compile @none.onnx -o @x.jar                    | @none.onnx: no such file
        compile @folder -o @x.jar                       | @folder: is a directory
        compile @empty.onnx -o @x.jar                   | @empty.onnx: is empty
        compile @text.onnx -o @x.jar                    | @text.onnx: not an ONNX model
        compile @m.onnx -o @none/x.jar                  | -o @none/x.jar: there is no directory @none
        compile @m.onnx -o @folder                      | -o @folder: is a directory
        compile @m.onnx -o @m.onnx                      | -o @m.onnx: would overwrite @m.onnx
        compile @m.onnx -o @x.jar --report @x.jar       | --report @x.jar: would overwrite @x.jar
        compile @m.onnx -o @x.jar --report @none/r.html | --report @none/r.html: there is no directory @none
        compile @m.onnx -o @x.jar --emit-source @m.onnx | --emit-source @m.onnx: is a file
        inspect @none.onnx                              | @none.onnx: no such file
        run @none.jar --image p.png                     | @none.jar: no such file
        run @none.onnx --image p.png                    | @none.onnx: no such file
        run @text.jar --image p.png                     | @text.jar: is no jar, or a damaged one
        run @empty.jar --image p.png                    | @empty.jar: is no jar, or a damaged one
        run @folder --image p.png                       | @folder: is a directory
        run @foreign.jar --image p.png                  | @foreign.jar: is no jar that Sardonyx wrote
        run @foreign.jar --image p.png --dim batch=2    | @foreign.jar: is compiled already; --dim,
        run @m.onnx --input a.npy --output @m.onnx/d    | --output @m.onnx/d: @m.onnx is a file, not a directory
        run @m.onnx                                     | run needs --input or --image
        run @m.onnx --input a.npy --image p.png         | --input and --image exclude each other
        run @m.onnx --input a.npy --bgr                 | --preset, --mean, --std, --bgr and --resize need --image
        run @m.onnx --input @none.npy                   | @none.npy: there is no such file
        run @m.onnx --image p.png --top 0               | --top must be 1 or more
        run @m.onnx --image p.png --preset frob         | --preset frob: there is no such preset
        run @m.onnx --image p.png --image q.png         | option '--image' should be specified only once; see
        run @m.onnx --image p.png --exact --exact       | option '--exact' should be specified only once; see
        run @m.onnx --image p.png --threads 0           | --threads must lie between 1 and 1024
        run @m.onnx --image p.png --threads many        | Invalid value for option '--threads': 'many' is not an int
        verify @m.onnx                                  | Missing required parameter: 'DATA_DIR'
        verify @m.onnx @none                            | @none: there is no such directory
        verify @m.onnx @folder                          | @folder: holds no test_data_set_* folder
        verify @m.onnx @folder --rtol -1                | --rtol must be 0 or more
        bench @m.onnx --runs 0                          | --runs must lie between
        bench @m.onnx --warmup 1e9                      | --warmup must lie between 0 and 3600 seconds
        bench @m.onnx --json @none/f.json               | --json @none/f.json: there is no directory
        bench @m.onnx --peer frob                       | --peer frob: there is ort
        bench @m.onnx --chart @f.png                    | --chart needs --fusion
        bench @m.onnx --fusion --chart @none/f.png      | --chart @none/f.png: there is no directory
        bench @m.onnx --fusion --chart @m.onnx          | --chart @m.onnx: would overwrite
        bench @m.onnx --fusion --json @f --chart @f     | --chart @f: would overwrite @f
        bench @m.onnx --fusion --exact                  | --fusion decides what is fused
        bench @m.onnx --fusion --no-fuse fuse-bias      | --fusion decides what is fused
        bench @m.onnx --fusion --target opencl          | --fusion is for --target simd
        bench @m.onnx --fusion --target opencl,simd     | --fusion is for --target simd
        bench @m.onnx --fusion --profile                | --fusion, --cold and --profile exclude each other
        bench @text.jar --fusion                        | @text.jar: --fusion takes the ONNX file
        bench @m.onnx --fusion --device 0               | --fusion and --device or --tune exclude each other
        bench @m.onnx --cold 0                          | --cold must lie between 1 and 1000, not 0
        bench @m.onnx --cold --runs 3                   | --cold and --runs exclude each other
        bench @m.onnx --cold --fusion                   | --fusion, --cold and --profile exclude each other
        bench @m.onnx --cold --tune quick               | --cold and --device or --tune exclude each other
        generate resnet17 -o @r.onnx                    | there is no network 'resnet17'; the closest is resnet18; there are resnet18
        generate resnet18                               | Missing required option: '--output=FILE'
        generate resnet18 -o @none/r.onnx               | -o @none/r.onnx: there is no directory @none
        generate resnet18 -o @r.onnx --size 0           | input size 0 is not in 1..4096
        generate resnet18 -o @r.onnx --seed x           | Invalid value for option '--seed': 'x' is not a long
        """)
    void a_mistake_is_told_in_one_line(String line, String beginning) throws IOException {
        Outcome outcome = sardonyx(line == null ? "" : line);

        assertThat(outcome.err()).startsWith("error: " + beginning.replace("@", folder + "/"));
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(folder.resolve("x.jar")).doesNotExist();
        try (var files = Files.list(folder)) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".part"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"compile @odd.onnx -o @x.jar", "inspect @odd.onnx", "verify @odd.onnx @folder"})
    void unsupported_nodes_are_all_listed(String line) {
        Outcome outcome = sardonyx(line);

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err().lines())
                .hasSize(3)
                .anyMatch(l -> l.contains("odd.onnx: 2 nodes are not supported:"))
                .anyMatch(l -> l.contains("'first' (Frobnicate"))
                .anyMatch(l -> l.contains("'second' (Defenestrate"));
        assertThat(folder.resolve("x.jar")).doesNotExist();
    }

    @Test
    void inspect_tells_what_it_can_of_an_unsupported_model() {
        assertThat(sardonyx("inspect @odd.onnx").out())
                .contains("ONNX opset 17")
                .containsPattern("Frobnicate +1\n");
    }

    @Test
    void a_missing_peer_is_the_machines_lack_with_the_command_that_mends_it() {
        Outcome outcome = sardonyx("bench @m.onnx --peer ort");

        assertThat(outcome.code()).isEqualTo(3);
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(outcome.err())
                .startsWith("error: --peer ort: the engine is not on the class path")
                .contains("mvn ");
    }

    @Test
    void want_of_memory_is_the_machines_lack_too() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) {
                throw new OutOfMemoryError("Java heap space");
            }
        };

        int code = Main.run(
                new String[] {"inspect", folder.resolve("m.onnx").toString()},
                new Terminal(
                        new PrintStream(full, false, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false));

        assertThat(code).isEqualTo(3);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("error: out of memory: ")
                .hasLineCount(1);
    }

    @Test
    void debug_shows_where_an_error_comes_from() {
        assertThat(sardonyx("compile @none.onnx -o @x.jar --debug").err()).contains("\tat dev.sardonyx.");
        assertThat(sardonyx("--debug compile @none.onnx -o @x.jar").err()).contains("\tat dev.sardonyx.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "demo", "compile", "run", "verify", "inspect", "bench", "devices", "generate"})
    void every_command_has_help(String command) {
        Outcome outcome = sardonyx(command + " --help");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).startsWith(("Usage: sardonyx " + command).strip());
        assertThat(outcome.out()).contains("Examples:").contains("Exit codes:");
    }

    @Test
    void the_version_is_told() {
        Outcome outcome = sardonyx("--version");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).startsWith("sardonyx ");
    }

    @Test
    void the_demo_says_where_it_looks_for_samples() {
        assertThat(sardonyx("demo").err())
                .startsWith("error: the samples are not found: start Sardonyx with its launcher");
    }

    @Test
    void an_empty_word_is_no_file() {
        Outcome outcome = Sardonyx.run("compile", folder.resolve("m.onnx"), "-o", "");

        assertThat(outcome.err()).contains("'--output': a file name is empty").hasLineCount(1);
        assertThat(outcome.code()).isEqualTo(2);
    }

    @Test
    void an_empty_word_names_no_pass() {
        Outcome outcome = Sardonyx.run("inspect", folder.resolve("m.onnx"), "--no-fuse", "");

        assertThat(outcome.err())
                .contains("--no-fuse takes PASS[,PASS...], not ''")
                .hasLineCount(1);
        assertThat(outcome.code()).isEqualTo(2);
    }

    @Test
    void options_that_take_lists_have_a_short_synopsis() {
        assertThat(sardonyx("compile --help").out()).contains("--no-fuse=PASS[,PASS...]");
    }
}
