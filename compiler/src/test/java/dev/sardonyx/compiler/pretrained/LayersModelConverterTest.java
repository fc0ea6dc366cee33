package dev.sardonyx.compiler.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.interpreter.Interpreter;
import dev.sardonyx.compiler.onnx.ImportOptions;
import dev.sardonyx.compiler.onnx.OnnxImporter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayersModelConverterTest {

    private static final TinyLayersModel TINY = new TinyLayersModel();

    @TempDir
    Path folder;

    @Test
    void the_onnx_model_answers_as_keras_does() throws IOException {
        Path file = folder.resolve("tiny.onnx");
        LayersModelConverter.convert("tiny", LayersModel.read(TINY.files())).write(file);
        Graph graph = OnnxImporter.read(file, ImportOptions.withDims(Map.of())).graph();
        float[] image = image();

        Tensor.Floats answer = (Tensor.Floats)
                Interpreter.run(graph, List.of(channelsFirst(image))).getFirst();

        double[] expected = TINY.answer(image);
        for (int k = 0; k < TinyLayersModel.CLASSES; k++) {
            assertThat(answer.values()[k]).as("class %d", k).isCloseTo((float) expected[k], within(1e-6f));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        Conv2D"                    | DepthwiseConv2D"        | layer conv is a DepthwiseConv2D
        "activation": "relu"}      | "activation": "swish"}  | layer act has the activation swish
        "valid"                    | "causal"                | layer conv has the padding causal
        "channels_last", "dilation | "channels_first", "dilation | layer conv does not have its channels last
        "conv/bias"                | "conv/other"            | layer conv has no bias
        [["in", 0                  | [["later", 0            | layer later is read before it is there
        "epsilon"                  | "eps"                   | layer norm has no epsilon
        [["branch", 0, 0, {}],     | [                       | layer add has 1 inputs
        """)
    void refuses_what_it_would_get_wrong(String text, String other, String message) throws IOException {
        LayersModel model = LayersModel.read(changed(text, other));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayersModelConverter.convert("tiny", model))
                .withMessage(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        "shard2"        | "shard3"              | shard3 is missing
        "shape": [5]    | "shape": [6]          | weight fc/bias is cut off
        "float32"}]}]}  | "uint8"}]}]}          | weight fc/bias is not float32
        "layers"        | "strata"              | model.json is no layers-model
        "format"        | format" :             | model.json is no layers-model
        """)
    void says_what_is_wrong_with_the_files(String text, String other, String message) {
        assertThatIOException()
                .isThrownBy(() -> LayersModel.read(changed(text, other)))
                .withMessageStartingWith(message);
    }

    private static Map<String, byte[]> changed(String text, String other) {
        Map<String, byte[]> files = new HashMap<>(TINY.files());
        String json = new String(files.get("model.json"), StandardCharsets.UTF_8);
        assertThat(json).contains(text);
        files.put("model.json", json.replace(text, other).getBytes(StandardCharsets.UTF_8));
        return files;
    }

    private static float[] image() {
        Random random = new Random(1);
        float[] image = new float[TinyLayersModel.SIZE * TinyLayersModel.SIZE * TinyLayersModel.COLORS];
        for (int i = 0; i < image.length; i++) {
            image[i] = (float) random.nextGaussian();
        }
        return image;
    }

    private static Tensor channelsFirst(float[] image) {
        int pixels = TinyLayersModel.SIZE * TinyLayersModel.SIZE;
        float[] values = new float[image.length];
        for (int i = 0; i < image.length; i++) {
            values[i % TinyLayersModel.COLORS * pixels + i / TinyLayersModel.COLORS] = image[i];
        }
        return Tensor.of(Shape.of(1, TinyLayersModel.COLORS, TinyLayersModel.SIZE, TinyLayersModel.SIZE), values);
    }
}
