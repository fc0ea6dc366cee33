package dev.sardonyx.tests;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.interpreter.Interpreter;
import dev.sardonyx.compiler.onnx.ImportOptions;
import dev.sardonyx.compiler.onnx.OnnxImporter;
import dev.sardonyx.compiler.zoo.GenerateOptions;
import dev.sardonyx.compiler.zoo.ModelZoo;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every generated network, made small: ONNX Runtime accepts the file, the interpreter agrees with it, and the logits of two
 * images differ and are of a sane size.
 */
class ZooPeerTest {
    private static final int CLASSES = 7;
    private static final GenerateOptions SMALL = GenerateOptions.defaults()
            .withWidthDivisor(16)
            .withInputSize(33)
            .withBatch(2)
            .withClasses(CLASSES);

    @TempDir
    private Path folder;

    static List<String> names() {
        return ModelZoo.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void interpreterAgreesWithOnnxRuntime(String name) throws IOException, OrtException {
        Path file = folder.resolve("model.onnx");
        ModelZoo.write(name, SMALL, file);
        Graph graph = OnnxImporter.read(file, ImportOptions.defaults()).graph();
        Shape shape = graph.inputs().getFirst().type().shape();
        var random = new Random(1);
        var pixels = new float[shape.elements()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }

        Tensor own = Interpreter.run(graph, List.of(Tensor.of(shape, pixels))).getFirst();
        float[] expected = onnxRuntime(file, shape, pixels);
        float largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(largest).isBetween(0.01f, 200f);
        assertThat(Arrays.copyOfRange(expected, 0, CLASSES))
                .isNotEqualTo(Arrays.copyOfRange(expected, CLASSES, 2 * CLASSES));
        assertThat(((Tensor.Floats) own).values()).containsExactly(expected, Offset.offset(1e-4f * largest));
    }

    private static float[] onnxRuntime(Path file, Shape shape, float[] pixels) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        long[] dims = shape.dims().stream().mapToLong(Integer::longValue).toArray();
        try (var options = new OrtSession.SessionOptions();
                OrtSession session = environment.createSession(file.toString(), options);
                OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(pixels), dims);
                OrtSession.Result result = session.run(Map.of("input", input))) {
            FloatBuffer logits = ((OnnxTensor) result.get(0)).getFloatBuffer();
            var values = new float[logits.remaining()];
            logits.get(values);
            return values;
        }
    }
}
