package dev.sardonyx.codegen.simd;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import dev.sardonyx.codegen.program.Expression;
import java.util.List;
import javax.lang.model.element.Modifier;

/** Writes element-wise expressions with the Vector API. */
final class VectorExpressionWriter {

    private VectorExpressionWriter() {}

    /** Whether vectors serve: operands contiguous or single, and no function that the processor lacks. */
    static boolean canWrite(PointwiseLoop loop) {
        return loop.strides().stream().allMatch(stride -> stride == 0 || stride == 1) && canWrite(loop.expression());
    }

    private static boolean canWrite(Expression expression) {
        return switch (expression) {
            case Expression.Input _, Expression.Literal _ -> true;
            case Expression.Unary unary ->
                switch (unary.function()) {
                    case SQRT, NEGATE -> canWrite(unary.argument());
                    case SIGMOID, TANH, EXP, TRUNCATE -> false;
                };
            case Expression.Binary binary -> canWrite(binary.left()) && canWrite(binary.right());
        };
    }

    /** The expression for the elements from {@code i} on. */
    static CodeBlock write(PointwiseLoop loop) {
        return write(loop.expression(), loop.strides());
    }

    /** A method, for the function reads its argument three times: an expression in place would triple with each one in a chain. */
    static MethodSpec leaky() {
        return MethodSpec.methodBuilder("leaky")
                .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
                .returns(VectorNames.FLOAT_VECTOR)
                .addParameter(VectorNames.FLOAT_VECTOR, "x")
                .addParameter(VectorNames.FLOAT_VECTOR, "slope")
                .addStatement("return x.blend(x.mul(slope), x.compare($T.LT, 0f))", VectorNames.OPERATORS)
                .build();
    }

    private static CodeBlock write(Expression expression, List<Integer> strides) {
        return switch (expression) {
            case Expression.Input input ->
                strides.get(input.index()) == 0
                        ? CodeBlock.of("$1T.broadcast(FLOATS, a$2L[o$2L])", VectorNames.FLOAT_VECTOR, input.index())
                        : CodeBlock.of(
                                "$1T.fromArray(FLOATS, a$2L, o$2L + i)", VectorNames.FLOAT_VECTOR, input.index());
            case Expression.Literal literal ->
                CodeBlock.of("$T.broadcast(FLOATS, $L)", VectorNames.FLOAT_VECTOR, Literals.of(literal.value()));
            case Expression.Unary unary -> unary(unary.function(), write(unary.argument(), strides));
            case Expression.Binary binary ->
                binary(binary.function(), write(binary.left(), strides), write(binary.right(), strides));
        };
    }

    private static CodeBlock unary(Expression.UnaryFunction function, CodeBlock x) {
        return switch (function) {
            case SQRT -> CodeBlock.of("$L.sqrt()", x);
            case NEGATE -> CodeBlock.of("$L.neg()", x);
            case SIGMOID, TANH, EXP, TRUNCATE -> throw new IllegalArgumentException(function + " has no vector form");
        };
    }

    private static CodeBlock binary(Expression.BinaryFunction function, CodeBlock x, CodeBlock y) {
        return switch (function) {
            case ADD -> CodeBlock.of("$L.add($L)", x, y);
            case SUBTRACT -> CodeBlock.of("$L.sub($L)", x, y);
            case MULTIPLY -> CodeBlock.of("$L.mul($L)", x, y);
            case DIVIDE -> CodeBlock.of("$L.div($L)", x, y);
            case MIN -> CodeBlock.of("$L.min($L)", x, y);
            case MAX -> CodeBlock.of("$L.max($L)", x, y);
            case LEAKY -> CodeBlock.of("leaky($L, $L)", x, y);
        };
    }
}
