package dev.sardonyx.codegen.simd;

import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import dev.sardonyx.runtime.kernels.MatrixTile;
import dev.sardonyx.runtime.kernels.MatrixTiles;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import javax.tools.ToolProvider;

/** A generated matrix tile of any size and form, without a network around it. */
public final class LoadedTile {

    private static final Pattern TEXT = Pattern.compile("(\\d+)-(\\d+)x(\\d+)-(\\d+)(-ordered)?(-adding)?");

    private final int bits;
    private final MatrixTile tile;
    private final TileForm form;

    /**
     * Describes a tile.
     *
     * @param text bits of a vector, rows × vectors of sums, columns a step, and maybe whether loads keep their order and whether sums are
     *     added to: {@code 256-6x2-4-ordered}
     */
    public LoadedTile(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(text + " is no tile like 256-6x2-4-ordered-adding");
        }
        bits = Integer.parseInt(parts.group(1));
        int rows = Integer.parseInt(parts.group(2));
        int channels = Integer.parseInt(parts.group(3)) * bits / Float.SIZE;
        tile = new MatrixTile(rows, channels, channels, parts.group(6) != null, false);
        form = new TileForm(Integer.parseInt(parts.group(4)), parts.group(5) != null);
    }

    public MatrixTile tile() {
        return tile;
    }

    public int bits() {
        return bits;
    }

    /** Generates the code, compiles and loads it: the tile is number 0. */
    public MatrixTiles load() throws IOException {
        Path folder = Files.createTempDirectory("sardonyx-tile-");
        try {
            Path source = source().writeToPath(folder);
            int failed = ToolProvider.getSystemJavaCompiler()
                    .run(
                            null,
                            null,
                            null,
                            "--add-modules",
                            "jdk.incubator.vector",
                            "-Xlint:none",
                            "-classpath",
                            runtime().toString(),
                            "-d",
                            folder.toString(),
                            source.toString());
            if (failed != 0) {
                throw new IllegalStateException("the generated tile does not compile");
            }
            try (URLClassLoader loader =
                    new URLClassLoader(new URL[] {folder.toUri().toURL()}, MatrixTiles.class.getClassLoader())) {
                return (MatrixTiles)
                        loader.loadClass("tile.Generated").getMethod("tiles").invoke(null);
            }
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the generated tile does not load", e);
        } finally {
            delete(folder);
        }
    }

    private JavaFile source() {
        TypeSpec tiles = new TileWriter(bits, any -> form).write(List.of(tile));
        TypeSpec type = TypeSpec.classBuilder("Generated")
                .addModifiers(Modifier.PUBLIC)
                .addMethod(MethodSpec.methodBuilder("tiles")
                        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                        .returns(MatrixTiles.class)
                        .addStatement("return new Tiles()")
                        .build())
                .addType(tiles)
                .build();
        return JavaFile.builder("tile", type).build();
    }

    private static Path runtime() {
        try {
            return Path.of(MatrixTiles.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (Path path : paths.toList().reversed()) {
                Files.delete(path);
            }
        }
    }
}
