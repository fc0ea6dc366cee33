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
import dev.sardonyx.runtime.kernels.Network;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Compiles a program to a jar and runs it from there, as a service would. */
final class LoadedProgram implements AutoCloseable {

    /** The values of the property sardonyx.simd that select a jar's kernels. */
    static final List<String> KERNELS = List.of("512", "256", "128", "off");

    /** Kept, for loggers that nobody refers to forget their level. Tests run plain Java on purpose. */
    private static final Logger LOGGER = Logger.getLogger("dev.sardonyx");

    static {
        LOGGER.setLevel(Level.SEVERE);
    }

    private final Path jar;
    private final URLClassLoader loader;
    private final Class<?> modelClass;

    LoadedProgram(Program program) throws Exception {
        this(program, new SimdTarget());
    }

    LoadedProgram(Program program, Target target) throws Exception {
        Compilation compilation = new Compilation(program, info(program), "models.test");
        jar = Files.createTempFile("program", ".jar");
        try (OutputStream out = Files.newOutputStream(jar)) {
            JarWriter.write(compilation, target.generate(compilation), path -> true, out);
        }
        loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, getClass().getClassLoader());
        modelClass = loader.loadClass("models.test.Net");
    }

    static ModelInfo info(Program program) {
        return new ModelInfo(
                "Net", "0".repeat(64), "none", "test", tensors(program.inputs()), tensors(program.outputs()), 0, 0);
    }

    private static List<TensorInfo> tensors(List<Port> ports) {
        return ports.stream()
                .map(port -> new TensorInfo(
                        port.name(), ElementType.FLOAT32, port.buffer().shape()))
                .toList();
    }

    /** The jar, for as long as this is open. */
    Path jar() {
        return jar;
    }

    /** Loads the model with the given value of the property sardonyx.simd. */
    CompiledModel load(String simd) throws Exception {
        System.setProperty("sardonyx.simd", simd);
        try {
            return (CompiledModel) modelClass.getMethod("load").invoke(null);
        } finally {
            System.clearProperty("sardonyx.simd");
        }
    }

    /** The generated form for vectors of so many bits. */
    Network network(int bits) throws Exception {
        Constructor<?> constructor =
                loader.loadClass("models.test.NetSimd" + bits).getDeclaredConstructor();
        constructor.setAccessible(true);
        return (Network) constructor.newInstance();
    }

    /** Runs twice with the given value of the property sardonyx.simd, and returns the outputs of the second run. */
    float[][] run(String simd, int threads, float[]... inputs) throws Exception {
        try (CompiledModel model = load(simd);
                Session session = model.newSession(SessionOptions.defaults().withThreads(threads))) {
            run(model, session, inputs);
            return run(model, session, inputs);
        }
    }

    /** Runs a session once. */
    static float[][] run(CompiledModel model, Session session, float[]... inputs) {
        float[][] outputs = model.info().outputs().stream()
                .map(t -> new float[t.elements()])
                .toArray(float[][]::new);
        session.run(inputs, outputs);
        return outputs;
    }

    @Override
    public void close() throws IOException {
        loader.close();
        Files.delete(jar);
    }
}
