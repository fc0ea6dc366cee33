package dev.sardonyx.codegen.simd;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import dev.sardonyx.runtime.kernels.FusedMultiplyAdd;
import dev.sardonyx.runtime.kernels.LoadOrder;
import dev.sardonyx.runtime.kernels.MatrixTile;
import dev.sardonyx.runtime.kernels.MatrixTiles;
import dev.sardonyx.runtime.kernels.Strips;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;

/**
 * Writes the matrix tiles with the Vector API, a method each. The sums stay in vector registers: C2 keeps them there in this
 * order of statements, where a step loads the weights and then broadcasts one input value after the other. Nothing else stands in the
 * methods, for C1, which compiles them first, gives up on methods with twice as many vector operations, and then C2 never gets
 * to see them.
 */
final class TileWriter {

    private static final List<String> PARAMETERS = List.of("strips", "s", "panels", "p", "depth", "out", "o");
    private static final List<String> READING_AHEAD = List.of("ahead", "pace");
    private static final List<String> ARRAYS = List.of("strips", "panels", "out");

    /** The bits of a NaN that no arithmetic makes. */
    private static final int NO_WEIGHT = 0xffedcba9;

    private final int bits;
    private final Function<MatrixTile, TileForm> forms;

    /** Writes the tiles of networks for one vector width. */
    TileWriter(int bits) {
        this(bits, tile -> TileForm.of(bits, tile));
    }

    TileWriter(int bits, Function<MatrixTile, TileForm> forms) {
        this.bits = bits;
        this.forms = forms;
    }

    private int lanes() {
        return bits / Float.SIZE;
    }

    /** The class {@code Tiles}, to be nested in the network's. */
    TypeSpec write(List<MatrixTile> tiles) {
        TypeSpec.Builder type = TypeSpec.classBuilder("Tiles")
                .addJavadoc("The inner kernels of the convolutions, on $L-bit vectors.\n", bits)
                .addModifiers(Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                .addSuperinterface(MatrixTiles.class)
                .addField(VectorNames.species("FLOATS", VectorNames.FLOAT_VECTOR, Float.class, bits))
                .addMethod(dispatch(tiles));
        if (bits == 128) {
            type.addField(fused());
        }
        if (tiles.stream()
                .anyMatch(tile -> tile.readsAhead() || forms.apply(tile).ordered())) {
            type.addField(unit());
        }
        tiles.forEach(tile -> type.addMethod(tile(tile)));
        return type.build();
    }

    /** What makes C2 check a step's first and last index only: it would check those of a linear index before the loop, each by itself. */
    private static FieldSpec unit() {
        return FieldSpec.builder(int.class, "unit", Modifier.PRIVATE, Modifier.STATIC)
                .addJavadoc("One; not final, for it must not be a constant to C2.\n")
                .initializer("1")
                .build();
    }

    private static FieldSpec fused() {
        return FieldSpec.builder(boolean.class, "FUSED", Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                .initializer("$T.FAST", FusedMultiplyAdd.class)
                .build();
    }

    private static List<String> parameters(boolean readsAhead) {
        return Stream.concat(PARAMETERS.stream(), READING_AHEAD.stream().filter(name -> readsAhead))
                .toList();
    }

    private static MethodSpec.Builder addParameters(MethodSpec.Builder method, boolean readsAhead) {
        parameters(readsAhead)
                .forEach(name -> method.addParameter(ARRAYS.contains(name) ? float[].class : int.class, name));
        return method;
    }

    private static MethodSpec dispatch(List<MatrixTile> tiles) {
        CodeBlock.Builder code = CodeBlock.builder().beginControlFlow("switch (tile)");
        for (int i = 0; i < tiles.size(); i++) {
            MatrixTile tile = tiles.get(i);
            code.add("case $L -> $L($L);\n", i, name(tile), String.join(", ", parameters(tile.readsAhead())));
        }
        code.add("default -> throw new $T(\"no tile \" + tile);\n", IllegalArgumentException.class)
                .endControlFlow();
        return addParameters(
                        MethodSpec.methodBuilder("multiply")
                                .addAnnotation(Override.class)
                                .addModifiers(Modifier.PUBLIC)
                                .addParameter(int.class, "tile"),
                        true)
                .addCode(code.build())
                .build();
    }

    private static String name(MatrixTile t) {
        String pitch = t.pitch() == t.channels() ? "" : "_pitch" + t.pitch();
        return "%s%dx%d%s"
                .formatted(t.readsAhead() ? "ahead" : t.adds() ? "adding" : "tile", t.rows(), t.channels(), pitch);
    }

    private MethodSpec tile(MatrixTile tile) {
        return addParameters(
                        MethodSpec.methodBuilder(name(tile))
                                .addJavadoc(
                                        "$L rows times $L columns$L.\n",
                                        tile.rows(),
                                        tile.channels(),
                                        tile.readsAhead()
                                                ? ", reading ahead"
                                                : tile.adds() ? ", added to the sums so far" : "")
                                .addModifiers(Modifier.PRIVATE, Modifier.STATIC),
                        tile.readsAhead())
                .addCode(new Body(tile, forms.apply(tile)).write())
                .build();
    }

    /**
     * One tile's statements. Sums are named {@code s<row>_<vector>}. A single row has sums of its own for each column of a step,
     * {@code s<column>_<vector>}, for an addition to a sum waits four cycles for the one before.
     */
    private final class Body {
        private final MatrixTile tile;
        private final TileForm form;
        private final int vectors;
        private final CodeBlock.Builder code = CodeBlock.builder();

        Body(MatrixTile tile, TileForm form) {
            this.tile = tile;
            this.form = form;
            vectors = tile.channels() / lanes();
        }

        CodeBlock write() {
            code.addStatement("if (depth == 0) return"); // what WarmUp calls so often
            for (int chain = 0; chain < chains(); chain++) {
                code.addStatement("$T $L", VectorNames.FLOAT_VECTOR, starts(chain));
            }
            beginLoop();
            if (tile.readsAhead()) {
                readAhead();
            }
            code.addStatement("int y = p + k * $L", tile.channels());
            for (int column = 0; column < form.columns(); column++) {
                multiply(column);
            }
            code.endControlFlow();
            if (isSingle()) {
                for (int v = 0; v < vectors; v++) {
                    code.addStatement(sum(0, v) + " = " + total(v));
                }
            }
            for (int row = 0; row < tile.rows(); row++) {
                int r = row;
                code.add("$L\n", perVector(v -> store(sum(r, v), r * tile.pitch() + v * lanes())));
            }
            return code.build();
        }

        private void beginLoop() {
            if (form.ordered()) {
                code.addStatement(
                        "int end = depth & $L", 2 * Strips.BLOCK - 1); // so that no index overflows, as C2 sees
                code.addStatement("int next = $L * unit", form.columns());
                code.beginControlFlow("for (int k = 0, x = s; k < end; k += $L, x += next)", form.columns());
            } else {
                code.beginControlFlow("for (int k = 0; k < depth; k += $L)", form.columns());
                code.addStatement("int x = s + k");
            }
        }

        /**
         * A load that nothing waits for. Its value is compared with one that no weight has, which C2 cannot know; should one have it, that
         * field is one already.
         */
        private void readAhead() {
            code.addStatement("if ($T.floatToRawIntBits(panels[ahead]) == $L) unit = 1", Float.class, NO_WEIGHT);
            code.addStatement("ahead += pace");
        }

        private static String sum(int row, int vector) {
            return "s" + row + "_" + vector;
        }

        private boolean isSingle() {
            return tile.rows() == 1;
        }

        private int chains() {
            return isSingle() ? form.columns() : tile.rows();
        }

        /** A single row's sums, those of neighbouring columns first. */
        private String total(int vector) {
            List<String> sums = IntStream.range(0, form.columns())
                    .mapToObj(column -> sum(column, vector))
                    .toList();
            while (sums.size() > 1) {
                List<String> terms = sums;
                sums = IntStream.range(0, terms.size() / 2)
                        .mapToObj(i -> terms.get(2 * i) + ".add(" + terms.get(2 * i + 1) + ")")
                        .toList();
            }
            return sums.getFirst();
        }

        private CodeBlock starts(int chain) {
            return IntStream.range(0, vectors)
                    .mapToObj(v -> CodeBlock.of("$L = $T.zero(FLOATS)", sum(chain, v), VectorNames.FLOAT_VECTOR))
                    .collect(CodeBlock.joining(", "));
        }

        /** Adds only now to what stands there: sums that begin with it make C2 spill. */
        private String store(String sum, int at) {
            return tile.adds()
                    ? "%1$s.add(FloatVector.fromArray(FLOATS, out, o + %2$d)).intoArray(out, o + %2$d);"
                            .formatted(sum, at)
                    : "%s.intoArray(out, o + %d);".formatted(sum, at);
        }

        /** A statement for each vector of a row, on one line. */
        private String perVector(IntFunction<String> statement) {
            return IntStream.range(0, vectors).mapToObj(statement).collect(Collectors.joining(" "));
        }

        private void multiply(int column) {
            if (column > 0) {
                keepOrder();
            }
            for (int v = 0; v < vectors; v++) {
                code.addStatement(
                        "$T $L = $T.fromArray(FLOATS, panels, y + $L)",
                        VectorNames.FLOAT_VECTOR,
                        weight(column, v),
                        VectorNames.FLOAT_VECTOR,
                        column * tile.channels() + v * lanes());
            }
            for (int row = 0; row < tile.rows(); row++) {
                String value = value(column, row);
                int chain = isSingle() ? column : row;
                keepOrder();
                code.add(
                        "$T $L = $T.broadcast(FLOATS, strips[x + $L]); $L\n",
                        VectorNames.FLOAT_VECTOR,
                        value,
                        VectorNames.FLOAT_VECTOR,
                        row * Strips.PITCH + column,
                        perVector(v -> multiplyAdd(sum(chain, v), value, weight(column, v))));
            }
        }

        /** Machines without fused multiply-adds have vectors of 128 bits, or take them. */
        private String multiplyAdd(String sum, String value, String weight) {
            String fused = value + ".fma(" + weight + ", " + sum + ")";
            String separate = value + ".mul(" + weight + ").add(" + sum + ")";
            return sum + " = " + (bits == 128 ? "FUSED ? " + fused + " : " + separate : fused) + ";";
        }

        private void keepOrder() {
            if (form.ordered()) {
                code.addStatement("if ($T.KEPT) $T.loadLoadFence()", LoadOrder.class, VarHandle.class);
            }
        }

        private static String weight(int column, int vector) {
            return "w" + column + "_" + vector;
        }

        private static String value(int column, int row) {
            return "x" + column + "_" + row;
        }
    }
}
