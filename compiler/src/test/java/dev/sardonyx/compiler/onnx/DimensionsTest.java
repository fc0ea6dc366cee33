package dev.sardonyx.compiler.onnx;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sardonyx.compiler.InvalidModelException;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.runtime.ElementType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Open dimensions of inputs: x's on the left (empty: unnamed), what the user binds, and what comes out. */
class DimensionsTest {

    @TempDir
    private Path folder;

    private static OnnxWriter relu(String... dims) {
        var model = new OnnxWriter("g");
        model.input("x", ElementType.FLOAT32, dims);
        model.node("y", "Relu", List.of("x"), attrs());
        return model.outputOfAnyRank("y", ElementType.FLOAT32);
    }

    private static Arguments row(List<String> dims, Map<String, Integer> bound, Object expected) {
        return Arguments.of(dims, bound, expected);
    }

    static Stream<Arguments> bound() {
        return Stream.of(
                row(List.of("2", "3"), Map.of(), Shape.of(2, 3)),
                row(List.of(), Map.of(), Shape.of()),
                row(List.of("N", "3"), Map.of(), Shape.of(1, 3)),
                row(List.of("N", "3"), Map.of("N", 4), Shape.of(4, 3)),
                row(List.of("", "3"), Map.of(), Shape.of(1, 3)),
                row(List.of("-1", "3"), Map.of(), Shape.of(1, 3)),
                row(List.of("", "3"), Map.of("x[0]", 4), Shape.of(4, 3)),
                row(List.of("N", "3", "H", "H"), Map.of("H", 7), Shape.of(1, 3, 7, 7)),
                row(List.of("N", "3", "", "-1"), Map.of("x[2]", 5, "x[3]", 6), Shape.of(1, 3, 5, 6)),
                row(List.of("N", "N"), Map.of(), Shape.of(1, 1)),
                row(List.of("N", "N"), Map.of("N", 2), Shape.of(2, 2)));
    }

    @ParameterizedTest(name = "{0} with {1} → {2}")
    @MethodSource
    void bound(List<String> dims, Map<String, Integer> bound, Shape expected) {
        Graph graph = Models.read(relu(dims.toArray(String[]::new)).toByteArray(), folder, bound);
        assertThat(graph.inputs().getFirst().shape()).isEqualTo(expected);
        assertThat(graph.outputs().getFirst().value().shape()).isEqualTo(expected);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                row(
                        List.of("N", "3", "H", "W"),
                        Map.of("W", 5),
                        "input 'x': axis 2 ('H') is open; give it a size with --dim H=SIZE"),
                row(
                        List.of("N", ""),
                        Map.of(),
                        "input 'x': axis 1 ('x[1]') is open; give it a size with --dim x[1]=SIZE"),
                row(
                        List.of("N", "3", "H"),
                        Map.of("Height", 5),
                        "--dim Height: there is no such open dimension; there are 'H', 'N'"),
                row(List.of("1", "3"), Map.of("N", 5), "--dim N: there is no such open dimension; all are fixed"),
                row(List.of("N", "3"), Map.of("N", 0), "--dim N=0: a dimension is at least 1"),
                row(List.of("N", "3"), Map.of("N", Integer.MAX_VALUE), "input 'x': more than 2^31 - 1 elements"),
                row(List.of("N", "1"), Map.of("N", 1 << 27), "activations: needs 1074 MB more memory"));
    }

    @ParameterizedTest(name = "{0} with {1}: {2}")
    @MethodSource
    void refused(List<String> dims, Map<String, Integer> bound, String message) {
        assertThat(Models.refusal(relu(dims.toArray(String[]::new)).toByteArray(), folder, bound))
                .startsWith(message);
    }

    @Test
    void outputShapesOfAnotherBatchAreNoContradiction() {
        var model = new OnnxWriter("g");
        model.input("x", ElementType.FLOAT32, "N", "3");
        model.node("y", "Relu", List.of("x"), attrs());
        model.output("y", ElementType.FLOAT32, 1, 3);
        Graph graph = Models.read(model.toByteArray(), folder, Map.of("N", 4));
        assertThat(graph.outputs().getFirst().value().shape()).isEqualTo(Shape.of(4, 3));
    }

    /** A chain of 50 values of 4 MB each, of which two live at once. */
    @Test
    void budgetCountsWhatIsAliveAtOnce() throws IOException {
        var model = new OnnxWriter("g");
        String value = model.input("x", ElementType.FLOAT32, 1_000_000);
        for (int i = 0; i < 50; i++) {
            value = model.node("r" + i, "Relu", List.of(value), attrs());
        }
        model.outputOfAnyRank(value, ElementType.FLOAT32);
        Path file = folder.resolve("model.onnx");
        model.write(file);

        OnnxImporter.read(file, new ImportOptions(Map.of(), 9_000_000));
        assertThatThrownBy(() -> OnnxImporter.read(file, new ImportOptions(Map.of(), 8_000_000)))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("needs 8 MB more memory");
    }
}
