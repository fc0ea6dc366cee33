package dev.sardonyx.compiler.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.sardonyx.compiler.InvalidModelException;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Verifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** Imports models that tests build. */
final class Models {

    /** The same on every machine, and enough for every test. */
    private static final long BUDGET = 256_000_000;

    private Models() {}

    /** Writes the model into the folder and imports it; the graph obeys the verifier. */
    static Graph read(OnnxWriter model, Path folder) {
        return read(model.toByteArray(), folder, Map.of());
    }

    static Graph read(byte[] model, Path folder, Map<String, Integer> dims) {
        Graph graph = OnnxImporter.read(write(model, folder), new ImportOptions(dims, BUDGET))
                .graph();
        Verifier.verify(graph);
        return graph;
    }

    /** The message with which the import refuses the model, without the file's name. */
    static String refusal(OnnxWriter model, Path folder) {
        return refusal(model.toByteArray(), folder, Map.of());
    }

    static String refusal(byte[] model, Path folder, Map<String, Integer> dims) {
        Path file = write(model, folder);
        InvalidModelException refusal = catchThrowableOfType(
                InvalidModelException.class, () -> OnnxImporter.read(file, new ImportOptions(dims, BUDGET)));
        assertThat(refusal).as("refusal").isNotNull();
        String message = String.valueOf(refusal.getMessage());
        assertThat(message).startsWith(file + ": ");
        return message.substring((file + ": ").length());
    }

    /** The model after a change that {@link OnnxWriter} does not offer. */
    static byte[] change(OnnxWriter model, Consumer<GraphProto.Builder> change) {
        return changeModel(model, builder -> change.accept(builder.getGraphBuilder()));
    }

    static byte[] changeModel(OnnxWriter model, Consumer<ModelProto.Builder> change) {
        try {
            ModelProto.Builder builder = ModelProto.parseFrom(model.toByteArray()).toBuilder();
            change.accept(builder);
            return builder.build().toByteArray();
        } catch (InvalidProtocolBufferException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static Path write(byte[] model, Path folder) {
        try {
            return Files.write(folder.resolve(UUID.randomUUID() + ".onnx"), model);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
