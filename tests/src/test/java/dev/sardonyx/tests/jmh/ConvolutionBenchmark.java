package dev.sardonyx.tests.jmh;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;

import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.driver.CompileResult;
import dev.sardonyx.compiler.driver.SardonyxCompiler;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.onnx.OnnxWriter;
import dev.sardonyx.runtime.ElementType;
import dev.sardonyx.runtime.kernels.LoadedSteps;
import dev.sardonyx.runtime.kernels.Network;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One convolution of a ResNet with its bias and activation, at each vector width and so with each width's tiles; as the compiler chooses, and
 * directly. Wider vectors than the machine's fail.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ConvolutionBenchmark {

    /** Channels, height and width, output channels, kernel, stride; no commas, at which JMH splits. */
    @Param({
        "3-224-64-7-2",
        "64-56-64-1-1",
        "64-56-64-3-1",
        "64-56-256-1-1",
        "256-56-64-1-1",
        "128-56-128-3-2",
        "128-28-128-3-1",
        "128-28-512-1-1",
        "512-28-128-1-1",
        "256-28-256-3-2",
        "256-14-256-3-1",
        "256-14-1024-1-1",
        "1024-14-256-1-1",
        "512-14-512-3-2",
        "512-7-512-3-1",
        "512-7-2048-1-1",
        "2048-7-512-1-1"
    })
    public String shape = "";

    @Param({"512", "256", "128"})
    public int width;

    /** Whether Winograd's filtering is forbidden. */
    @Param({"false", "true"})
    public boolean exact;

    private Runnable run = () -> {};

    /** Compiles a network of this one convolution. */
    @Setup
    public void load() throws IOException {
        Path folder = Files.createTempDirectory("sardonyx-jmh-");
        Path onnx = write(shape, folder.resolve("conv.onnx"));
        Path jar = folder.resolve("conv.jar");
        LoadedSteps steps = load(onnx, jar).convolutions();
        Files.delete(onnx);
        Files.delete(jar);
        Files.delete(folder);
        System.out.println("# " + steps.algorithms());
        run = steps::run;
    }

    private LoadedSteps load(Path onnx, Path jar) throws IOException {
        BenchmarkSetup.requireVectors(width);
        CompileResult compiled =
                SardonyxCompiler.compile(onnx, CompileOptions.defaults().withExact(exact));
        compiled.writeJar(jar);
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {jar.toUri().toURL()}, Network.class.getClassLoader())) {
            Constructor<?> constructor =
                    loader.loadClass(compiled.className() + "Simd" + width).getDeclaredConstructor();
            constructor.setAccessible(true);
            URL weights = Objects.requireNonNull(
                    loader.getResource(compiled.moduleName().replace('.', '/') + "/"
                            + compiled.code().weights().getFirst().name()));
            return LoadedSteps.of(
                    (Network) constructor.newInstance(),
                    weights.openStream(),
                    compiled.info().inputs().getFirst().elements(),
                    compiled.info().outputs().getFirst().elements());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(jar + " does not load", e);
        }
    }

    static Path write(String shape, Path file) throws IOException {
        int[] numbers =
                Arrays.stream(shape.split("-", -1)).mapToInt(Integer::parseInt).toArray();
        int channels = numbers[0];
        int size = numbers[1];
        int outChannels = numbers[2];
        int kernel = numbers[3];
        int stride = numbers[4];
        int outSize = (size + stride - 1) / stride;
        float[] weights = BenchmarkSetup.random(outChannels * channels * kernel * kernel);
        OnnxWriter model = new OnnxWriter("conv");
        String x = model.input("x", ElementType.FLOAT32, 1, channels, size, size);
        String w = model.initializer("w", Tensor.of(Shape.of(outChannels, channels, kernel, kernel), weights));
        String b = model.initializer("b", Tensor.of(Shape.of(outChannels), new float[outChannels]));
        int pad = kernel / 2;
        String y = model.node(
                "conv",
                "Conv",
                List.of(x, w, b),
                attrs().ints("strides", stride, stride).ints("pads", pad, pad, pad, pad));
        model.output(
                model.node("relu", "Relu", List.of(y), attrs()), ElementType.FLOAT32, 1, outChannels, outSize, outSize);
        model.write(file);
        return file;
    }

    @Benchmark
    public void convolution() {
        run.run();
    }
}
