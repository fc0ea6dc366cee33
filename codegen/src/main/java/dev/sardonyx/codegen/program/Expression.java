package dev.sardonyx.codegen.program;

/** A scalar expression over the operands of a {@link Kernel.Pointwise}, evaluated for each element of the output. */
public sealed interface Expression {

    /** Operand {@code index}, broadcast to the output's shape by ONNX's (NumPy's) rules. */
    record Input(int index) implements Expression {}

    record Literal(float value) implements Expression {}

    record Unary(UnaryFunction function, Expression argument) implements Expression {}

    record Binary(BinaryFunction function, Expression left, Expression right) implements Expression {}

    enum UnaryFunction {
        SIGMOID,
        TANH,
        EXP,
        SQRT,
        NEGATE,
        /** Drops the fraction of a value between -2^63 and 2^63; NaN becomes 0. */
        TRUNCATE
    }

    enum BinaryFunction {
        ADD,
        SUBTRACT,
        MULTIPLY,
        DIVIDE,
        MIN,
        MAX,
        /** left where left ≥ 0, else left·right: ONNX's PRelu and LeakyRelu. */
        LEAKY
    }
}
