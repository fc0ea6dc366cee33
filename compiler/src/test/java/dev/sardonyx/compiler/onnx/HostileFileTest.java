package dev.sardonyx.compiler.onnx;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.CodedOutputStream;
import dev.sardonyx.compiler.InvalidModelException;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.runtime.ElementType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that are no models: refused in one line, whatever they hold. */
class HostileFileTest {

    private static final ImportOptions OPTIONS = new ImportOptions(Map.of(), 64_000_000);

    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_NODE = 1;
    private static final int NODE_ATTRIBUTE = 5;
    private static final int ATTRIBUTE_GRAPH = 6;

    @TempDir
    private Path folder;

    private static byte[] model() {
        var model = new OnnxWriter("g");
        model.input("x", ElementType.FLOAT32, "N", "2", "6", "6");
        model.initializer("w", Tensor.of(Shape.of(3, 2, 3, 3), new float[54]));
        model.node("c", "Conv", List.of("x", "w"), attrs().ints("pads", 1, 1, 1, 1));
        model.node("p", "MaxPool", List.of("c"), attrs().ints("kernel_shape", 2, 2));
        model.initializer("pads", Tensor.of(Shape.of(8), 0, 0, 0, 1, 0, 0, -1, 0));
        model.node("q", "Pad", List.of("p", "pads"), attrs());
        model.node("shape", "Constant", List.of(), attrs().t("value", Tensor.of(Shape.of(2), 0, -1)));
        model.node("f", "Reshape", List.of("q", "shape"), attrs());
        model.node("y", "Softmax", List.of("f"), attrs().i("axis", 1));
        model.outputOfAnyRank("y", ElementType.FLOAT32);
        return model.toByteArray();
    }

    /** A graph with a node with an attribute with a graph …, {@code levels} of each. */
    private static byte[] nested(int levels) {
        byte[] bytes = {};
        for (int i = 0; i < levels; i++) {
            bytes = delimited(GRAPH_NODE, delimited(NODE_ATTRIBUTE, delimited(ATTRIBUTE_GRAPH, bytes)));
        }
        return delimited(MODEL_GRAPH, bytes);
    }

    private static byte[] delimited(int field, byte[] content) {
        try {
            var bytes = new ByteArrayOutputStream();
            var output = CodedOutputStream.newInstance(bytes);
            output.writeByteArray(field, content);
            output.flush();
            return bytes.toByteArray();
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    static Stream<Arguments> refused() {
        byte[] model = model();
        // Each empty node takes two bytes here and some hundred in memory.
        byte[] nodes = new byte[2_000_000];
        for (int i = 0; i < nodes.length; i += 2) {
            nodes[i] = GRAPH_NODE << 3 | 2;
        }
        return Stream.of(
                Arguments.of("empty", new byte[0], "is empty"),
                Arguments.of("text", "This is no model.".getBytes(StandardCharsets.UTF_8), "not an ONNX model"),
                Arguments.of(
                        "zip", new byte[] {'P', 'K', 3, 4, 20, 0, 0, 0, 8, 0}, "not an ONNX model, but a ZIP archive"),
                Arguments.of(
                        "LFS pointer",
                        "version https://git-lfs.github.com/spec/v1\n".getBytes(StandardCharsets.UTF_8),
                        "not an ONNX model, but a Git LFS pointer: git lfs pull"),
                Arguments.of("zeros", new byte[1000], "not an ONNX model"),
                Arguments.of(
                        "truncated",
                        Arrays.copyOf(model, model.length / 2),
                        "not an ONNX model, or one that is cut off"),
                Arguments.of(
                        "one byte short",
                        Arrays.copyOf(model, model.length - 1),
                        "not an ONNX model, or one that is cut off"),
                Arguments.of("version only", new byte[] {1 << 3, 8}, "not an ONNX model: it holds no graph"),
                Arguments.of("nested", nested(1000), "not an ONNX model"),
                Arguments.of("many nodes", delimited(MODEL_GRAPH, nodes), "needs 257 MB more memory"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    @Timeout(20)
    void refused(String name, byte[] content, String message) throws IOException {
        Path file = Files.write(folder.resolve("model.onnx"), content);
        assertRefused(file, message);
    }

    private static void assertRefused(Path file, String message) {
        assertThatExceptionOfType(InvalidModelException.class)
                .isThrownBy(() -> OnnxImporter.read(file, OPTIONS))
                .withMessageStartingWith(file + ": " + message)
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("\n"));
    }

    @Test
    void missing() {
        assertRefused(folder.resolve("missing.onnx"), "no such file");
    }

    @Test
    void folder() {
        assertRefused(folder, "is a directory, not an ONNX file");
    }

    @Test
    void largerThanProtobufAllows() throws IOException {
        Path file = folder.resolve("sparse.onnx");
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(3L << 30);
        }
        assertRefused(file, "larger than 2 GB");
    }

    @Test
    void largerThanTheBudget() throws IOException {
        Path file = folder.resolve("sparse.onnx");
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 30);
        }
        assertRefused(file, "needs 1074 MB more memory");
    }

    /** Whatever bytes change, a model is imported or refused, and nothing else happens. */
    @ParameterizedTest
    @MethodSource("seeds")
    @Timeout(60)
    void damaged(int seed) throws IOException {
        Path file = folder.resolve("model.onnx");
        byte[] intact = model();
        var random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            byte[] damaged = intact.clone();
            for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            Files.write(file, damaged);
            try {
                OnnxImporter.read(file, OPTIONS);
            } catch (InvalidModelException refusal) {
                assertThat(refusal.getMessage()).startsWith(file + ": ");
            }
        }
    }

    static Stream<Integer> seeds() {
        return Stream.of(1, 2, 3, 4);
    }
}
