package dev.sardonyx.codegen;

import com.palantir.javapoet.JavaFile;
import dev.sardonyx.runtime.UnsupportedMachineException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** Runs javac in this JVM, from memory to memory. */
final class JavaCompilation {

    private JavaCompilation() {}

    /**
     * Compiles sources against the runtime.
     *
     * @return class files by path in a jar
     * @throws UnsupportedMachineException if this Java has no compiler
     */
    static SortedMap<String, byte[]> compile(List<JavaFile> sources, Path runtime) {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        if (javac == null) {
            throw new UnsupportedMachineException("this Java has no compiler; run Sardonyx with a full JDK 25");
        }
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = javac.getStandardFileManager(diagnostics, Locale.ROOT, null)) {
            files.setLocationFromPaths(StandardLocation.CLASS_PATH, List.of(runtime));
            MemoryFileManager memory = new MemoryFileManager(files);
            List<String> options =
                    List.of("--add-modules", "jdk.incubator.vector", "-proc:none", "-Xlint:none", "-g:source,lines");
            boolean compiled = javac.getTask(
                            null,
                            memory,
                            diagnostics,
                            options,
                            null,
                            sources.stream().map(JavaFile::toJavaFileObject).toList())
                    .call();
            if (!compiled) {
                throw new IllegalStateException("generated code does not compile: "
                        + diagnostics.getDiagnostics().stream()
                                .filter(d -> d.getKind() == Diagnostic.Kind.ERROR)
                                .map(d -> d.getMessage(Locale.ROOT) + " at line " + d.getLineNumber())
                                .limit(3)
                                .collect(Collectors.joining("; ")));
            }
            return memory.classes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps class files in memory. */
    private static final class MemoryFileManager extends ForwardingJavaFileManager<JavaFileManager> {
        private final SortedMap<String, ByteArrayOutputStream> outputs = new TreeMap<>();

        MemoryFileManager(JavaFileManager files) {
            super(files);
        }

        SortedMap<String, byte[]> classes() {
            SortedMap<String, byte[]> classes = new TreeMap<>();
            outputs.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
            return classes;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            String path = className.replace('.', '/') + kind.extension;
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            outputs.put(path, bytes);
            return new SimpleJavaFileObject(URI.create("memory:///" + path), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return bytes;
                }
            };
        }
    }
}
