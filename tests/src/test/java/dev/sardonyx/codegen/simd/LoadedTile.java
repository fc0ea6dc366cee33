package dev.sardonyx.codegen.simd;

import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import dev.sardonyx.codegen.CompiledClass;
import dev.sardonyx.runtime.kernels.MatrixTile;
import dev.sardonyx.runtime.kernels.MatrixTiles;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;

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
    public MatrixTiles load() {
        try {
            return (MatrixTiles) CompiledClass.of(source()).getMethod("tiles").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the generated tile does not load", e);
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
}
