package dev.sardonyx.tests.campaign;

import ai.onnxruntime.OrtException;
import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.zoo.GenerateOptions;
import dev.sardonyx.compiler.zoo.ModelZoo;
import dev.sardonyx.runtime.ElementType;
import dev.sardonyx.runtime.SessionOptions;
import dev.sardonyx.runtime.TensorInfo;
import dev.sardonyx.runtime.cli.TensorData;
import dev.sardonyx.tests.peers.Agreement;
import dev.sardonyx.tests.peers.JarMethods;
import dev.sardonyx.tests.peers.LoadedJar;
import dev.sardonyx.tests.peers.OnnxRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every network that {@code sardonyx generate} makes, at its own size, agrees with ONNX Runtime on one thread and on two. */
@Tag("campaign")
class FullSizeNetworkTest {

    /** A fraction of what an answer may be off: these networks are up to 152 layers deep. */
    private static final double TOLERANCE = 1e-4;

    @TempDir
    private Path folder;

    static List<String> names() {
        return ModelZoo.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void one_image(String name) throws IOException, OrtException {
        check(name, 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "resnet18",
                "resnet50",
                "resnet50-v2",
                "resnet34-c",
                "cifar-resnet20-a",
                "cifar-resnet110-b",
                "cifar-preact56"
            })
    void eight_images(String name) throws IOException, OrtException {
        check(name, 8);
    }

    private void check(String name, int batch) throws IOException, OrtException {
        Path onnx = folder.resolve("model.onnx");
        ModelZoo.write(name, GenerateOptions.defaults().withOpenBatch(), onnx);
        CompileOptions options = CompileOptions.defaults().withDims(Map.of("batch", batch));
        try (LoadedJar jar = LoadedJar.compile(onnx, options, folder.resolve("model.jar"))) {
            TensorInfo input = jar.model().info().inputs().getFirst();
            List<TensorData> images =
                    List.of(new TensorData(input.name(), ElementType.FLOAT32, input.shape(), normal(input.elements())));
            List<TensorData> expected = OnnxRuntime.run(onnx, images);
            for (int threads : new int[] {1, 2}) {
                SessionOptions session = SessionOptions.defaults().withThreads(threads);
                List<TensorData> actual = jar.run(images, session);
                Campaign.say("%-18s batch %d, threads %d: %s"
                        .formatted(name, batch, threads, Agreement.describe(actual, expected)));
                Agreement.check(actual, expected, TOLERANCE);
            }
        }
        JarMethods.check(folder.resolve("model.jar"));
        Files.delete(onnx);
    }

    private static float[] normal(int count) {
        float[] values = new float[count];
        Random random = new Random(7);
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
