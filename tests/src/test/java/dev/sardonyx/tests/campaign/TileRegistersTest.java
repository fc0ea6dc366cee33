package dev.sardonyx.tests.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.driver.SardonyxCompiler;
import dev.sardonyx.compiler.zoo.GenerateOptions;
import dev.sardonyx.compiler.zoo.ModelZoo;
import dev.sardonyx.tests.campaign.MachineCode.Loops;
import dev.sardonyx.tests.jars.JarProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * C2 keeps the sums of the largest tiles, of the one that begins sums and of the one that adds to them, in vector registers: in the
 * loops that multiply, no vector goes to the stack or comes from it. What C2 chooses may depend on what the JVM happens to know when
 * it compiles, so this looks at several starts (docs/decisions/0001-what-is-generated.md). It has been run with 256-bit vectors only;
 * how the code for 512 bits is read was written from the manual.
 */
@Tag("campaign")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TileRegistersTest {

    private static final int STARTS = 6;

    /** How names of tiles begin; the last is there with 256 bits only. */
    private static final List<String> KINDS = List.of("tile", "adding", "ahead");

    private Path jar = Path.of("");

    /** A network with sums that take more than one piece, so that tiles add, and with work enough that they are warmed up. */
    @BeforeAll
    void compile(@TempDir Path folder) throws IOException {
        if (!Set.of("amd64", "x86_64").contains(System.getProperty("os.arch", ""))) {
            throw Campaign.leftOut("reads the machine code of x86-64 only");
        }
        if (FloatVector.SPECIES_PREFERRED.vectorBitSize() < 256) {
            throw Campaign.leftOut("reads AVX's instructions, and this machine has no 256-bit vectors");
        }
        Path onnx = folder.resolve("net.onnx");
        jar = folder.resolve("net.jar");
        ModelZoo.write("resnet18", GenerateOptions.defaults(), onnx);
        SardonyxCompiler.compile(onnx, CompileOptions.defaults()).writeJar(jar);
    }

    /** The size of a generated tile, as its name tells it. */
    private record Tile(int bits, int rows, int channels) {
        private static final Pattern METHOD = Pattern.compile("Simd(\\d+)\\$Tiles::(?:tile|adding|ahead)(\\d+)x(\\d+)");

        /** The largest tile that the JVM has compiled, by C1 or C2. */
        static Tile largest(String output) {
            return METHOD.matcher(output)
                    .results()
                    .map(name -> new Tile(number(name, 1), number(name, 2), number(name, 3)))
                    .max(Comparator.comparingInt(Tile::sums))
                    .orElseThrow(() -> new AssertionError("no tile was compiled: " + output));
        }

        private static int number(MatchResult name, int group) {
            return Integer.parseInt(name.group(group));
        }

        /** Vectors of sums. */
        int sums() {
            return rows * channels * Float.SIZE / bits;
        }

        /** The end of the method's name. */
        String method(String kind) {
            return "Simd%d$Tiles::%s%dx%d".formatted(bits, kind, rows, channels);
        }
    }

    @RepeatedTest(STARTS)
    void no_sum_is_kept_on_the_stack() throws IOException, InterruptedException {
        String output = bench();
        if (!output.contains("[MachCode]")) {
            throw Campaign.leftOut(
                    "this JVM prints no machine code; one that has found a disassembler (hsdis) does not");
        }
        Tile tile = Tile.largest(output);
        Map<String, Loops> compiled = new TreeMap<>();
        MachineCode.ofC2(output).forEach((method, code) -> {
            if (KINDS.stream().map(tile::method).anyMatch(method::endsWith)) {
                compiled.put(method, code.loops());
            }
        });
        Campaign.say(compiled.toString());
        assertThat(compiled)
                .as("those that C2 compiled")
                .hasSize(tile.bits() == 256 ? 3 : 2)
                .allSatisfy((method, loops) -> {
                    assertThat(loops.multiplications())
                            .as("multiplications in the loops of %s", method)
                            .isGreaterThanOrEqualTo(tile.sums());
                    assertThat(loops.onStack())
                            .as("vectors on the stack in the loops of %s", method)
                            .isZero();
                });
    }

    /** What a JVM prints that measures the network for a few seconds. */
    private String bench() throws IOException, InterruptedException {
        JarProcess process = JarProcess.java(List.of(
                "--add-modules",
                "jdk.incubator.vector",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:CompileCommand=print,*Tiles.*",
                "-jar",
                jar.toString(),
                "bench",
                "--threads",
                "1",
                "--warmup",
                "2",
                "--runs",
                "3"));
        assertThat(process.code()).as(process.output()).isZero();
        return process.output();
    }
}
