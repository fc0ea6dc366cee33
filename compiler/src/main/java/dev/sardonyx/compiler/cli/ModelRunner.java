package dev.sardonyx.compiler.cli;

import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.driver.CompileResult;
import dev.sardonyx.compiler.driver.SardonyxCompiler;
import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.LoadOptions;
import dev.sardonyx.runtime.cli.LoadWishes;
import dev.sardonyx.runtime.cli.ModelCommand;
import dev.sardonyx.runtime.cli.Terminal;
import dev.sardonyx.runtime.cli.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/** Runs the runtime's commands on a jar, or on an ONNX file, which becomes a temporary jar first. */
final class ModelRunner {

    private static final byte[] ZIP_MAGIC = {'P', 'K'};

    private ModelRunner() {}

    /**
     * Does what {@code command} says.
     *
     * @param model {@code M.jar} or {@code M.onnx}; the content decides which
     * @param options how to compile an ONNX file
     * @param device where to run it
     * @return the exit code
     * @throws UsageException if the file is neither
     */
    static int run(ModelCommand command, Path model, ModelOptions options, DeviceOptions device, Terminal terminal) {
        return use(
                model,
                options,
                device,
                terminal,
                result -> command.keep(result.imported().files(), result.info()),
                loaded -> command.execute(loaded, terminal));
    }

    /**
     * Calls {@code use} with the loaded model.
     *
     * @param check is told what an ONNX file was compiled to
     * @return what {@code use} returns
     * @throws UsageException if the file is neither
     */
    static int use(
            Path model,
            ModelOptions options,
            DeviceOptions device,
            Terminal terminal,
            Consumer<CompileResult> check,
            ToIntFunction<CompiledModel> use) {
        LoadOptions loading = device.toLoadOptions(options.target(), terminal).withWarmUp(LoadOptions.WarmUp.WAIT);
        return withJar(model, options, terminal, check, jar -> use(jar, loading, terminal, use));
    }

    /**
     * Calls {@code use} with the jar itself, or with one made from an ONNX file, which is there until {@code use} returns.
     *
     * @param check is told what an ONNX file was compiled to
     * @return what {@code use} returns
     * @throws UsageException if the file cannot be compiled, or is compiled already and {@code options} say how
     */
    static int withJar(
            Path model,
            ModelOptions options,
            Terminal terminal,
            Consumer<CompileResult> check,
            ToIntFunction<Path> use) {
        CompileOptions compileOptions = options.toCompileOptions();
        if (isJar(model)) {
            if (options.changeTheGraph()) {
                throw new UsageException(model
                        + ": is compiled already; --dim, --no-fuse, --exact, --stop-after and --precision are"
                        + " for ONNX files");
            }
            return use.applyAsInt(model);
        }
        try (TemporaryFolder folder = TemporaryFolder.create()) {
            Path jar = folder.resolve("model.jar");
            try (Progress progress = Progress.ofCompilation(terminal, "compiling")) {
                CompileResult result = SardonyxCompiler.compile(model, compileOptions, progress);
                check.accept(result);
                WrittenJar.write(result, jar, progress);
            }
            return use.applyAsInt(jar);
        }
    }

    private static int use(Path jar, LoadOptions loading, Terminal terminal, ToIntFunction<CompiledModel> use) {
        try (CompiledJar loaded = CompiledJar.open(jar, loading)) {
            terminal.progressDone();
            LoadWishes.check(loading, loaded.model());
            return use.applyAsInt(loaded.model());
        }
    }

    /** A file that does not begin as a jar is called one if its name says so; what is wrong with it is found out later. */
    static boolean isJar(Path file) {
        if (file.toString().endsWith(".jar")) {
            return true;
        }
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(ZIP_MAGIC.length), ZIP_MAGIC);
        } catch (IOException e) {
            return false;
        }
    }
}
