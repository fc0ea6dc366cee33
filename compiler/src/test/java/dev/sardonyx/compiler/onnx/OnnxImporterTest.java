package dev.sardonyx.compiler.onnx;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.compiler.graph.Verifier;
import dev.sardonyx.runtime.ElementType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxImporterTest {

    @TempDir
    private Path folder;

    @Test
    void keepsNamesTypesAndOrder() throws IOException {
        var model = new OnnxWriter("g").producer("pen", "2").metadata("labels", "cat,dog");
        String x = model.input("x", ElementType.FLOAT32, "batch", "2", "5", "5");
        String w = model.initializer("w", Tensor.of(Shape.of(4, 2, 3, 3), new float[72]));
        String c = model.node("c", "Conv", List.of(x, w), attrs().ints("strides", 2, 2));
        model.output(model.node("y", "Relu", List.of(c), attrs()), ElementType.FLOAT32, "batch", "4", "2", "2");
        Path file = folder.resolve("model.onnx");
        model.write(file);

        ImportedModel imported = OnnxImporter.read(file, ImportOptions.withDims(Map.of("batch", 3)));

        Verifier.verify(imported.graph());
        assertThat(imported.graph().inputs()).containsExactly(new Value("x", TensorType.float32(3, 2, 5, 5)));
        assertThat(imported.graph().nodes())
                .extracting(Node::output)
                .containsExactly(
                        new Value("c", TensorType.float32(3, 4, 2, 2)), new Value("y", TensorType.float32(3, 4, 2, 2)));
        assertThat(imported.graph().constants()).containsOnlyKeys("w");
        assertThat(imported.graph().outputs().getFirst().name()).isEqualTo("y");
        assertThat(imported.sha256()).hasSize(64);
        assertThat(imported.metadata())
                .isEqualTo(new ImportedModel.Metadata(
                        "pen 2", 17, 8, Map.of("Conv", 1, "Relu", 1), Map.of("labels", "cat,dog")));
    }
}
