package dev.sardonyx.codegen.simd;

import dev.sardonyx.codegen.program.Expression;
import java.util.List;

/** Writes element-wise expressions as Java. */
final class ExpressionWriter {

    private ExpressionWriter() {}

    /** The expression for element {@code i} of a row, with operand k in {@code ak} from {@code ok} on. */
    static String write(Expression expression, List<Integer> strides) {
        return switch (expression) {
            case Expression.Input(int index) ->
                switch (strides.get(index)) {
                    case 0 -> "a%d[o%d]".formatted(index, index);
                    case 1 -> "a%d[o%d + i]".formatted(index, index);
                    default -> "a%d[o%d + i * %d]".formatted(index, index, strides.get(index));
                };
            case Expression.Literal(float value) -> Literals.of(value);
            case Expression.Unary(Expression.UnaryFunction function, Expression argument) ->
                unary(function, write(argument, strides));
            case Expression.Binary(Expression.BinaryFunction function, Expression left, Expression right) ->
                binary(function, write(left, strides), write(right, strides));
        };
    }

    private static String unary(Expression.UnaryFunction function, String x) {
        return switch (function) {
            case SIGMOID -> "(float) (1 / (1 + Math.exp(-(" + x + "))))";
            case TANH -> "(float) Math.tanh(" + x + ")";
            case EXP -> "(float) Math.exp(" + x + ")";
            case SQRT -> "(float) Math.sqrt(" + x + ")";
            case NEGATE -> "-(" + x + ")";
            case TRUNCATE -> "(float) (long) (" + x + ")";
        };
    }

    private static String binary(Expression.BinaryFunction function, String x, String y) {
        return switch (function) {
            case ADD -> "(" + x + " + " + y + ")";
            case SUBTRACT -> "(" + x + " - " + y + ")";
            case MULTIPLY -> "(" + x + " * " + y + ")";
            case DIVIDE -> "(" + x + " / " + y + ")";
            case MIN -> "Math.min(" + x + ", " + y + ")";
            case MAX -> "Math.max(" + x + ", " + y + ")";
            case LEAKY -> "leaky(" + x + ", " + y + ")";
        };
    }

    /** For people. */
    static String describe(Expression expression) {
        return switch (expression) {
            case Expression.Input(int index) -> "x" + index;
            case Expression.Literal(float value) -> String.valueOf(value);
            case Expression.Unary unary -> lower(unary.function()) + "(" + describe(unary.argument()) + ")";
            case Expression.Binary binary -> describe(binary, describe(binary.left()), describe(binary.right()));
        };
    }

    private static String describe(Expression.Binary binary, String x, String y) {
        return switch (binary.function()) {
            case ADD -> "(" + x + " + " + y + ")";
            case SUBTRACT -> "(" + x + " - " + y + ")";
            case MULTIPLY -> "(" + x + " * " + y + ")";
            case DIVIDE -> "(" + x + " / " + y + ")";
            case MIN, MAX, LEAKY -> lower(binary.function()) + "(" + x + ", " + y + ")";
        };
    }

    private static String lower(Enum<?> function) {
        return function.name().toLowerCase(java.util.Locale.ROOT);
    }
}
