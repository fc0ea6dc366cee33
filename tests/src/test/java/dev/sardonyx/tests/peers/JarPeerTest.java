package dev.sardonyx.tests.peers;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.driver.CompileResult;
import dev.sardonyx.compiler.driver.SardonyxCompiler;
import dev.sardonyx.compiler.zoo.GenerateOptions;
import dev.sardonyx.compiler.zoo.ModelZoo;
import dev.sardonyx.runtime.ElementType;
import dev.sardonyx.runtime.cli.Npy;
import dev.sardonyx.runtime.cli.TensorData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A network of an open batch, compiled for two images, as a jar of its own in a JVM of its own, against ONNX Runtime. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JarPeerTest {

    private static final double TOLERANCE = 1e-5;
    private static final List<Integer> SHAPE = List.of(2, 3, 16, 16);

    private Path folder = Path.of("");
    private Path jar = Path.of("");
    private String module = "";
    private List<TensorData> expected = List.of();

    @BeforeAll
    void compile(@TempDir Path temporary) throws IOException, OrtException {
        folder = temporary;
        Path onnx = folder.resolve("net.onnx");
        jar = folder.resolve("net.jar");
        GenerateOptions small =
                GenerateOptions.defaults().withWidthDivisor(4).withInputSize(16).withOpenBatch();
        ModelZoo.write("cifar-resnet20-b", small, onnx);
        CompileResult compiled =
                SardonyxCompiler.compile(onnx, CompileOptions.defaults().withDims(Map.of("batch", 2)));
        compiled.writeJar(jar);
        module = compiled.moduleName();

        float[] pixels = new float[SHAPE.stream().reduce(1, (a, b) -> a * b)];
        var random = new Random(5);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        TensorData input = new TensorData("input", ElementType.FLOAT32, SHAPE, pixels);
        Npy.write(folder.resolve("input.npy"), input);
        expected = OnnxRuntime.run(onnx, List.of(input));
        Path set = Files.createDirectories(folder.resolve("data/test_data_set_0"));
        Files.write(set.resolve("input_0.pb"), tensorProto(input));
        Files.write(set.resolve("output_0.pb"), tensorProto(expected.getFirst()));
    }

    Stream<List<String>> launches() {
        return Stream.of(
                List.of("-jar", jar.toString()),
                List.of("-p", jar.toString(), "-m", module),
                List.of("-Dsardonyx.simd=off", "-jar", jar.toString()));
    }

    @ParameterizedTest(name = "java {0}")
    @MethodSource("launches")
    void its_answers_are_those_of_onnx_runtime(List<String> launch) throws IOException, InterruptedException {
        Path results = Files.createTempDirectory(folder, "results");

        java(launch, "run", "--input", "input=" + folder.resolve("input.npy"), "--output", results.toString());

        TensorData logits = Npy.read(results.resolve("logits.npy"));
        Agreement.check(
                List.of(new TensorData("logits", logits.elementType(), logits.shape(), logits.values())),
                expected,
                TOLERANCE);
    }

    @Test
    void it_verifies_itself() throws IOException, InterruptedException {
        assertThat(java(
                        List.of("-jar", jar.toString()),
                        "verify",
                        folder.resolve("data").toString()))
                .contains("PASS: 1 outputs within");
    }

    /** What the process wrote; it must succeed. */
    private static String java(List<String> launch, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(launch);
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    /** A TensorProto of float32: dims (field 1), data_type (2) and raw_data (9). */
    private static byte[] tensorProto(TensorData tensor) {
        ByteBuffer raw =
                ByteBuffer.allocate(tensor.values().length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(tensor.values());
        ByteBuffer message = ByteBuffer.allocate(raw.capacity() + 64);
        for (int dim : tensor.shape()) {
            varint(message.put((byte) (1 << 3)), dim);
        }
        message.put((byte) (2 << 3)).put((byte) 1);
        varint(message.put((byte) (9 << 3 | 2)), raw.capacity());
        message.put(raw);
        return Arrays.copyOf(message.array(), message.position());
    }

    private static void varint(ByteBuffer out, int value) {
        int rest = value;
        for (; rest > 0x7f; rest >>>= 7) {
            out.put((byte) (rest | 0x80));
        }
        out.put((byte) rest);
    }
}
