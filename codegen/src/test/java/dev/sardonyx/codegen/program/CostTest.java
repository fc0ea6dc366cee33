package dev.sardonyx.codegen.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CostTest {

    private static final Operand X = new Operand.Variable(new Buffer(0, List.of(2, 4, 8, 8)));
    private static final Buffer Y = new Buffer(1, List.of(2, 6, 6, 6));
    private static final Constant WEIGHTS = new Constant(List.of(6, 2, 3, 3), new float[6 * 2 * 9]);
    private static final Constant BIAS = new Constant(List.of(6), new float[6]);
    private static final Call CONVOLUTION = new Call(
            new Kernel.Convolution(Window.of(3, 3), 2, WEIGHTS, Optional.of(BIAS), false, Activation.NONE),
            List.of(X),
            Y,
            List.of("n"));

    @Test
    void a_convolution_costs_its_window_at_every_output() {
        assertThat(Cost.of(CONVOLUTION)).isEqualTo(new Cost(2 * 6 * 6 * 6 * (2 * 9), 6 * 2 * 9 + 6));
    }

    @Test
    void a_matrix_product_costs_its_inner_dimension_at_every_output() {
        Operand a = new Operand.Variable(new Buffer(0, List.of(5, 2, 3)));
        Operand b = new Operand.Variable(new Buffer(1, List.of(3, 4)));
        Call call = new Call(new Kernel.MatrixProduct(), List.of(a, b), new Buffer(2, List.of(5, 2, 4)), List.of("n"));
        assertThat(Cost.of(call)).isEqualTo(new Cost(5 * 2 * 4 * 3, 0));
    }

    @Test
    void shared_parameters_count_once_and_elementwise_work_does_not() {
        Call add = new Call(
                new Kernel.Pointwise(new Expression.Input(0)),
                List.of(new Operand.Variable(Y), new Operand.Fixed(BIAS)),
                new Buffer(2, Y.shape()),
                List.of("n"));
        Program program = new Program(List.of(), List.of(), List.of(), List.of(CONVOLUTION, CONVOLUTION, add));
        assertThat(Cost.of(program)).isEqualTo(new Cost(2 * 7776, 114));
    }
}
