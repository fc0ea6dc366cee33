package dev.sardonyx.codegen.program;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.sardonyx.runtime.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProgramVerifierTest {

    private static final List<Integer> IMAGE = List.of(1, 4, 8, 8);
    private static final Kernel RELU = new Kernel.Pointwise(
            new Expression.Binary(Expression.BinaryFunction.MAX, new Expression.Input(0), new Expression.Literal(0)));

    @ParameterizedTest(name = "{0} of {1} gives {2}")
    @MethodSource
    void accepts(Kernel kernel, List<List<Integer>> inputs, List<Integer> output) {
        assertThatCode(() -> ProgramVerifier.verify(program(kernel, inputs, output)))
                .doesNotThrowAnyException();
    }

    static Stream<Arguments> accepts() {
        return Stream.of(
                arguments(convolution(2, 6, 2, true), List.of(IMAGE, List.of(1, 6, 6, 6)), List.of(1, 6, 6, 6)),
                arguments(pooling(), List.of(IMAGE), List.of(1, 4, 4, 4)),
                arguments(pooling(), List.of(IMAGE), List.of(1, 4, 5, 4)),
                arguments(mean(1, 3), List.of(IMAGE), List.of(1, 1, 8, 1)),
                arguments(mean(1, 3), List.of(IMAGE), List.of(1, 8)),
                arguments(RELU, List.of(List.of(4, 1, 8)), IMAGE),
                arguments(
                        new Kernel.MatrixProduct(),
                        List.of(List.of(5, 1, 2, 3), List.of(6, 3, 4)),
                        List.of(5, 6, 2, 4)),
                arguments(new Kernel.Softmax(1, 4, false), List.of(IMAGE), IMAGE),
                arguments(new Kernel.LocalResponseNormalization(5, 1, 1, 1), List.of(IMAGE), IMAGE),
                arguments(new Kernel.Reshape(), List.of(IMAGE), List.of(16, 16)),
                arguments(copy(2, 3, 2, -1), List.of(List.of(4)), List.of(5)));
    }

    @ParameterizedTest(name = "{0} of {1} does not give {2}: {3}")
    @MethodSource
    void rejects(Kernel kernel, List<List<Integer>> inputs, List<Integer> output, String rule) {
        assertThatIllegalStateException()
                .isThrownBy(() -> ProgramVerifier.verify(program(kernel, inputs, output)))
                .withMessageEndingWith(": " + rule);
    }

    static Stream<Arguments> rejects() {
        return Stream.of(
                arguments(convolution(1, 6, 4, true), List.of(IMAGE), List.of(1, 6, 6, 6), "wrong number of operands"),
                arguments(
                        convolution(1, 6, 3, false),
                        List.of(IMAGE),
                        List.of(1, 6, 6, 6),
                        "weights do not fit the channels and groups"),
                arguments(convolution(1, 6, 4, false), List.of(IMAGE), IMAGE, "output should be [1, 6, 6, 6]"),
                arguments(
                        convolution(1, 6, 4, true),
                        List.of(IMAGE, IMAGE),
                        List.of(1, 6, 6, 6),
                        "residual does not have the output's shape"),
                arguments(pooling(), List.of(IMAGE), List.of(1, 4, 6, 4), "output does not fit the window"),
                arguments(pooling(), List.of(IMAGE), List.of(1, 3, 4, 4), "output does not fit the window"),
                arguments(mean(1, 3), List.of(IMAGE), List.of(1, 8, 1), "output should be [1, 1, 8, 1] or [1, 8]"),
                arguments(RELU, List.of(IMAGE), List.of(8, 8), "[1, 4, 8, 8] does not broadcast to [8, 8]"),
                arguments(RELU, List.of(List.of(4)), List.of(8), "[4] does not broadcast to [8]"),
                arguments(
                        new Kernel.Pointwise(new Expression.Input(1)), List.of(IMAGE), IMAGE, "there is no operand 1"),
                arguments(
                        new Kernel.MatrixProduct(),
                        List.of(List.of(2, 3), List.of(2, 3)),
                        List.of(2, 3),
                        "inner dimensions differ"),
                arguments(new Kernel.Softmax(1, 5, false), List.of(IMAGE), IMAGE, "bad shapes"),
                arguments(new Kernel.Reshape(), List.of(IMAGE), List.of(16, 15), "bad shapes"),
                arguments(copy(2, 4, 1, 1), List.of(List.of(9)), List.of(5), "region leaves the output"),
                arguments(copy(2, 3, 1, -1), List.of(List.of(9)), List.of(5), "region leaves the operand"),
                arguments(copy(2, 3, 0, 2), List.of(List.of(4)), List.of(5), "region leaves the operand"));
    }

    @Test
    void rejects_buffers_that_are_written_twice_or_never_or_unknown() {
        Buffer x = new Buffer(0, List.of(2));
        Buffer y = new Buffer(1, List.of(2));
        Call call = new Call(RELU, List.of(new Operand.Variable(x)), y, List.of("n"));
        Call backwards = new Call(RELU, List.of(new Operand.Variable(y)), x, List.of("n"));
        Port in = new Port("x", ElementType.FLOAT32, x);
        Port out = new Port("y", ElementType.FLOAT32, y);
        assertBroken(
                new Program(List.of(in), List.of(out), List.of(x, y), List.of(call, call)), y + " is written twice");
        assertBroken(
                new Program(List.of(in), List.of(out), List.of(x, y), List.of()), y + " is read before it is written");
        assertBroken(
                new Program(List.of(in), List.of(out), List.of(x, y), List.of(backwards, call)),
                y + " is read before it is written");
        assertBroken(
                new Program(List.of(in), List.of(out), List.of(x), List.of(call)),
                y + " is not a buffer of the program");
        assertBroken(new Program(List.of(in), List.of(out), List.of(y, x), List.of(call)), y + " is at position 0");
        assertBroken(new Program(List.of(), List.of(), List.of(new Buffer(0, List.of(0))), List.of()), "is empty");
    }

    @Test
    void rejects_constants_where_kernels_read_buffers() {
        Buffer y = new Buffer(0, List.of(2));
        Operand fixed = new Operand.Fixed(new Constant(List.of(2), new float[2]));
        Call softmax = new Call(new Kernel.Softmax(0, 1, false), List.of(fixed), y, List.of("n"));
        assertBroken(new Program(List.of(), List.of(), List.of(y), List.of(softmax)), "reads a constant");
        Call relu = new Call(RELU, List.of(fixed), y, List.of("n"));
        assertBroken(new Program(List.of(), List.of(), List.of(y), List.of(relu)), "reads no buffer");
    }

    private static void assertBroken(Program program, String rule) {
        assertThatIllegalStateException()
                .isThrownBy(() -> ProgramVerifier.verify(program))
                .withMessageEndingWith(rule);
    }

    /** A program of one call, whose operands are the inputs. */
    private static Program program(Kernel kernel, List<List<Integer>> inputs, List<Integer> output) {
        List<Buffer> buffers = new ArrayList<>();
        inputs.forEach(shape -> buffers.add(new Buffer(buffers.size(), shape)));
        Buffer y = new Buffer(buffers.size(), output);
        List<Port> ports = buffers.stream()
                .map(buffer -> new Port("x" + buffer.id(), ElementType.FLOAT32, buffer))
                .toList();
        List<Operand.Variable> operands =
                buffers.stream().map(Operand.Variable::new).toList();
        buffers.add(y);
        Call call = new Call(kernel, List.copyOf(operands), y, List.of("n"));
        return new Program(ports, List.of(new Port("y", ElementType.FLOAT32, y)), buffers, List.of(call));
    }

    private static Kernel convolution(int groups, int filters, int groupChannels, boolean residual) {
        Constant weights = new Constant(List.of(filters, groupChannels, 3, 3), new float[filters * groupChannels * 9]);
        return new Kernel.Convolution(Window.of(3, 3), groups, weights, Optional.empty(), residual, Activation.NONE);
    }

    private static Kernel pooling() {
        return new Kernel.Pooling(Kernel.Pooling.Kind.MAX, Window.of(2, 2).withStrides(2, 2), false);
    }

    private static Kernel mean(Integer... axes) {
        return new Kernel.Reduction(Kernel.Reduction.Kind.MEAN, List.of(axes));
    }

    /** One box on one axis. */
    private static Kernel copy(int outStart, int extent, int inStart, int inStep) {
        return new Kernel.Copy(
                List.of(new Kernel.Region(
                        0, List.of(extent), List.of(outStart), List.of(inStart), List.of(inStep), List.of(0))),
                0);
    }
}
