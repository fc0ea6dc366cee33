package dev.sardonyx.codegen.simd;

import com.palantir.javapoet.CodeBlock;
import dev.sardonyx.runtime.kernels.Clamp;
import dev.sardonyx.runtime.kernels.MatrixTile;
import java.util.List;

/** Values as Java source. */
final class Literals {

    private Literals() {}

    /** A float, to the bit. */
    static String of(float value) {
        if (Float.isNaN(value)) {
            return "Float.NaN";
        }
        if (Float.isInfinite(value)) {
            return value > 0 ? "Float.POSITIVE_INFINITY" : "Float.NEGATIVE_INFINITY";
        }
        return value + "f";
    }

    static CodeBlock of(Clamp clamp) {
        if (clamp.equals(Clamp.NONE)) {
            return CodeBlock.of("$T.NONE", Clamp.class);
        }
        return clamp.equals(Clamp.RELU)
                ? CodeBlock.of("$T.RELU", Clamp.class)
                : CodeBlock.of("new $T($L, $L, $L)", Clamp.class, of(clamp.min()), of(clamp.max()), of(clamp.slope()));
    }

    static CodeBlock of(MatrixTile t) {
        return CodeBlock.of(
                "new $T($L, $L, $L, $L, $L)",
                MatrixTile.class,
                t.rows(),
                t.channels(),
                t.pitch(),
                t.adds(),
                t.readsAhead());
    }

    /** {@code new int[] {…}}. */
    static CodeBlock of(List<Integer> values) {
        return CodeBlock.of("new int[] {$L}", list(values));
    }

    /** The values with commas between. */
    static String list(List<Integer> values) {
        return String.join(", ", values.stream().map(String::valueOf).toList());
    }
}
