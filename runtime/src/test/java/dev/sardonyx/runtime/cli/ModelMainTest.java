package dev.sardonyx.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.ModelInfo;
import dev.sardonyx.runtime.UnsupportedMachineException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelMainTest {

    private final Capture capture = new Capture();

    private int run(String... args) {
        return capture.run(() -> FakeModel.doubling(1, 3), args);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "''; no command: run, verify, bench or info; see --help",
                "fly; unknown command 'fly'",
                "--threads 2 run; the command comes before --threads",
                "run; run needs --input or --image",
                "run --input; --input needs a value; see run --help",
                "run --input --output x; --input needs a value",
                "run --frobnicate; unknown option --frobnicate; see run --help",
                "run -x; unknown option -x",
                "run x.npy; 'x.npy' is one argument too many",
                "run --image a --image b; --image is given more than once",
                "run --image p.png --bgr=1; --bgr takes no value",
                "run --image p.png --top 0; --top must be 1 or more, not 0",
                "run --image p.png --top many; --top: 'many' is no whole number",
                "run --image p.png --preset x; --preset x: there is no such preset",
                "run --image p.png --mean 1,2; --mean takes one number a channel",
                "run --image p.png --std 0; --std must not be 0",
                "run --image p.png --resize 0; --resize must lie between 1 and",
                "run --image p.png --resize 99999999; --resize must lie between 1 and",
                "run --input x.npy --preset none; --preset needs --image",
                "run --input x.npy --threads 0; --threads must lie between 1 and 1024, not 0",
                "run --input none.npy; none.npy: there is no such file",
                "verify; verify needs DATA_DIR; see verify --help",
                "verify a b; 'b' is one argument too many",
                "verify none; none: there is no such directory",
                "verify none --rtol -1; --rtol must be 0 or more, not -1.0",
                "verify none --atol NaN; --atol must be 0 or more, not NaN",
                "verify none --atol Infinity; --atol must be 0 or more, not Infinity",
                "verify none --atol x; --atol: 'x' is no number",
                "bench --runs 0; --runs must lie between 1 and",
                "bench --warmup -1; --warmup must lie between 0 and",
                "bench --warmup Infinity; --warmup must lie between 0 and",
                "bench --threads 2000; --threads must lie between 1 and 1024",
                "info x; 'x' is one argument too many",
                "info --threads 1; unknown option --threads",
                "info --target cuda; --target takes simd or opencl, not 'cuda'",
                "run --input x.npy --target opencl,cuda; --target takes simd or opencl, not 'opencl,cuda'",
                "info -- --debug; '--debug' is one argument too many",
            })
    void badCommandLinesEndWithOneLineAndCode2(String line, String message) {
        int code = run(line.isEmpty() ? new String[0] : line.split(" ", -1));

        assertThat(capture.err()).startsWith("error: ").contains(message).hasLineCount(1);
        assertThat(capture.out()).isEmpty();
        assertThat(code).isEqualTo(2);
    }

    @Test
    void infoTellsTheModelsProvenance() {
        assertThat(run("info")).isZero();

        assertThat(capture.out()).isEqualToNormalizingNewlines("""
            model       Fake
            input       x: float32[1, 3]
            output      y: float32[1, 3]
            parameters  1,234,567
            MACs        1,000,000
            engine      fake \\u001b[31mengine
            options     --target simd
            source      sha256 c0ffee
            compiler    Sardonyx 1.2.3
            """);
        assertThat(capture.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"simd,opencl", "opencl,simd"})
    void bothTargetsLeaveTheChoiceOpen(String targets) {
        assertThat(run("info", "--target", targets)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--help", "-h", "run --help", "verify x -h", "bench --help --runs x", "info --help", "fly --help"
            })
    void helpIsShownWithoutTheModel(String line) {
        int code = capture.run(
                () -> {
                    throw new AssertionError("no model needed");
                },
                line.split(" ", -1));

        assertThat(code).isZero();
        assertThat(capture.out()).contains("java -jar M.jar ").doesNotContain("\t");
        assertThat(capture.out().lines()).allSatisfy(text -> assertThat(text).hasSizeLessThanOrEqualTo(125));
        assertThat(capture.err()).isEmpty();
    }

    @Test
    void everyCommandHasAHelpOfItsOwn() {
        for (String command : new String[] {"run", "verify", "bench", "info"}) {
            assertThat(HelpText.of(command))
                    .contains("java -jar M.jar " + command)
                    .isNotEqualTo(HelpText.of(""));
            assertThat(HelpText.of("")).contains("java -jar M.jar " + command);
        }
    }

    @Test
    void versionNamesModelAndCompiler() {
        assertThat(run("--version")).isZero();
        assertThat(capture.out()).isEqualToIgnoringNewLines("Fake, compiled by Sardonyx 1.2.3");
    }

    @Test
    void versionIsShownWhereTheModelCannotBeLoaded() {
        var loader = new ModelLoader() {
            @Override
            public CompiledModel load() {
                throw new UnsupportedMachineException("no device");
            }

            @Override
            public ModelInfo info() {
                return FakeModel.doubling(1).info();
            }
        };

        assertThat(capture.run(loader, "--version")).isZero();
        assertThat(capture.out()).isEqualToIgnoringNewLines("Fake, compiled by Sardonyx 1.2.3");
    }

    @Test
    void whatTheMachineLacksEndsWithCode3() {
        int code = capture.run(
                () -> {
                    throw new UnsupportedMachineException("no AVX; buy a computer");
                },
                "info");

        assertThat(code).isEqualTo(3);
        assertThat(capture.err()).isEqualToIgnoringNewLines("error: no AVX; buy a computer");
    }

    @Test
    void tooLittleMemoryEndsWithCode3AndARemedy() {
        int code = capture.run(
                () -> {
                    throw new OutOfMemoryError("Java heap space");
                },
                "info");

        assertThat(code).isEqualTo(3);
        assertThat(capture.err()).contains("java -Xmx").hasLineCount(1);
    }

    @Test
    void aBugIsOneLineUnlessDebugging() {
        ModelLoader broken = () -> {
            throw new IllegalStateException("two\nlines");
        };

        assertThat(capture.run(broken, "info")).isEqualTo(2);
        assertThat(capture.err())
                .isEqualToIgnoringNewLines(
                        "error: internal error: java.lang.IllegalStateException: two\\nlines (--debug shows where)");
        Capture debugging = new Capture();
        assertThat(debugging.run(broken, "info", "--debug")).isEqualTo(2);
        assertThat(debugging.err()).contains("\tat " + ModelMainTest.class.getName());
    }
}
