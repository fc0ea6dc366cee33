package dev.sardonyx.compiler.lowering;

import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Expression;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.codegen.program.Program;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Makes Pointwise calls in a row one, where the shape stays the same.
 *
 * <pre>
 *   x ─→ Pointwise(i0·i1) ─→ Pointwise(i0 + i1) ─→ y     ⇒     x ─→ Pointwise(i0·i1 + i2) ─→ y
 * </pre>
 */
final class PointwiseFusion {

    /** As many streams as a core reads at a time without its prefetchers losing track. */
    private static final int MAX_OPERANDS = 8;

    /** Keeps expressions, and so the methods that targets generate from them, small whatever the length of a chain. */
    private static final int MAX_OPERATIONS = 16;

    private PointwiseFusion() {}

    static Program apply(Program program) {
        return ChainFusion.apply(program, PointwiseFusion::join);
    }

    private static Optional<Call> join(Call first, Call second) {
        if (!(first.kernel() instanceof Kernel.Pointwise inner)
                || !(second.kernel() instanceof Kernel.Pointwise outer)
                || !first.output().shape().equals(second.output().shape())
                || operations(inner.expression()) + operations(outer.expression()) > MAX_OPERATIONS) {
            return Optional.empty();
        }
        int joint = second.operands().indexOf(new Operand.Variable(first.output()));
        if (reads(outer.expression(), joint) != 1) {
            return Optional.empty();
        }
        Operands operands = new Operands();
        IntFunction<Expression> ofInner =
                index -> new Expression.Input(operands.position(first.operands().get(index)));
        Expression expression = substitute(
                outer.expression(),
                index -> index == joint
                        ? substitute(inner.expression(), ofInner)
                        : new Expression.Input(
                                operands.position(second.operands().get(index))));
        return operands.list().size() > MAX_OPERANDS
                ? Optional.empty()
                : Optional.of(new Call(
                        new Kernel.Pointwise(expression),
                        operands.list(),
                        second.output(),
                        Origins.union(first.origins(), second.origins())));
    }

    private static int operations(Expression expression) {
        return switch (expression) {
            case Expression.Input _, Expression.Literal _ -> 0;
            case Expression.Unary unary -> 1 + operations(unary.argument());
            case Expression.Binary binary -> 1 + operations(binary.left()) + operations(binary.right());
        };
    }

    private static int reads(Expression expression, int operand) {
        return switch (expression) {
            case Expression.Input input -> input.index() == operand ? 1 : 0;
            case Expression.Literal _ -> 0;
            case Expression.Unary unary -> reads(unary.argument(), operand);
            case Expression.Binary binary -> reads(binary.left(), operand) + reads(binary.right(), operand);
        };
    }

    private static Expression substitute(Expression expression, IntFunction<Expression> input) {
        return switch (expression) {
            case Expression.Input(int index) -> input.apply(index);
            case Expression.Literal literal -> literal;
            case Expression.Unary(var function, var argument) ->
                new Expression.Unary(function, substitute(argument, input));
            case Expression.Binary(var function, var left, var right) ->
                new Expression.Binary(function, substitute(left, input), substitute(right, input));
        };
    }
}
