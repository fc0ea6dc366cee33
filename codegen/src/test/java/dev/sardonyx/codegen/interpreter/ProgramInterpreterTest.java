package dev.sardonyx.codegen.interpreter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.program.Expression;
import dev.sardonyx.codegen.program.Expression.BinaryFunction;
import dev.sardonyx.codegen.program.Expression.Input;
import dev.sardonyx.codegen.program.Expression.Literal;
import dev.sardonyx.codegen.program.Expression.UnaryFunction;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.codegen.program.Port;
import dev.sardonyx.codegen.program.Program;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.runtime.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Kernels against results computed by hand. */
class ProgramInterpreterTest {

    /** 1 2 3 / 4 5 6 / 7 8 9. */
    private static final Tensor NINE = tensor(List.of(1, 1, 3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9);

    private static final float NAN = Float.NaN;

    @ParameterizedTest(name = "{0}")
    @MethodSource({"windows", "lines", "elements", "copies"})
    void computes(Kernel kernel, List<Tensor> operands, Tensor expected) {
        List<Operand> variables = new ArrayList<>();
        for (Tensor operand : operands) {
            variables.add(new Operand.Variable(new Buffer(variables.size(), operand.shape())));
        }
        Call call = new Call(kernel, variables, new Buffer(operands.size(), expected.shape()), List.of("node"));
        float[] actual = ProgramInterpreter.evaluate(
                call, operands.stream().map(Tensor::values).toList());
        assertThat(actual).containsExactly(expected.values());
    }

    static Stream<Arguments> windows() {
        Constant ones = new Constant(List.of(1, 1, 2, 2), new float[] {1, 1, 1, 1});
        Constant bias = new Constant(List.of(1), new float[] {-20});
        Window two = Window.of(2, 2);
        Constant grouped = new Constant(List.of(4, 1, 1, 1), new float[] {1, 2, 3, 4});
        return Stream.of(
                arguments(
                        new Kernel.Convolution(two, 1, ones, Optional.empty(), false, Activation.NONE),
                        List.of(NINE),
                        tensor(List.of(1, 1, 2, 2), 12, 16, 24, 28)),
                arguments(
                        new Kernel.Convolution(two, 1, ones, Optional.of(bias), true, new Activation.Clip(0, 9)),
                        List.of(NINE, tensor(List.of(1, 1, 2, 2), 1, 5, 0, 10)),
                        tensor(List.of(1, 1, 2, 2), 0, 1, 4, 9)),
                arguments(
                        new Kernel.Convolution(
                                two.withStrides(1, 2).withPads(0, 1, 0, 0).withDilations(2, 1),
                                1,
                                ones,
                                Optional.of(bias),
                                false,
                                new Activation.LeakyRelu(0.5f)),
                        List.of(NINE),
                        tensor(List.of(1, 1, 1, 2), -6, 2)),
                arguments(
                        new Kernel.Convolution(
                                Window.of(1, 1), 2, grouped, Optional.empty(), false, new Activation.Relu()),
                        List.of(tensor(List.of(1, 2, 1, 1), 5, -7)),
                        tensor(List.of(1, 4, 1, 1), 5, 10, 0, 0)),
                arguments(
                        new Kernel.Pooling(Kernel.Pooling.Kind.MAX, two.withStrides(2, 2), false),
                        List.of(NINE),
                        tensor(List.of(1, 1, 2, 2), 5, 6, 8, 9)),
                arguments(
                        new Kernel.Pooling(
                                Kernel.Pooling.Kind.AVERAGE,
                                Window.of(1, 4).withStrides(1, 3).withPads(0, 0, 0, 1),
                                true),
                        List.of(tensor(List.of(1, 1, 1, 5), 1, 2, 3, 6, 6)),
                        tensor(List.of(1, 1, 1, 2), 3, 4)),
                arguments(
                        new Kernel.Pooling(
                                Kernel.Pooling.Kind.AVERAGE,
                                Window.of(1, 4).withStrides(1, 3).withPads(0, 0, 0, 1),
                                false),
                        List.of(tensor(List.of(1, 1, 1, 5), 1, 2, 3, 6, 6)),
                        tensor(List.of(1, 1, 1, 2), 3, 6)));
    }

    static Stream<Arguments> lines() {
        Tensor x = tensor(List.of(2, 2, 2), 1, 2, 3, 4, 5, 6, 7, 8);
        return Stream.of(
                arguments(
                        new Kernel.Reduction(Kernel.Reduction.Kind.MEAN, List.of(0, 2)),
                        List.of(x),
                        tensor(List.of(2), 3.5f, 5.5f)),
                arguments(
                        new Kernel.Reduction(Kernel.Reduction.Kind.MAX, List.of(1)),
                        List.of(x),
                        tensor(List.of(2, 1, 2), 3, 4, 7, 8)),
                arguments(
                        new Kernel.Softmax(1, 3, false),
                        List.of(tensor(List.of(1, 2, 2), 7, 7, 7, 7)),
                        tensor(List.of(1, 2, 2), 0.25f, 0.25f, 0.25f, 0.25f)),
                arguments(
                        new Kernel.Softmax(0, 1, true),
                        List.of(tensor(List.of(2, 1), 1000, -1000)),
                        tensor(List.of(2, 1), 0, -2000)),
                arguments(
                        new Kernel.LocalResponseNormalization(2, 2, 1, 1),
                        List.of(tensor(List.of(1, 3, 1, 1), 1, 2, 3)),
                        tensor(List.of(1, 3, 1, 1), 1 / 6f, 2 / 14f, 3 / 10f)));
    }

    static Stream<Arguments> elements() {
        Tensor x = tensor(List.of(2, 2), -4, 0, 4, NAN);
        Tensor column = tensor(List.of(2, 1), 2, 0.5f);
        return Stream.of(
                arguments(binary(BinaryFunction.ADD), List.of(x, column), tensor(List.of(2, 2), -2, 2, 4.5f, NAN)),
                arguments(
                        binary(BinaryFunction.SUBTRACT), List.of(x, column), tensor(List.of(2, 2), -6, -2, 3.5f, NAN)),
                arguments(binary(BinaryFunction.MULTIPLY), List.of(x, column), tensor(List.of(2, 2), -8, 0, 2, NAN)),
                arguments(binary(BinaryFunction.DIVIDE), List.of(x, column), tensor(List.of(2, 2), -2, 0, 8, NAN)),
                arguments(binary(BinaryFunction.MIN), List.of(x, column), tensor(List.of(2, 2), -4, 0, 0.5f, NAN)),
                arguments(binary(BinaryFunction.MAX), List.of(x, column), tensor(List.of(2, 2), 2, 2, 4, NAN)),
                arguments(binary(BinaryFunction.LEAKY), List.of(x, column), tensor(List.of(2, 2), -8, 0, 4, NAN)),
                arguments(
                        unary(UnaryFunction.TRUNCATE),
                        List.of(tensor(List.of(3), -1.9f, NAN, 1e9f)),
                        tensor(List.of(3), -1, 0, 1e9f)),
                arguments(unary(UnaryFunction.NEGATE), List.of(column), tensor(List.of(2, 1), -2, -0.5f)),
                arguments(unary(UnaryFunction.SQRT), List.of(x), tensor(List.of(2, 2), NAN, 0, 2, NAN)),
                arguments(unary(UnaryFunction.EXP), List.of(tensor(List.of(), 0)), tensor(List.of(), 1)),
                arguments(unary(UnaryFunction.TANH), List.of(tensor(List.of(2), 0, 99)), tensor(List.of(2), 0, 1)),
                arguments(
                        unary(UnaryFunction.SIGMOID),
                        List.of(tensor(List.of(2), 0, -999)),
                        tensor(List.of(2), 0.5f, 0)),
                arguments(
                        new Kernel.Pointwise(new Expression.Binary(BinaryFunction.MAX, new Input(0), new Literal(1))),
                        List.of(tensor(List.of(2), 0, 2)),
                        tensor(List.of(3, 2), 1, 2, 1, 2, 1, 2)),
                arguments(
                        new Kernel.MatrixProduct(),
                        List.of(tensor(List.of(2, 1, 1, 2), 1, 2, 3, 4), tensor(List.of(2, 2, 1), 5, 6, 7, 8)),
                        tensor(List.of(2, 2, 1, 1), 17, 23, 39, 53)),
                arguments(new Kernel.Reshape(), List.of(x), tensor(List.of(4), -4, 0, 4, NAN)));
    }

    static Stream<Arguments> copies() {
        Tensor x = tensor(List.of(2, 3), 1, 2, 3, 4, 5, 6);
        Kernel.Region transposedBackwards =
                new Kernel.Region(0, List.of(3, 2), List.of(1, 0), List.of(0, 2), List.of(1, -1), List.of(1, 0));
        Kernel.Region repeated = new Kernel.Region(1, List.of(1, 2), List.of(0, 1), List.of(0), List.of(0), List.of(1));
        return Stream.of(arguments(
                new Kernel.Copy(List.of(transposedBackwards, repeated), 9),
                List.of(x, tensor(List.of(1), 7)),
                tensor(List.of(4, 3), 9, 7, 7, 3, 6, 9, 2, 5, 9, 1, 4, 9)));
    }

    @Test
    void runs_a_program() {
        Buffer x = new Buffer(0, List.of(2));
        Buffer y = new Buffer(1, List.of(2));
        Constant two = new Constant(List.of(1), new float[] {2});
        Call call = new Call(
                binary(BinaryFunction.MULTIPLY),
                List.of(new Operand.Variable(x), new Operand.Fixed(two)),
                y,
                List.of("n"));
        Program program = new Program(
                List.of(new Port("x", ElementType.FLOAT32, x)),
                List.of(new Port("y", ElementType.FLOAT32, y), new Port("x'", ElementType.FLOAT32, x)),
                List.of(x, y),
                List.of(call));
        assertThat(ProgramInterpreter.run(program, List.of(new float[] {3, 4})))
                .containsExactly(new float[] {6, 8}, new float[] {3, 4});
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProgramInterpreter.run(program, List.of(new float[3])))
                .withMessage("3 values are no tensor of shape [2]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProgramInterpreter.run(program, List.of()))
                .withMessage("1 inputs expected, not 0");
    }

    private static Kernel binary(BinaryFunction function) {
        return new Kernel.Pointwise(new Expression.Binary(function, new Input(0), new Input(1)));
    }

    private static Kernel unary(UnaryFunction function) {
        return new Kernel.Pointwise(new Expression.Unary(function, new Input(0)));
    }

    private static Tensor tensor(List<Integer> shape, float... values) {
        return new Tensor(shape, values);
    }
}
