package dev.sardonyx.tests.peers;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.compiler.interpreter.Interpreter;
import dev.sardonyx.compiler.onnx.ImportOptions;
import dev.sardonyx.compiler.onnx.OnnxImporter;
import dev.sardonyx.compiler.zoo.GenerateOptions;
import dev.sardonyx.compiler.zoo.ModelZoo;
import dev.sardonyx.runtime.ElementType;
import dev.sardonyx.runtime.cli.TensorData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every generated network, made small: ONNX Runtime accepts the file, the interpreter and the compiled jar agree with it, the logits of
 * two images differ and are of a sane size, and the JIT can compile the jar's methods.
 */
class ZooPeerTest {
    private static final int CLASSES = 7;
    private static final GenerateOptions SMALL = GenerateOptions.defaults()
            .withWidthDivisor(16)
            .withInputSize(33)
            .withBatch(2)
            .withClasses(CLASSES);

    /** A fraction of what an answer may be off: these networks are up to 152 layers deep. */
    private static final double TOLERANCE = 1e-4;

    @TempDir
    private Path folder;

    static List<String> names() {
        return ModelZoo.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void interpreter_and_jar_agree_with_onnx_runtime(String name) throws IOException, OrtException {
        Path file = folder.resolve("model.onnx");
        ModelZoo.write(name, SMALL, file);
        Graph graph = OnnxImporter.read(file, ImportOptions.defaults()).graph();
        Value input = graph.inputs().getFirst();
        float[] pixels = new float[input.shape().elements()];
        Random random = new Random(1);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        List<TensorData> inputs = List.of(
                new TensorData(input.name(), ElementType.FLOAT32, input.shape().dims(), pixels));

        List<TensorData> expected = OnnxRuntime.run(file, inputs);

        assertIsSane(expected.getFirst().values());
        Tensor interpreted = Interpreter.run(graph, List.of(Tensor.of(input.shape(), pixels)))
                .getFirst();
        Agreement.check(List.of(data(expected.getFirst(), interpreted)), expected, TOLERANCE);
        try (LoadedJar jar = LoadedJar.compile(file, CompileOptions.defaults(), folder.resolve("model.jar"))) {
            Agreement.check(jar.run(inputs), expected, TOLERANCE);
        }
        JarMethods.check(folder.resolve("model.jar"));
    }

    private static void assertIsSane(float[] logits) {
        float largest = 0;
        for (float logit : logits) {
            largest = Math.max(largest, Math.abs(logit));
        }
        assertThat(largest).isBetween(0.01f, 200f);
        assertThat(Arrays.copyOfRange(logits, 0, CLASSES))
                .isNotEqualTo(Arrays.copyOfRange(logits, CLASSES, 2 * CLASSES));
    }

    private static TensorData data(TensorData expected, Tensor tensor) {
        return new TensorData(
                expected.name(), ElementType.FLOAT32, tensor.shape().dims(), ((Tensor.Floats) tensor).values());
    }
}
