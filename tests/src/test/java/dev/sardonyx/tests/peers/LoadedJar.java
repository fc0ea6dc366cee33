package dev.sardonyx.tests.peers;

import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.driver.CompileResult;
import dev.sardonyx.compiler.driver.SardonyxCompiler;
import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.Session;
import dev.sardonyx.runtime.SessionOptions;
import dev.sardonyx.runtime.TensorInfo;
import dev.sardonyx.runtime.cli.TensorData;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A model that was compiled to a jar, loaded into this JVM as a service would. */
public final class LoadedJar implements AutoCloseable {

    private final URLClassLoader loader;
    private final CompiledModel model;

    private LoadedJar(URLClassLoader loader, CompiledModel model) {
        this.loader = loader;
        this.model = model;
    }

    /** Compiles {@code onnx}, writes {@code jar} and loads it. */
    public static LoadedJar compile(Path onnx, CompileOptions options, Path jar) throws IOException {
        CompileResult compiled = SardonyxCompiler.compile(onnx, options);
        compiled.writeJar(jar);
        return open(jar, compiled.className());
    }

    /** Loads a jar that was written before. */
    public static LoadedJar open(Path jar, String className) throws IOException {
        URLClassLoader loader =
                new URLClassLoader(new URL[] {jar.toUri().toURL()}, CompiledModel.class.getClassLoader());
        try {
            Object model =
                    Class.forName(className, true, loader).getMethod("load").invoke(null);
            return new LoadedJar(loader, (CompiledModel) model);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(jar + " does not load", e);
        }
    }

    public CompiledModel model() {
        return model;
    }

    /**
     * Runs the model once.
     *
     * @param inputs tensors of the model's inputs, by their names; others are left out
     * @return the outputs in the model's order
     */
    public List<TensorData> run(List<TensorData> inputs) {
        return run(inputs, SessionOptions.defaults());
    }

    /** As {@link #run(List)}, in a session of those options. */
    public List<TensorData> run(List<TensorData> inputs, SessionOptions options) {
        float[][] in = model.info().inputs().stream()
                .map(input -> find(inputs, input).values())
                .toArray(float[][]::new);
        List<TensorInfo> outputs = model.info().outputs();
        float[][] out =
                outputs.stream().map(output -> new float[output.elements()]).toArray(float[][]::new);
        try (Session session = model.newSession(options)) {
            session.run(in, out);
        }
        List<TensorData> results = new ArrayList<>();
        for (int i = 0; i < out.length; i++) {
            TensorInfo output = outputs.get(i);
            results.add(new TensorData(output.name(), output.elementType(), output.shape(), out[i]));
        }
        return results;
    }

    private static TensorData find(List<TensorData> tensors, TensorInfo wanted) {
        return tensors.stream()
                .filter(tensor -> tensor.name().equals(wanted.name()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no tensor for input " + wanted));
    }

    @Override
    public void close() throws IOException {
        model.close();
        loader.close();
    }
}
