package dev.sardonyx.tests.jmh;

import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.zoo.GenerateOptions;
import dev.sardonyx.compiler.zoo.ModelZoo;
import dev.sardonyx.runtime.Session;
import dev.sardonyx.runtime.SessionOptions;
import dev.sardonyx.runtime.cli.BenchArrays;
import dev.sardonyx.tests.peers.LoadedJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Inferences of whole networks with generated weights. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 4)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class NetworkBenchmark {

    @Param({"cifar-resnet20-a", "resnet18", "resnet50"})
    public String network = "";

    @Param("1")
    public int batch;

    @Param("1")
    public int threads;

    private AutoCloseable resources = () -> {};
    private Runnable inference = () -> {};

    /** Generates and compiles the network. */
    @Setup
    public void load() throws IOException {
        Path folder = Files.createTempDirectory("sardonyx-jmh-");
        Path onnx = folder.resolve("network.onnx");
        Path file = folder.resolve("network.jar");
        ModelZoo.write(network, GenerateOptions.defaults().withBatch(batch), onnx);
        LoadedJar jar = LoadedJar.compile(onnx, CompileOptions.defaults(), file);
        Session session = jar.model().newSession(SessionOptions.defaults().withThreads(threads));
        float[][] inputs = BenchArrays.inputs(jar.model().info());
        float[][] outputs = BenchArrays.outputs(jar.model().info());
        inference = () -> session.run(inputs, outputs);
        resources = () -> {
            session.close();
            jar.close();
            Files.delete(onnx);
            Files.delete(file);
            Files.delete(folder);
        };
    }

    /** Closes and deletes what {@link #load} made. */
    @TearDown
    public void close() throws Exception {
        resources.close();
    }

    @Benchmark
    public void inference() {
        inference.run();
    }
}
