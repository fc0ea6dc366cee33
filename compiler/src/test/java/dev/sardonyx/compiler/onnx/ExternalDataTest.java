package dev.sardonyx.compiler.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.sardonyx.compiler.graph.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights beside the model: {@code folder/models/model.onnx}, {@code folder/models/weights.bin}. */
class ExternalDataTest {

    @TempDir
    private Path folder;

    private Path models = Path.of("");

    @BeforeEach
    void writeFiles() throws IOException {
        models = Files.createDirectories(folder.resolve("models"));
        Files.createDirectories(models.resolve("data"));
        ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putFloat(1).putFloat(2).putFloat(3);
        Files.write(models.resolve("weights.bin"), bytes.array());
        Files.write(models.resolve("data").resolve("deep.bin"), bytes.array());
        Files.write(folder.resolve("secret.bin"), bytes.array());
    }

    private Tensor read(Map<String, String> entries) {
        var tensor = TensorProto.newBuilder()
                .setDataType(DataType.FLOAT.getNumber())
                .addDims(2)
                .setDataLocation(DataLocation.EXTERNAL);
        entries.forEach(
                (key, value) -> tensor.addExternalDataBuilder().setKey(key).setValue(value));
        return new TensorReader(models.resolve("model.onnx"), new MemoryBudget(1_000_000)).read(tensor.build());
    }

    static Stream<Arguments> accepted() {
        return Stream.of(
                Arguments.of(Map.of("location", "weights.bin"), new float[] {1, 2}),
                Arguments.of(Map.of("location", "weights.bin", "offset", "4"), new float[] {2, 3}),
                Arguments.of(Map.of("location", "weights.bin", "offset", "4", "length", "8"), new float[] {2, 3}),
                Arguments.of(Map.of("location", "./data/deep.bin", "checksum", "0"), new float[] {1, 2}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void accepted(Map<String, String> entries, float[] expected) {
        assertThat(((Tensor.Floats) read(entries)).values()).containsExactly(expected);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(Map.of(), "external data '': no location is given"),
                Arguments.of(Map.of("location", "missing.bin"), "external data 'missing.bin': no such file"),
                Arguments.of(Map.of("location", "data"), "not a regular file"),
                Arguments.of(Map.of("location", "."), "not a regular file"),
                Arguments.of(Map.of("location", "../secret.bin"), "must not contain '..'"),
                Arguments.of(Map.of("location", "data/../weights.bin"), "must not contain '..'"),
                Arguments.of(Map.of("location", "/etc/passwd"), "must be relative"),
                Arguments.of(Map.of("location", "a\0b"), "external data 'a\\u0000b': the location is no path"),
                Arguments.of(weights("offset", "5"), "8 bytes at offset 5 are not inside the file, which has 12"),
                Arguments.of(weights("offset", "13"), "not inside the file"),
                Arguments.of(weights("offset", "9223372036854775807"), "not inside the file"),
                Arguments.of(weights("offset", "-4"), "offset is negative"),
                Arguments.of(weights("offset", "4.0"), "offset '4.0' is no number"),
                Arguments.of(weights("length", "12"), "its length is 12 bytes, but the tensor's shape and type need 8"),
                Arguments.of(weights("length", "-8"), "length is negative"));
    }

    private static Map<String, String> weights(String key, String value) {
        return Map.of("location", "weights.bin", key, value);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource
    void refused(Map<String, String> entries, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> read(entries)).withMessageContaining(message);
    }

    @Test
    void linksInsideTheFolderAreFollowed() throws IOException {
        link(models.resolve("link.bin"), Path.of("data", "deep.bin"));
        assertThat(((Tensor.Floats) read(Map.of("location", "link.bin"))).values())
                .containsExactly(1, 2);
    }

    @Test
    void linkedFilesOutsideTheFolderAreRefused() throws IOException {
        link(models.resolve("link.bin"), Path.of("..", "secret.bin"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(Map.of("location", "link.bin")))
                .withMessageContaining("leads out of the model's folder");
    }

    @Test
    void linkedFoldersOutsideTheFolderAreRefused() throws IOException {
        link(models.resolve("up"), folder);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(Map.of("location", "up/secret.bin")))
                .withMessageContaining("leads out of the model's folder");
    }

    @Test
    void theModelsFolderMayItselfBeALink() throws IOException {
        link(folder.resolve("alias"), models);
        models = folder.resolve("alias");
        assertThat(((Tensor.Floats) read(Map.of("location", "weights.bin"))).values())
                .containsExactly(1, 2);
    }

    private static void link(Path link, Path target) throws IOException {
        assumeTrue(!System.getProperty("os.name").startsWith("Windows"), "links need a privilege there");
        Files.createSymbolicLink(link, target);
    }
}
