package dev.sardonyx.codegen;

import com.palantir.javapoet.JavaFile;
import dev.sardonyx.runtime.kernels.MatrixTiles;
import java.util.List;
import java.util.Map;

/** Compiles and loads a generated class without a jar around it. */
public final class CompiledClass {

    private CompiledClass() {}

    /** The class that {@code source} declares, which may use the runtime. */
    public static Class<?> of(JavaFile source) throws ClassNotFoundException {
        Map<String, byte[]> classes = JavaCompilation.compile(List.of(source), JarWriter.location(MatrixTiles.class));
        ClassLoader loader = new ClassLoader(MatrixTiles.class.getClassLoader()) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                byte[] bytes = classes.get(name.replace('.', '/') + ".class");
                if (bytes == null) {
                    throw new ClassNotFoundException(name);
                }
                return defineClass(name, bytes, 0, bytes.length);
            }
        };
        return loader.loadClass(source.packageName() + "." + source.typeSpec().name());
    }
}
