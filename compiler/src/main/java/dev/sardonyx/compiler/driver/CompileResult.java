package dev.sardonyx.compiler.driver;

import com.palantir.javapoet.JavaFile;
import dev.sardonyx.codegen.Compilation;
import dev.sardonyx.codegen.GeneratedCode;
import dev.sardonyx.codegen.JarWriter;
import dev.sardonyx.codegen.KernelReport;
import dev.sardonyx.codegen.MemoryPlan;
import dev.sardonyx.codegen.WeightBlob;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.onnx.ImportedModel;
import dev.sardonyx.compiler.passes.PassPipeline.Optimized;
import dev.sardonyx.compiler.passes.PassReport;
import dev.sardonyx.runtime.ModelInfo;
import dev.sardonyx.runtime.cli.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A compiled model, in memory.
 *
 * @param imported the model as read
 * @param optimized what the passes made of it
 * @param compilation the program for the target and its names
 * @param code what the target made of it
 */
public record CompileResult(ImportedModel imported, Optimized optimized, Compilation compilation, GeneratedCode code) {

    /** What the model says of itself. */
    public ModelInfo info() {
        return compilation.info();
    }

    /** The graph as read. */
    public Graph before() {
        return imported.graph();
    }

    /** The graph after the passes. */
    public Graph after() {
        return optimized.graph();
    }

    /** What each pass did, in order. */
    public List<PassReport> passes() {
        return optimized.reports();
    }

    /** The kernels, in order. */
    public List<KernelReport> kernels() {
        return code.kernels();
    }

    /** What a session takes for the tensors between kernels. */
    public MemoryPlan memory() {
        return code.memory();
    }

    /** Size of the weights in the jar, in bytes. */
    public long weightBytes() {
        return code.weights().stream().mapToLong(WeightBlob::size).sum();
    }

    /** Name of the jar's module, which is that of the package. */
    public String moduleName() {
        return compilation.packageName();
    }

    /** Full name of the model's class. */
    public String className() {
        return compilation.packageName() + "." + compilation.className();
    }

    /**
     * Compiles the Java sources and writes the jar, which appears complete or not at all. Equal models and options give equal
     * bytes.
     *
     * @throws IOException if it cannot be written; the message names it
     */
    public void writeJar(Path jar) throws IOException {
        WholeFile.write(
                jar, out -> JarWriter.write(compilation, code, path -> path.startsWith("dev/sardonyx/runtime/"), out));
    }

    /**
     * Writes the sources, Java and OpenCL C, below {@code folder}, which is made if it is not there.
     *
     * @throws IOException if they cannot be written; the message names the file
     */
    public void writeSources(Path folder) throws IOException {
        Path packageFolder = packageFolder(folder);
        try {
            Files.createDirectories(packageFolder);
        } catch (IOException e) {
            throw new IOException(packageFolder + ": cannot be made a directory", e);
        }
        for (Map.Entry<Path, byte[]> source : sources(folder).entrySet()) {
            WholeFile.write(source.getKey(), out -> out.write(source.getValue()));
        }
    }

    /** What {@link #writeSources} writes: the content of each file. */
    public Map<Path, byte[]> sources(Path folder) {
        Path packageFolder = packageFolder(folder);
        Map<Path, byte[]> files = new LinkedHashMap<>();
        for (JavaFile source : JarWriter.sources(compilation, code)) {
            files.put(
                    packageFolder.resolve(source.typeSpec().name() + ".java"),
                    escaped(source.toString()).getBytes(StandardCharsets.US_ASCII));
        }
        code.resources().forEach(resource -> files.put(packageFolder.resolve(resource.name()), resource.content()));
        return files;
    }

    private Path packageFolder(Path folder) {
        return folder.resolve(compilation.packageName().replace('.', '/'));
    }

    /** The same source in ASCII: an editor might show other characters of a model's names in a misleading way, or reorder them. */
    private static String escaped(String source) {
        StringBuilder ascii = new StringBuilder(source.length());
        for (int i = 0; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c < 0x7f) {
                ascii.append(c);
            } else {
                ascii.append("\\u").append(HexFormat.of().toHexDigits(c));
            }
        }
        return ascii.toString();
    }
}
