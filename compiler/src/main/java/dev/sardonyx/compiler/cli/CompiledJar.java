package dev.sardonyx.compiler.cli;

import dev.sardonyx.codegen.JarWriter;
import dev.sardonyx.codegen.Names;
import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.LoadOptions;
import dev.sardonyx.runtime.UnsupportedMachineException;
import dev.sardonyx.runtime.cli.InputFiles;
import dev.sardonyx.runtime.cli.Printable;
import dev.sardonyx.runtime.cli.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipException;

/** The model in a jar that Sardonyx wrote, loaded into this JVM; the runtime's classes are this program's own. */
final class CompiledJar implements AutoCloseable {

    private final URLClassLoader loader;
    private final CompiledModel model;

    private CompiledJar(URLClassLoader loader, CompiledModel model) {
        this.loader = loader;
        this.model = model;
    }

    CompiledModel model() {
        return model;
    }

    /** @throws UsageException if the file is no such jar, or a damaged one */
    static CompiledJar open(Path jar) {
        return open(jar, LoadOptions.defaults());
    }

    /** @throws UsageException if the file is no such jar, or a damaged one */
    static CompiledJar open(Path jar, LoadOptions options) {
        String modelClass = modelClass(jar);
        URLClassLoader loader = loader(jar);
        try {
            return new CompiledJar(loader, load(jar, modelClass, loader, options));
        } catch (Throwable failure) {
            close(loader);
            throw failure;
        }
    }

    private static String modelClass(Path jar) {
        if (!Files.isRegularFile(jar)) {
            String reason = Files.isDirectory(jar)
                    ? "is a directory, not a jar"
                    : Files.exists(jar) ? "is not a regular file" : "no such file";
            throw new UsageException(jar + ": " + reason);
        }
        try (JarFile file = new JarFile(jar.toFile())) {
            Optional<Attributes> manifest =
                    Optional.ofNullable(file.getManifest()).map(Manifest::getMainAttributes);
            String modelClass = manifest.filter(
                            main -> String.valueOf(main.getValue("Created-By")).startsWith("Sardonyx "))
                    .map(main -> main.getValue(JarWriter.MODEL_CLASS))
                    .orElseThrow(() -> foreign(jar));
            checkSums(file);
            return modelClass;
        } catch (ZipException e) {
            throw new UsageException(jar + ": is no jar, or a damaged one (" + e.getMessage() + ")", e);
        } catch (IOException e) {
            throw new UsageException(jar + ": cannot be read (" + InputFiles.reason(e) + ")", e);
        }
    }

    /** The JDK's class loaders do not compare sums. Those of the weights are compared when they are read. */
    private static void checkSums(JarFile file) throws IOException {
        for (JarEntry entry : Collections.list(file.entries())) {
            if (!entry.getName().endsWith(Names.WEIGHTS_SUFFIX)) {
                CRC32 sum = new CRC32();
                try (InputStream in = file.getInputStream(entry)) {
                    sum.update(in.readAllBytes());
                }
                if (sum.getValue() != entry.getCrc()) {
                    throw new ZipException("wrong checksum of " + Printable.line(entry.getName()));
                }
            }
        }
    }

    private static UsageException foreign(Path jar) {
        return new UsageException(jar + ": is no jar that Sardonyx wrote");
    }

    private static URLClassLoader loader(Path jar) {
        try {
            return new URLClassLoader(new URL[] {jar.toUri().toURL()}, CompiledModel.class.getClassLoader());
        } catch (IOException e) {
            throw new UsageException(jar + ": cannot be read (" + InputFiles.reason(e) + ")", e);
        }
    }

    private static CompiledModel load(Path jar, String modelClass, ClassLoader loader, LoadOptions options) {
        try {
            Class<?> type = Class.forName(modelClass, false, loader);
            Method load = type.getMethod("load", LoadOptions.class);
            if (load.invoke(null, options) instanceof CompiledModel model) {
                return model;
            }
            throw foreign(jar);
        } catch (InvocationTargetException e) {
            throw switch (e.getCause()) {
                case UnsupportedMachineException machine -> machine;
                case OutOfMemoryError memory -> throw memory;
                case null, default ->
                    damaged(jar, Optional.ofNullable(e.getCause()).orElse(e));
            };
        } catch (ReflectiveOperationException | LinkageError | SecurityException | NullPointerException e) {
            throw damaged(jar, e);
        }
    }

    private static UsageException damaged(Path jar, Throwable cause) {
        return new UsageException(
                jar + ": does not load: it is damaged, or another version of Sardonyx wrote it (" + cause + ")", cause);
    }

    @Override
    public void close() {
        model.close();
        close(loader);
    }

    private static void close(URLClassLoader loader) {
        try {
            loader.close();
        } catch (IOException e) {
            throw new IllegalStateException("a jar that was only read does not close", e);
        }
    }
}
