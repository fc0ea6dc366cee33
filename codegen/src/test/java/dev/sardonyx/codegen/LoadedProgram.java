package dev.sardonyx.codegen;

import dev.sardonyx.codegen.program.Port;
import dev.sardonyx.codegen.program.Program;
import dev.sardonyx.codegen.simd.SimdTarget;
import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.ElementType;
import dev.sardonyx.runtime.ModelInfo;
import dev.sardonyx.runtime.Session;
import dev.sardonyx.runtime.SessionOptions;
import dev.sardonyx.runtime.TensorInfo;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Compiles a program to a jar and runs it from there, as a service would. */
final class LoadedProgram implements AutoCloseable {

    private final Path jar;
    private final URLClassLoader loader;
    private final Class<?> modelClass;

    LoadedProgram(Program program) throws Exception {
        Compilation compilation = new Compilation(program, info(program), "models.test");
        jar = Files.createTempFile("program", ".jar");
        try (OutputStream out = Files.newOutputStream(jar)) {
            JarWriter.write(compilation, new SimdTarget().generate(compilation), path -> true, out);
        }
        loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, getClass().getClassLoader());
        modelClass = loader.loadClass("models.test.Net");
    }

    private static ModelInfo info(Program program) {
        return new ModelInfo(
                "Net", "0".repeat(64), "none", "test", tensors(program.inputs()), tensors(program.outputs()), 0, 0);
    }

    private static List<TensorInfo> tensors(List<Port> ports) {
        return ports.stream()
                .map(port -> new TensorInfo(
                        port.name(), ElementType.FLOAT32, port.buffer().shape()))
                .toList();
    }

    /** Runs once with the given value of the property sardonyx.simd. */
    float[][] run(String simd, int threads, float[]... inputs) throws Exception {
        System.setProperty("sardonyx.simd", simd);
        try (CompiledModel model = (CompiledModel) modelClass.getMethod("load").invoke(null);
                Session session = model.newSession(SessionOptions.defaults().withThreads(threads))) {
            float[][] outputs = model.info().outputs().stream()
                    .map(t -> new float[t.elements()])
                    .toArray(float[][]::new);
            session.run(inputs, outputs);
            session.run(inputs, outputs);
            return outputs;
        } finally {
            System.clearProperty("sardonyx.simd");
        }
    }

    @Override
    public void close() throws IOException {
        loader.close();
        Files.delete(jar);
    }
}
