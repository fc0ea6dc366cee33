package dev.sardonyx.codegen.interpreter;

import dev.sardonyx.codegen.program.Expression;
import dev.sardonyx.codegen.program.Kernel;
import java.util.Arrays;
import java.util.List;

/** Kernels that compute or copy single elements, and the product of matrices. */
final class Elements {

    private Elements() {}

    static void pointwise(Kernel.Pointwise pointwise, List<Tensor> operands, Tensor y) {
        for (int i = 0; i < y.values().length; i++) {
            y.values()[i] = evaluate(pointwise.expression(), operands, y.coordinates(i));
        }
    }

    private static float evaluate(Expression expression, List<Tensor> operands, int[] at) {
        return switch (expression) {
            case Expression.Input input -> operands.get(input.index()).broadcast(at);
            case Expression.Literal literal -> literal.value();
            case Expression.Unary unary -> {
                double x = evaluate(unary.argument(), operands, at);
                yield (float)
                        switch (unary.function()) {
                            case SIGMOID -> 1 / (1 + Math.exp(-x));
                            case TANH -> Math.tanh(x);
                            case EXP -> Math.exp(x);
                            case SQRT -> Math.sqrt(x);
                            case NEGATE -> -x;
                            case TRUNCATE -> (long) x;
                        };
            }
            case Expression.Binary binary -> {
                float left = evaluate(binary.left(), operands, at);
                float right = evaluate(binary.right(), operands, at);
                yield switch (binary.function()) {
                    case ADD -> left + right;
                    case SUBTRACT -> left - right;
                    case MULTIPLY -> left * right;
                    case DIVIDE -> left / right;
                    case MIN -> Math.min(left, right);
                    case MAX -> Math.max(left, right);
                    case LEAKY -> left >= 0 ? left : left * right;
                };
            }
        };
    }

    static void copy(Kernel.Copy copy, List<Tensor> operands, Tensor y) {
        Arrays.fill(y.values(), copy.fill());
        for (Kernel.Region region : copy.regions()) {
            Tensor source = operands.get(region.operand());
            Tensor box = Tensor.zeros(region.extent());
            for (int i = 0; i < box.values().length; i++) {
                int[] at = box.coordinates(i);
                int[] from = new int[source.rank()];
                for (int axis = 0; axis < from.length; axis++) {
                    from[axis] = region.inStart().get(axis)
                            + region.inStep().get(axis) * at[region.axisMap().get(axis)];
                }
                for (int axis = 0; axis < at.length; axis++) {
                    at[axis] += region.outStart().get(axis);
                }
                y.values()[y.index(at)] = source.values()[source.index(from)];
            }
        }
    }

    static void matrixProduct(Tensor a, Tensor b, Tensor y) {
        int rank = y.rank();
        int inner = a.dim(a.rank() - 1);
        for (int i = 0; i < y.values().length; i++) {
            int[] at = y.coordinates(i);
            int[] left = at.clone();
            int[] right = at.clone();
            double sum = 0;
            for (int k = 0; k < inner; k++) {
                left[rank - 1] = k;
                right[rank - 2] = k;
                sum += (double) a.broadcast(left) * b.broadcast(right);
            }
            y.values()[i] = (float) sum;
        }
    }
}
