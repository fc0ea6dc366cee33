package dev.sardonyx.compiler.zoo;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.compiler.interpreter.Interpreter;
import dev.sardonyx.compiler.onnx.ImportOptions;
import dev.sardonyx.compiler.onnx.OnnxImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelZooTest {
    private static final GenerateOptions SMALL =
            GenerateOptions.defaults().withWidthDivisor(16).withInputSize(32).withClasses(5);

    @TempDir
    private Path folder;

    private Graph generate(String name, GenerateOptions options) throws IOException {
        Path file = folder.resolve(name + ".onnx");
        ModelZoo.write(name, options, file);
        return OnnxImporter.read(
                        file, ImportOptions.withDims(options.batch().isPresent() ? Map.of() : Map.of("batch", 3)))
                .graph();
    }

    private static float[] logits(Graph graph, long seed) {
        Shape shape = graph.inputs().getFirst().type().shape();
        var pixels = new float[shape.elements()];
        var stream = new WeightStream(seed, "image");
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) stream.normal();
        }
        Tensor logits =
                Interpreter.run(graph, List.of(Tensor.of(shape, pixels))).getFirst();
        return ((Tensor.Floats) logits).values();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        resnet18         | Add:8 BatchNormalization:20 Conv:20 Gemm:1 GlobalAveragePool:1 MaxPool:1 Relu:17 Reshape:1
        resnet34         | Add:16 BatchNormalization:36 Conv:36 Gemm:1 GlobalAveragePool:1 MaxPool:1 Relu:33 Reshape:1
        resnet50         | Add:16 BatchNormalization:53 Conv:53 Gemm:1 GlobalAveragePool:1 MaxPool:1 Relu:49 Reshape:1
        resnet101        | Add:33 BatchNormalization:104 Conv:104 Gemm:1 GlobalAveragePool:1 MaxPool:1 Relu:100 Reshape:1
        resnet152        | Add:50 BatchNormalization:155 Conv:155 Gemm:1 GlobalAveragePool:1 MaxPool:1 Relu:151 Reshape:1
        resnet34-a       | Add:16 BatchNormalization:33 Conv:33 Gemm:1 GlobalAveragePool:1 MaxPool:1 Pad:3 Relu:33 Reshape:1 Slice:3
        resnet34-c       | Add:16 BatchNormalization:49 Conv:49 Gemm:1 GlobalAveragePool:1 MaxPool:1 Relu:33 Reshape:1
        resnet50-v2      | Add:16 BatchNormalization:49 Conv:53 Gemm:1 GlobalAveragePool:1 MaxPool:1 Relu:49 Reshape:1
        plain34          | BatchNormalization:33 Conv:33 Gemm:1 GlobalAveragePool:1 MaxPool:1 Relu:33 Reshape:1
        vgg16            | Conv:13 Gemm:3 MaxPool:5 Relu:15 Reshape:1
        vgg19-bn         | BatchNormalization:16 Conv:16 Gemm:3 MaxPool:5 Relu:18 Reshape:1
        cifar-resnet20-a | Add:9 BatchNormalization:19 Conv:19 Gemm:1 GlobalAveragePool:1 Pad:2 Relu:19 Reshape:1 Slice:2
        cifar-resnet20-b | Add:9 BatchNormalization:21 Conv:21 Gemm:1 GlobalAveragePool:1 Relu:19 Reshape:1
        cifar-resnet20-c | Add:9 BatchNormalization:28 Conv:28 Gemm:1 GlobalAveragePool:1 Relu:19 Reshape:1
        cifar-preact20   | Add:9 BatchNormalization:19 Conv:21 Gemm:1 GlobalAveragePool:1 Relu:19 Reshape:1
        cifar-plain20    | BatchNormalization:19 Conv:19 Gemm:1 GlobalAveragePool:1 Relu:19 Reshape:1
        """)
    void hasTheOperatorsOfTheArchitecture(String name, String operators) throws IOException {
        Map<String, Long> counts = generate(name, SMALL).nodes().stream()
                .collect(groupingBy(node -> node.op().name(), TreeMap::new, counting()));
        assertThat(counts.toString().replaceAll("[{},]", "").replace('=', ':')).isEqualTo(operators);
    }

    @Test
    void putsTheStrideIntoTheBottlenecks3x3() throws IOException {
        List<String> strided = generate("resnet50", SMALL).nodes().stream()
                .filter(node ->
                        node.op() instanceof Op.Conv conv && conv.window().strideH() == 2)
                .map(node -> node.inputs().get(1).name())
                .toList();
        assertThat(strided)
                .containsExactly(
                        "conv1.weight",
                        "layer2.0.conv2.weight",
                        "layer2.0.downsample.0.weight",
                        "layer3.0.conv2.weight",
                        "layer3.0.downsample.0.weight",
                        "layer4.0.conv2.weight",
                        "layer4.0.downsample.0.weight");
    }

    @Test
    void writesTheArchitecturesOwnShapes() throws IOException {
        Graph graph = generate("resnet18", GenerateOptions.defaults().withWidthDivisor(16));
        assertThat(graph.inputs().getFirst().type()).isEqualTo(TensorType.float32(1, 3, 224, 224));
        assertThat(graph.outputs().getFirst().name()).isEqualTo("logits");
        assertThat(graph.outputs().getFirst().value().type()).isEqualTo(TensorType.float32(1, 1000));
    }

    @Test
    void leavesTheBatchOpen() throws IOException {
        Graph graph = generate("resnet18", SMALL.withOpenBatch());
        assertThat(graph.inputs().getFirst().type()).isEqualTo(TensorType.float32(3, 3, 32, 32));
        assertThat(graph.outputs().getFirst().value().type()).isEqualTo(TensorType.float32(3, 5));
    }

    @Test
    void fixesTheBatch() throws IOException {
        Graph graph = generate("cifar-resnet20-a", SMALL.withBatch(2));
        assertThat(graph.outputs().getFirst().value().type()).isEqualTo(TensorType.float32(2, 5));
    }

    /** Layouts with channel counts that no vector width divides, and feature maps of odd size. */
    @ParameterizedTest
    @CsvSource({"cifar-resnet20-a, 3", "resnet50, 7", "vgg16-bn, 5", "resnet34-a, 64"})
    void takesAnyWidthAndSize(String name, int divisor) throws IOException {
        Graph graph = generate(name, SMALL.withWidthDivisor(divisor).withInputSize(37));
        assertThat(logits(graph, 1)).doesNotContain(Float.NaN).hasSize(5);
    }

    @Test
    void givesEachChannelItsOwnBatchNormStatistics() throws IOException {
        Graph graph = generate("resnet18", SMALL.withWidthDivisor(1));
        List<Node> norms = graph.nodes().stream()
                .filter(node -> node.op() instanceof Op.BatchNormalization)
                .toList();
        assertThat(norms).hasSize(20).allSatisfy(norm -> {
            List<Value> parameters = norm.inputs().subList(1, 5);
            assertThat(parameters)
                    .extracting(value -> value.name().replaceFirst(".*\\.", ""))
                    .containsExactly("weight", "bias", "running_mean", "running_var");
            assertThat(parameters)
                    .allSatisfy(parameter -> assertThat(values(graph, parameter))
                            .doesNotHaveDuplicates()
                            .doesNotContain(0)
                            .doesNotContain(1));
            assertThat(minimum(values(graph, parameters.get(0)))).isNegative();
            assertThat(minimum(values(graph, parameters.get(3)))).isPositive();
        });
    }

    private static float[] values(Graph graph, Value value) {
        return ((Tensor.Floats) requireNonNull(graph.constants().get(value.name()))).values();
    }

    private static float minimum(float[] values) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[0];
    }

    @Test
    void givesTheSameBytesForTheSameSeedOnEveryMachine() throws IOException, NoSuchAlgorithmException {
        Path file = folder.resolve("m.onnx");
        ModelZoo.write("cifar-resnet20-a", SMALL.withSeed(7), file);
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        assertThat(HexFormat.of().formatHex(hash))
                .isEqualTo("74cfa797662c4e4a093acbf23b8afdfe949577cdc3d0c5f0322e60e8d057438e");
    }

    @Test
    void givesOtherBytesForAnotherSeed() {
        assertThat(ModelZoo.build("cifar-resnet20-a", SMALL.withSeed(1)).toByteArray())
                .isNotEqualTo(
                        ModelZoo.build("cifar-resnet20-a", SMALL.withSeed(2)).toByteArray());
    }

    @Test
    void describesEveryName() {
        assertThat(ModelZoo.names()).doesNotHaveDuplicates().contains("resnet50", "cifar-resnet110-c", "vgg19-bn");
        assertThat(ModelZoo.names())
                .extracting(name -> ModelZoo.describe(name, GenerateOptions.defaults()))
                .doesNotHaveDuplicates();
        assertThat(ModelZoo.describe("ResNet50", GenerateOptions.defaults()))
                .isEqualTo("ResNet-50 v1.5 (stride in the 3x3 convolutions); 224 x 224 pixels, 1000 classes");
    }

    @Test
    void saysWhichNamesThereAre() {
        assertThatThrownBy(() -> ModelZoo.build("resnet51", SMALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "there is no network 'resnet51'; the closest is resnet50; there are resnet18, resnet34, ");
    }

    @Test
    void refusesImagesThatVggHalvesToNothing() {
        assertThatThrownBy(() -> ModelZoo.build("vgg16", SMALL.withInputSize(31)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("vgg16 halves its input 5 times: input size 31 is too small");
    }

    @Test
    void refusesMoreWeightsThanFitBeforeItMakesThem() {
        assertThatThrownBy(() -> ModelZoo.build("vgg16", SMALL.withClasses(Integer.MAX_VALUE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("the weights would take more than \\d+ MB, .*");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        0 | 1 | 1 | 1 | batch size 0 is not in 1..2147483647
        1 | 0 | 1 | 1 | input size 0 is not in 1..4096
        1 | 5000 | 1 | 1 | input size 5000 is not in 1..4096
        1 | 1 | -1 | 1 | number of classes -1 is not in 1..2147483647
        1 | 1 | 1 | 65 | width divisor 65 is not in 1..64
        """)
    void refusesOptionsOutOfRange(int batch, int size, int classes, int divisor, String message) {
        assertThatThrownBy(() -> GenerateOptions.defaults()
                        .withBatch(batch)
                        .withInputSize(size)
                        .withClasses(classes)
                        .withWidthDivisor(divisor))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({
        "resnet20, cifar-resnet20-a",
        "ResNet110, cifar-resnet110-a",
        "cifar-resnet56, cifar-resnet56-a",
        "resnet32_b, cifar-resnet32-b",
        "resnet44c, cifar-resnet44-c",
        "preact56, cifar-preact56",
        "resnet20-v2, cifar-preact20",
        "plain20, cifar-plain20",
        "resnet34-b, resnet34",
        "resnet50v2, resnet50-v2",
        "preact18, resnet18-v2",
        "vgg16_bn, vgg16-bn",
        "VGG19BN, vgg19-bn",
    })
    void shortNamesGiveTheSameBytes(String shortName, String name) {
        assertThat(ModelZoo.names()).contains(name);
        GenerateOptions tiny = SMALL.withWidthDivisor(64);
        assertThat(ModelZoo.describe(shortName, tiny)).isEqualTo(ModelZoo.describe(name, tiny));
        assertThat(ModelZoo.build(shortName, tiny).toByteArray())
                .isEqualTo(ModelZoo.build(name, tiny).toByteArray());
    }

    @ParameterizedTest
    @CsvSource({
        "resnet17, resnet18",
        "resent50, resnet50",
        "resnet-50, resnet50",
        "vgg-16, vgg16",
        "cifar-resnet20-d, cifar-resnet20-a",
        "preact21, preact20",
        "x, vgg16",
    })
    void anUnknownNameIsAnsweredWithTheClosest(String name, String closest) {
        assertThatThrownBy(() -> ModelZoo.describe(name, SMALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "there is no network '" + name + "'; the closest is " + closest + "; there are ");
    }
}
