package dev.sardonyx.codegen;

import com.palantir.javapoet.JavaFile;
import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.kernels.VectorApi;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.ModuleAttribute;
import java.lang.classfile.attribute.ModuleMainClassAttribute;
import java.lang.classfile.attribute.ModulePackagesAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ModuleDesc;
import java.lang.constant.PackageDesc;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jocl.CL;

/**
 * Writes the jar of a compiled model: the generated classes, the runtime, a module descriptor and the weights. Equal input gives
 * equal bytes. The file appears complete or not at all.
 */
public final class JarWriter {

    /** Every entry's time, so that equal input gives equal bytes; the earliest that zip files can tell. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    /** The manifest's attribute that names the model's class. */
    public static final Attributes.Name MODEL_CLASS = new Attributes.Name("Sardonyx-Model-Class");

    private final Compilation compilation;
    private final GeneratedCode code;

    private JarWriter(Compilation compilation, GeneratedCode code) {
        this.compilation = compilation;
        this.code = code;
    }

    /** All sources of the model, its API first. */
    public static List<JavaFile> sources(Compilation compilation, GeneratedCode code) {
        return Stream.concat(
                        Stream.of(new ModelWriter(compilation, code.engine(), code.parts()).write()),
                        code.sources().stream())
                .toList();
    }

    /**
     * Compiles the generated code and writes the jar.
     *
     * @param runtimeClasses which classes of the runtime go into the jar, by path
     * @param out gets the jar; left open
     */
    public static void write(
            Compilation compilation, GeneratedCode code, Predicate<String> runtimeClasses, OutputStream out)
            throws IOException {
        new JarWriter(compilation, code).write(runtimeClasses, out);
    }

    private void write(Predicate<String> runtimeClasses, OutputStream out) throws IOException {
        Path runtime = location(CompiledModel.class);
        SortedMap<String, byte[]> entries =
                new TreeMap<>(files(runtime, file -> isOfRuntime(file) && runtimeClasses.test(file)));
        if (code.parts().contains(RuntimePart.OPENCL)) {
            entries.putAll(files(location(CL.class), JarWriter::isOfJocl));
        }
        entries.putAll(JavaCompilation.compile(sources(compilation, code), runtime));
        entries.put(
                path(compilation.className() + StartClass.SUFFIX + ".class"),
                StartClass.bytes(compilation.packageName(), compilation.className()));
        code.resources().forEach(resource -> entries.put(path(resource.name()), resource.content()));
        entries.put("module-info.class", moduleInfo(entries.keySet().stream().toList()));
        ZipOutputStream zip = new ZipOutputStream(out);
        deflated(zip, JarFile.MANIFEST_NAME, manifest());
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            deflated(zip, entry.getKey(), entry.getValue());
        }
        weights(zip);
        zip.finish();
    }

    private byte[] manifest() throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        String model = compilation.packageName() + "." + compilation.className();
        main.put(Attributes.Name.MAIN_CLASS, model + StartClass.SUFFIX);
        main.put(MODEL_CLASS, model);
        main.put(
                new Attributes.Name("Created-By"),
                "Sardonyx " + compilation.info().compilerVersion());
        if (code.parts().contains(RuntimePart.SIMD)) {
            main.put(new Attributes.Name("Add-Exports"), VectorApi.LOADER_EXPORT);
        }
        if (code.parts().contains(RuntimePart.OPENCL)) {
            main.put(new Attributes.Name("Enable-Native-Access"), "ALL-UNNAMED");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        manifest.write(bytes);
        return bytes.toByteArray();
    }

    private static void deflated(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(TIME);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    /** Stored, not deflated: trained weights hardly shrink, and inflating them would cost a second at every start. */
    private void weights(ZipOutputStream zip) throws IOException {
        for (WeightBlob blob : code.weights()) {
            weights(zip, blob);
        }
    }

    private void weights(ZipOutputStream zip, WeightBlob weights) throws IOException {
        ZipEntry entry = new ZipEntry(path(weights.name()));
        entry.setTimeLocal(TIME);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(weights.size());
        entry.setCrc(weights.crc());
        zip.putNextEntry(entry);
        weights.writeTo(zip);
        zip.closeEntry();
    }

    private String path(String simpleName) {
        return compilation.packageName().replace('.', '/') + "/" + simpleName;
    }

    private byte[] moduleInfo(List<String> paths) {
        List<PackageDesc> packages = paths.stream()
                .map(path -> path.substring(0, path.lastIndexOf('/')))
                .distinct()
                .map(PackageDesc::ofInternalName)
                .toList();
        ModuleAttribute module = ModuleAttribute.of(ModuleDesc.of(compilation.packageName()), builder -> {
            builder.requires(ModuleDesc.of("java.base"), ClassFile.ACC_MANDATED, null);
            builder.requires(ModuleDesc.of("java.desktop"), 0, null);
            builder.requires(ModuleDesc.of("jdk.jfr"), ClassFile.ACC_STATIC_PHASE, null);
            if (code.parts().contains(RuntimePart.SIMD)) {
                builder.requires(ModuleDesc.of("jdk.incubator.vector"), 0, null);
            }
            if (code.parts().contains(RuntimePart.OPENCL)) {
                builder.requires(ModuleDesc.of("java.logging"), 0, null);
            }
            builder.exports(PackageDesc.of(compilation.packageName()), 0);
            builder.exports(PackageDesc.of(CompiledModel.class.getPackageName()), 0);
        });
        return ClassFile.of()
                .buildModule(
                        module,
                        classBuilder -> classBuilder
                                .with(ModulePackagesAttribute.ofNames(packages.stream()
                                        .map(p -> java.lang.constant.PackageDesc.of(p.name()))
                                        .toList()))
                                .with(ModuleMainClassAttribute.of(
                                        ClassDesc.of(compilation.packageName(), compilation.className()))));
    }

    private boolean isOfRuntime(String file) {
        boolean ofOpenCl = file.startsWith("dev/sardonyx/runtime/opencl/");
        boolean wanted = file.endsWith(".class")
                ? !file.endsWith("package-info.class")
                : file.endsWith(".cl") || file.endsWith("/opencl-tuning.txt");
        return file.startsWith("dev/sardonyx/")
                && wanted
                && (!ofOpenCl || code.parts().contains(RuntimePart.OPENCL));
    }

    /** The classes, and the native parts for all systems. */
    private static boolean isOfJocl(String file) {
        return file.startsWith("org/jocl/") || file.startsWith("lib/");
    }

    /** Where this JVM has a library: a folder or a jar. */
    static Path location(Class<?> ofLibrary) {
        try {
            URI location = ofLibrary
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            return Path.of(location);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SortedMap<String, byte[]> files(Path library, Predicate<String> wanted) {
        try {
            if (Files.isDirectory(library)) {
                return filesBelow(library, wanted);
            }
            try (FileSystem zip = FileSystems.newFileSystem(library)) {
                return filesBelow(zip.getPath("/"), wanted);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SortedMap<String, byte[]> filesBelow(Path root, Predicate<String> wanted) throws IOException {
        SortedMap<String, byte[]> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String path = root.relativize(file).toString().replace('\\', '/');
                if (wanted.test(path)) {
                    found.put(path, Files.readAllBytes(file));
                }
            }
        }
        return found;
    }
}
