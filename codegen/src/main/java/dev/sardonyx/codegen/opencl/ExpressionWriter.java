package dev.sardonyx.codegen.opencl;

import dev.sardonyx.codegen.program.Expression;
import java.util.List;

/** Writes scalar expressions as OpenCL C. Maxima and minima keep NaN, as ONNX's do. */
final class ExpressionWriter {

    /** What the expressions call. */
    static final String HELPERS = """
        static inline float larger(float a, float b) {
            return a > b || a != a ? a : b;
        }

        static inline float smaller(float a, float b) {
            return a < b || a != a ? a : b;
        }

        static inline float leaky(float a, float slope) {
            return a < 0.0f ? a * slope : a;
        }

        static inline float whole(float a) {
            return isnan(a) ? 0.0f : trunc(a);
        }

        static inline float sigmoid(float a) {
            return 1.0f / (1.0f + exp(-a));
        }
        """;

    private ExpressionWriter() {}

    /** The expression over the texts of its operands. */
    static String write(Expression expression, List<String> operands) {
        return switch (expression) {
            case Expression.Input(int index) -> operands.get(index);
            case Expression.Literal(float value) -> literal(value);
            case Expression.Unary(Expression.UnaryFunction function, Expression argument) -> {
                String x = write(argument, operands);
                yield switch (function) {
                    case SIGMOID -> "sigmoid(" + x + ")";
                    case TANH -> "tanh(" + x + ")";
                    case EXP -> "exp(" + x + ")";
                    case SQRT -> "sqrt(" + x + ")";
                    case NEGATE -> "(-" + x + ")";
                    case TRUNCATE -> "whole(" + x + ")";
                };
            }
            case Expression.Binary(Expression.BinaryFunction function, Expression left, Expression right) -> {
                String a = write(left, operands);
                String b = write(right, operands);
                yield switch (function) {
                    case ADD -> "(" + a + " + " + b + ")";
                    case SUBTRACT -> "(" + a + " - " + b + ")";
                    case MULTIPLY -> "(" + a + " * " + b + ")";
                    case DIVIDE -> "(" + a + " / " + b + ")";
                    case MIN -> "smaller(" + a + ", " + b + ")";
                    case MAX -> "larger(" + a + ", " + b + ")";
                    case LEAKY -> "leaky(" + a + ", " + b + ")";
                };
            }
        };
    }

    /** A float, to the bit; NaN's payload apart. */
    static String literal(float value) {
        if (Float.isNaN(value)) {
            return "NAN";
        }
        if (Float.isInfinite(value)) {
            return value > 0 ? "INFINITY" : "(-INFINITY)";
        }
        return value < 0 || Float.floatToRawIntBits(value) == Integer.MIN_VALUE ? "(" + value + "f)" : value + "f";
    }
}
