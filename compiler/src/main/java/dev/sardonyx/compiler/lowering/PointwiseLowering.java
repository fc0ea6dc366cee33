package dev.sardonyx.compiler.lowering;

import static dev.sardonyx.codegen.program.Expression.BinaryFunction.ADD;
import static dev.sardonyx.codegen.program.Expression.BinaryFunction.DIVIDE;
import static dev.sardonyx.codegen.program.Expression.BinaryFunction.LEAKY;
import static dev.sardonyx.codegen.program.Expression.BinaryFunction.MAX;
import static dev.sardonyx.codegen.program.Expression.BinaryFunction.MIN;
import static dev.sardonyx.codegen.program.Expression.BinaryFunction.MULTIPLY;
import static dev.sardonyx.codegen.program.Expression.BinaryFunction.SUBTRACT;
import static dev.sardonyx.codegen.program.Expression.UnaryFunction.SIGMOID;
import static dev.sardonyx.codegen.program.Expression.UnaryFunction.SQRT;
import static dev.sardonyx.codegen.program.Expression.UnaryFunction.TANH;
import static dev.sardonyx.codegen.program.Expression.UnaryFunction.TRUNCATE;

import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.program.Expression;
import dev.sardonyx.codegen.program.Expression.Binary;
import dev.sardonyx.codegen.program.Expression.Literal;
import dev.sardonyx.codegen.program.Expression.Unary;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.runtime.ElementType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Operators on single elements, as Pointwise. */
final class PointwiseLowering {

    private final ProgramBuilder builder;

    PointwiseLowering(ProgramBuilder builder) {
        this.builder = builder;
    }

    Operand lower(Node node) {
        List<Operand> values = new ArrayList<>();
        node.inputs().forEach(input -> values.add(builder.operand(input)));
        if (values.stream().noneMatch(Operand.Variable.class::isInstance)) {
            values.set(0, builder.variable(values.getFirst()));
        }
        List<Integer> shape = node.output().shape().dims();
        return node.op() instanceof Op.BatchNormalization norm
                ? batchNormalization(norm, values, shape)
                : elementwise(node.op(), values, shape);
    }

    private Operand elementwise(Op op, List<Operand> values, List<Integer> shape) {
        Operands operands = new Operands();
        List<Expression> inputs = values.stream().map(operands::expression).toList();
        Expression x = inputs.getFirst();
        Expression result = switch (op) {
            case Op.Relu _ -> new Binary(MAX, x, new Literal(0));
            case Op.LeakyRelu relu -> new Binary(LEAKY, x, new Literal(relu.alpha()));
            case Op.PRelu _ -> new Binary(LEAKY, x, inputs.get(1));
            case Op.Clip clip -> clip(clip, x);
            case Op.Sigmoid _ -> new Unary(SIGMOID, x);
            case Op.Tanh _ -> new Unary(TANH, x);
            case Op.Sqrt _ -> new Unary(SQRT, x);
            case Op.Add _ -> new Binary(ADD, x, inputs.get(1));
            case Op.Sub _ -> new Binary(SUBTRACT, x, inputs.get(1));
            case Op.Mul _ -> new Binary(MULTIPLY, x, inputs.get(1));
            case Op.Div _ -> new Binary(DIVIDE, x, inputs.get(1));
            case Op.Max _ -> new Binary(MAX, x, inputs.get(1));
            case Op.Min _ -> new Binary(MIN, x, inputs.get(1));
            default -> throw new IllegalArgumentException(op + " is not elementwise");
        };
        return result.equals(x) ? values.getFirst() : emit(result, operands, shape);
    }

    /** Only fractions and what the target type cannot hold is lost: the carrier stays float32. */
    Operand cast(Op.Cast cast, Node node) {
        Operand x = builder.operand(node.input(0));
        ElementType to = cast.to();
        if (!node.input(0).type().element().isFloatingPoint() || to.isFloatingPoint()) {
            return x;
        }
        Operands operands = new Operands();
        Operand variable = builder.variable(x);
        int bits = to.bytes() * Byte.SIZE;
        boolean signed = to != ElementType.UINT8;
        Expression bounded = new Binary(
                MAX,
                new Unary(TRUNCATE, operands.expression(variable)),
                new Literal(signed ? -(float) Math.scalb(1.0, bits - 1) : 0));
        Expression whole =
                new Binary(MIN, bounded, new Literal((float) (Math.scalb(1.0, signed ? bits - 1 : bits) - 1)));
        return emit(whole, operands, node.output().shape().dims());
    }

    private static Expression clip(Op.Clip clip, Expression x) {
        Expression bounded = clip.min() == Float.NEGATIVE_INFINITY ? x : new Binary(MAX, x, new Literal(clip.min()));
        return clip.max() == Float.POSITIVE_INFINITY ? bounded : new Binary(MIN, bounded, new Literal(clip.max()));
    }

    /** x·s + t with s and t computed here where they are constant, else step by step. */
    private Operand batchNormalization(Op.BatchNormalization norm, List<Operand> values, List<Integer> shape) {
        List<Integer> channels = new ArrayList<>(Collections.nCopies(shape.size() - 1, 1));
        channels.set(0, shape.get(1));
        Operands operands = new Operands();
        Expression x = operands.expression(values.getFirst());
        if (values.get(1) instanceof Operand.Fixed scale
                && values.get(2) instanceof Operand.Fixed shift
                && values.get(3) instanceof Operand.Fixed mean
                && values.get(4) instanceof Operand.Fixed variance) {
            float[] factor = new float[shape.get(1)];
            float[] offset = new float[shape.get(1)];
            for (int c = 0; c < factor.length; c++) {
                double deviation = Math.sqrt((double) value(variance, c) + norm.epsilon());
                factor[c] = (float) (value(scale, c) / deviation);
                offset[c] = (float) (value(shift, c) - value(mean, c) * (value(scale, c) / deviation));
            }
            Expression scaled =
                    new Binary(MULTIPLY, x, operands.expression(new Operand.Fixed(new Constant(channels, factor))));
            Expression shifted =
                    new Binary(ADD, scaled, operands.expression(new Operand.Fixed(new Constant(channels, offset))));
            return emit(shifted, operands, shape);
        }
        List<Expression> parameters = values.subList(1, 5).stream()
                .map(value -> operands.expression(builder.reshape(value, channels)))
                .toList();
        Expression deviation = new Unary(SQRT, new Binary(ADD, parameters.get(3), new Literal(norm.epsilon())));
        Expression normal = new Binary(DIVIDE, new Binary(SUBTRACT, x, parameters.get(2)), deviation);
        Expression scaled = new Binary(MULTIPLY, normal, parameters.get(0));
        return emit(new Binary(ADD, scaled, parameters.get(1)), operands, shape);
    }

    private static float value(Operand.Fixed fixed, int index) {
        return fixed.constant().values()[index];
    }

    private Operand emit(Expression expression, Operands operands, List<Integer> shape) {
        return builder.emit(new Kernel.Pointwise(expression), operands.list(), shape);
    }
}
