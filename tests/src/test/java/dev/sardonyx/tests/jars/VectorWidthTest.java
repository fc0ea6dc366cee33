package dev.sardonyx.tests.jars;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.sardonyx.codegen.KernelReport;
import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.driver.CompileResult;
import dev.sardonyx.compiler.driver.SardonyxCompiler;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.onnx.OnnxWriter;
import dev.sardonyx.runtime.ElementType;
import dev.sardonyx.runtime.cli.Npy;
import dev.sardonyx.runtime.cli.TensorData;
import dev.sardonyx.tests.peers.Agreement;
import dev.sardonyx.tests.peers.OnnxRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One jar with every kind of convolution, in JVMs whose vectors are as wide as on other machines, in those that cannot multiply and add at once, and in one
 * that has no vectors: its answers are ONNX Runtime's. The flags exist on x86-64; elsewhere each JVM takes the machine's own width.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VectorWidthTest {

    private static final double TOLERANCE = 1e-5;
    private static final List<Integer> SHAPE = List.of(1, 3, 37, 35);

    private final Random random = new Random(4);
    private Path folder = Path.of("");
    private Path jar = Path.of("");
    private List<TensorData> expected = List.of();

    @BeforeAll
    void compile(@TempDir Path temporary) throws IOException, OrtException {
        folder = temporary;
        Path onnx = folder.resolve("net.onnx");
        network().write(onnx);
        jar = folder.resolve("net.jar");
        CompileResult compiled = SardonyxCompiler.compile(onnx, CompileOptions.defaults());
        assertThat(compiled.kernels())
                .extracting(KernelReport::algorithm)
                .anyMatch(name -> name.startsWith("Winograd"));
        compiled.writeJar(jar);
        TensorData input = new TensorData("x", ElementType.FLOAT32, SHAPE, normal(3 * 37 * 35, 1));
        Npy.write(folder.resolve("x.npy"), input);
        expected = OnnxRuntime.run(onnx, List.of(input));
    }

    private OnnxWriter network() {
        OnnxWriter model = new OnnxWriter("widths");
        model.input("x", ElementType.FLOAT32, 1, 3, 37, 35);
        conv(model, "stem", "x", 3, 48, 7, 2, 1);
        conv(model, "winograd", "stem", 48, 48, 3, 1, 1);
        conv(model, "pointwise", "winograd", 48, 40, 1, 1, 1);
        conv(model, "strided", "pointwise", 40, 36, 3, 2, 1);
        conv(model, "grouped", "strided", 36, 72, 3, 1, 4);
        conv(model, "depthwise", "grouped", 72, 72, 3, 1, 72);
        model.node("pooled", "GlobalAveragePool", List.of("depthwise"), attrs());
        model.output(model.node("logits", "Flatten", List.of("pooled"), attrs()), ElementType.FLOAT32, 1, 72);
        for (String value : List.of("winograd", "strided", "depthwise")) {
            model.outputOfAnyRank(value, ElementType.FLOAT32);
        }
        return model;
    }

    /** A convolution with bias and Relu; the weights keep the size of what flows. */
    private void conv(OnnxWriter model, String name, String x, int in, int out, int kernel, int stride, int group) {
        Shape shape = Shape.of(out, in / group, kernel, kernel);
        double scale = Math.sqrt(2.0 * out / shape.elements());
        model.initializer(name + "/w", Tensor.of(shape, normal(shape.elements(), scale)));
        model.initializer(name + "/b", Tensor.of(Shape.of(out), normal(out, 0.1)));
        int pad = kernel / 2;
        String sum = model.node(
                name + "/sum",
                "Conv",
                List.of(x, name + "/w", name + "/b"),
                attrs().ints("strides", stride, stride)
                        .ints("pads", pad, pad, pad, pad)
                        .i("group", group));
        model.node(name, "Relu", List.of(sum), attrs());
    }

    private float[] normal(int count, double scale) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return values;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "-XX:UseAVX=3 -Dsardonyx.simd=require, SIMD",
        "-XX:UseAVX=2 -Dsardonyx.simd=require, SIMD",
        "-XX:UseAVX=0 -Dsardonyx.simd=require, SIMD",
        "-XX:-UseFMA -Dsardonyx.simd=require, 'SIMD, 128-bit'",
        "-Dsardonyx.simd=off, plain Java"
    })
    void answers_are_those_of_onnx_runtime(String flags, String engine) throws IOException, InterruptedException {
        Path results = Files.createTempDirectory(folder, "results");

        String info = java(flags, "info");
        java(flags, "run", "--input", "x=" + folder.resolve("x.npy"), "--output", results.toString());

        assertThat(info).contains(engine);
        if (System.getProperty("os.arch").equals("amd64") && !flags.contains("AVX=3")) {
            assertThat(info).doesNotContain("512-bit");
        }
        List<TensorData> actual = new ArrayList<>();
        for (TensorData output : expected) {
            TensorData read = Npy.read(results.resolve(output.name() + ".npy"));
            actual.add(new TensorData(output.name(), read.elementType(), read.shape(), read.values()));
        }
        Agreement.check(actual, expected, TOLERANCE);
    }

    /** What the jar says; it must succeed. */
    private String java(String flags, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("-XX:+IgnoreUnrecognizedVMOptions"));
        command.addAll(List.of(flags.split(" ")));
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(List.of(words));
        JarProcess process = JarProcess.java(command);
        assertThat(process.code()).as(process.output()).isZero();
        return process.output();
    }
}
