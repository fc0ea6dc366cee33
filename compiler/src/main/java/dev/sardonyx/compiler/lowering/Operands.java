package dev.sardonyx.compiler.lowering;

import dev.sardonyx.codegen.program.Expression;
import dev.sardonyx.codegen.program.Operand;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects the operands of a call, each once. */
final class Operands {

    private final Map<Operand, Integer> positions = new LinkedHashMap<>();

    /** The operand's position in the list. */
    int position(Operand operand) {
        return positions.computeIfAbsent(operand, _ -> positions.size());
    }

    /** What reads the operand in an expression: a constant of one element is a literal. */
    Expression expression(Operand operand) {
        return operand instanceof Operand.Fixed fixed && fixed.constant().values().length == 1
                ? new Expression.Literal(fixed.constant().values()[0])
                : new Expression.Input(position(operand));
    }

    List<Operand> list() {
        return List.copyOf(positions.keySet());
    }
}
