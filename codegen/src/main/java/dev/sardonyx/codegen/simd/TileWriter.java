package dev.sardonyx.codegen.simd;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import dev.sardonyx.runtime.kernels.ConvolutionTiles;
import dev.sardonyx.runtime.kernels.TileShape;
import dev.sardonyx.runtime.kernels.TileShape.Clamp;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.lang.model.element.Modifier;

/**
 * Writes the convolution tiles with the Vector API. One method a tile; its sums stay in vector registers from the bias to the
 * store. The order of statements is the one that C2 keeps in registers: a step loads the weights, then broadcasts one input
 * value after the other.
 */
final class TileWriter {

    private static final List<String> PARAMETERS = List.of(
            "in",
            "inOffset",
            "rowStride",
            "columnStride",
            "depth",
            "weights",
            "weightOffset",
            "out",
            "outOffset",
            "outPitch",
            "residual",
            "residualOffset",
            "residualPitch",
            "epilogue",
            "count");
    private static final List<String> ARRAYS = List.of("in", "weights", "out", "residual");

    private final int bits;

    TileWriter(int bits) {
        this.bits = bits;
    }

    private int lanes() {
        return bits / Float.SIZE;
    }

    /** The class {@code Tiles}, to be nested in the network's. */
    TypeSpec write(List<TileShape> tiles) {
        TypeSpec.Builder type = TypeSpec.classBuilder("Tiles")
                .addJavadoc("The inner kernels of the convolutions, on $L-bit vectors.\n", bits)
                .addModifiers(Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                .addSuperinterface(ConvolutionTiles.class)
                .addField(VectorNames.species("FLOATS", VectorNames.FLOAT_VECTOR, Float.class, bits))
                .addMethod(dispatch(tiles));
        for (int i = 0; i < tiles.size(); i++) {
            type.addMethod(tile(i, tiles.get(i)));
        }
        return type.build();
    }

    private static MethodSpec.Builder parameters(MethodSpec.Builder method) {
        PARAMETERS.forEach(name -> method.addParameter(ARRAYS.contains(name) ? float[].class : int.class, name));
        return method;
    }

    private static MethodSpec dispatch(List<TileShape> tiles) {
        CodeBlock.Builder code = CodeBlock.builder().beginControlFlow("switch (tile)");
        for (int i = 0; i < tiles.size(); i++) {
            code.add("case $L -> $L($L);\n", i, name(i, tiles.get(i)), String.join(", ", PARAMETERS));
        }
        code.add("default -> throw new $T(\"no tile \" + tile);\n", IllegalArgumentException.class)
                .endControlFlow();
        return parameters(MethodSpec.methodBuilder("run")
                        .addAnnotation(Override.class)
                        .addModifiers(Modifier.PUBLIC)
                        .addParameter(int.class, "tile"))
                .addCode(code.build())
                .build();
    }

    private static String name(int number, TileShape t) {
        return "tile%d_%dx%d_taps%dx%d_pitch%d"
                .formatted(number, t.pixels(), t.channels(), t.rows(), t.columns(), t.pitch());
    }

    private MethodSpec tile(int number, TileShape tile) {
        Body body = new Body(tile, tile.channels() / lanes());
        return parameters(MethodSpec.methodBuilder(name(number, tile))
                        .addJavadoc(
                                "$L pixels, $L floats apart, times $L channels; $L x $L taps.\n",
                                tile.pixels(),
                                tile.pitch(),
                                tile.channels(),
                                tile.rows(),
                                tile.columns())
                        .addModifiers(Modifier.PRIVATE, Modifier.STATIC))
                .addCode(body.write())
                .build();
    }

    /** One tile's statements. Sums are named {@code s<pixel>_<vector>}. */
    private final class Body {
        private final TileShape tile;
        private final int vectors;
        private final CodeBlock.Builder code = CodeBlock.builder();

        Body(TileShape tile, int vectors) {
            this.tile = tile;
            this.vectors = vectors;
        }

        CodeBlock write() {
            startFromBias();
            sumTaps();
            addResidual();
            activate();
            store();
            return code.build();
        }

        private String sum(int pixel, int vector) {
            return "s" + pixel + "_" + vector;
        }

        /** A statement for each vector of a pixel, on one line. */
        private String perVector(java.util.function.IntFunction<String> statement) {
            return IntStream.range(0, vectors).mapToObj(statement).collect(Collectors.joining(" "));
        }

        private void startFromBias() {
            for (int v = 0; v < vectors; v++) {
                code.addStatement(
                        "$T b$L = $T.fromArray(FLOATS, weights, weightOffset + $L)",
                        VectorNames.FLOAT_VECTOR,
                        v,
                        VectorNames.FLOAT_VECTOR,
                        v * lanes());
            }
            for (int p = 0; p < tile.pixels(); p++) {
                int pixel = p;
                code.addStatement(
                        "$T $L",
                        VectorNames.FLOAT_VECTOR,
                        IntStream.range(0, vectors)
                                .mapToObj(v -> sum(pixel, v) + " = b" + v)
                                .collect(Collectors.joining(", ")));
            }
        }

        private void sumTaps() {
            code.addStatement("int w = weightOffset + $L", tile.channels());
            List<String> offset = new ArrayList<>(List.of("inOffset"));
            if (tile.rows() > 1) {
                code.beginControlFlow("for (int row = 0; row < $L; row++)", tile.rows());
                offset.add("row * rowStride");
            }
            if (tile.columns() > 1) {
                code.beginControlFlow("for (int column = 0; column < $L; column++)", tile.columns());
                offset.add("column * columnStride");
            }
            code.addStatement("int a = $L", String.join(" + ", offset));
            code.beginControlFlow("for (int k = 0; k < depth; k++)");
            multiply();
            code.endControlFlow();
            code.addStatement("w += depth * $L", tile.channels());
            if (tile.columns() > 1) {
                code.endControlFlow();
            }
            if (tile.rows() > 1) {
                code.endControlFlow();
            }
        }

        private void multiply() {
            code.addStatement("int x = a + k");
            code.addStatement("int y = w + k * $L", tile.channels());
            for (int v = 0; v < vectors; v++) {
                code.addStatement(
                        "$T w$L = $T.fromArray(FLOATS, weights, y + $L)",
                        VectorNames.FLOAT_VECTOR,
                        v,
                        VectorNames.FLOAT_VECTOR,
                        v * lanes());
            }
            for (int p = 0; p < tile.pixels(); p++) {
                int pixel = p;
                code.add(
                        "$T x$L = $T.broadcast(FLOATS, in[x + $L]); $L\n",
                        VectorNames.FLOAT_VECTOR,
                        p,
                        VectorNames.FLOAT_VECTOR,
                        p * tile.pitch(),
                        perVector(v -> "%1$s = x%2$d.fma(w%3$d, %1$s);".formatted(sum(pixel, v), pixel, v)));
            }
        }

        private void addResidual() {
            code.beginControlFlow("if ((epilogue & $L) != 0)", ConvolutionTiles.RESIDUAL);
            code.addStatement("int r = residualOffset");
            for (int p = 0; p < tile.pixels(); p++) {
                int pixel = p;
                beginIfCounted(p);
                for (int v = 0; v < vectors; v++) {
                    code.addStatement(
                            "$1L = $1L.add($2T.fromArray(FLOATS, residual, r + $3L))",
                            sum(pixel, v),
                            VectorNames.FLOAT_VECTOR,
                            v * lanes());
                }
                code.addStatement("r += residualPitch");
                endIfCounted(p);
            }
            code.endControlFlow();
        }

        private void activate() {
            code.beginControlFlow("if ((epilogue & $L) != 0)", ConvolutionTiles.ACTIVATE);
            for (int p = 0; p < tile.pixels(); p++) {
                for (int v = 0; v < vectors; v++) {
                    code.addStatement("$L = $L", sum(p, v), activated(sum(p, v)));
                }
            }
            code.endControlFlow();
        }

        /** Relu as a blend: NaN stays NaN, as in a maximum, but in two instructions and not five. */
        private CodeBlock activated(String s) {
            Clamp clamp = tile.activation();
            if (clamp.equals(Clamp.RELU)) {
                return CodeBlock.of("$1L.blend(0f, $1L.compare($2T.LT, 0f))", s, VectorNames.OPERATORS);
            }
            if (clamp.slope() != 0) {
                return CodeBlock.of(
                        "$1L.blend($1L.mul($2L), $1L.compare($3T.LT, 0f))",
                        s,
                        Literals.of(clamp.slope()),
                        VectorNames.OPERATORS);
            }
            return CodeBlock.of("$L.max($L).min($L)", s, Literals.of(clamp.min()), Literals.of(clamp.max()));
        }

        private void store() {
            code.addStatement("int o = outOffset");
            for (int p = 0; p < tile.pixels(); p++) {
                beginIfCounted(p);
                for (int v = 0; v < vectors; v++) {
                    code.addStatement("$L.intoArray(out, o + $L)", sum(p, v), v * lanes());
                }
                code.addStatement("o += outPitch");
                endIfCounted(p);
            }
        }

        private void beginIfCounted(int pixel) {
            if (pixel > 0) {
                code.beginControlFlow("if (count > $L)", pixel);
            }
        }

        private void endIfCounted(int pixel) {
            if (pixel > 0) {
                code.endControlFlow();
            }
        }
    }
}
