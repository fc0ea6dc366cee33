package dev.sardonyx.compiler.lowering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sardonyx.codegen.interpreter.ProgramInterpreter;
import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Expression;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.codegen.program.Port;
import dev.sardonyx.codegen.program.Program;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.InvalidModelException;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.compiler.graph.TestGraph;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.compiler.lowering.Lowering.Fusion;
import dev.sardonyx.runtime.ElementType;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which kernels a graph becomes; that they compute the same is {@link LoweringEquivalenceTest}'s. */
class LoweringTest {

    private static final Set<Fusion> ALL = EnumSet.allOf(Fusion.class);

    private final Random random = new Random(1);
    private final TestGraph graph = new TestGraph();

    @Test
    void a_fused_conv_is_one_convolution() {
        Value x = graph.input(1, 3, 8, 8);
        Value residual = graph.input(1, 4, 8, 8);
        Window window = Window.of(3, 3).withPads(1, 1, 1, 1);
        Value w = graph.random(random, 4, 3, 3, 3);
        Value b = graph.random(random, 4);
        Op.Conv conv = new Op.Conv(window, 1, true, true, new Activation.Relu());
        Program program = Lowering.lower(graph.build(graph.node(conv, x, w, b, residual)));
        Call call = program.calls().getFirst();
        assertThat(program.calls()).hasSize(1);
        assertThat(call.operands())
                .extracting(Operand::shape)
                .containsExactly(List.of(1, 3, 8, 8), List.of(1, 4, 8, 8));
        assertThat(call.origins()).containsExactly("Conv_0");
        assertThat(call.kernel()).isInstanceOfSatisfying(Kernel.Convolution.class, kernel -> {
            assertThat(kernel.window()).isEqualTo(window);
            assertThat(kernel.bias()).isPresent();
            assertThat(kernel.residual()).isTrue();
            assertThat(kernel.activation()).isEqualTo(new Activation.Relu());
        });
    }

    @Test
    void an_activation_apart_from_its_convolution_stays_apart() {
        Value x = graph.input(1, 3, 8, 8);
        Value y = graph.node(new Op.Conv(Window.of(1, 1), 1, false), x, graph.random(random, 4, 3, 1, 1));
        assertThat(kernels(Lowering.lower(graph.build(graph.node(new Op.Relu(), y)))))
                .containsExactly("Convolution", "Pointwise");
    }

    @Test
    void layers_with_the_same_weights_share_them() {
        Value x = graph.input(1, 3, 8, 8);
        Value w = graph.random(random, 3, 3, 1, 1);
        Op conv = new Op.Conv(Window.of(1, 1), 1, false);
        Program program = Lowering.lower(graph.build(graph.node(conv, graph.node(conv, x, w), w)));
        assertThat(program.calls().stream()
                        .map(call -> ((Kernel.Convolution) call.kernel()).weights())
                        .distinct())
                .hasSize(1);
    }

    @Test
    void a_flattened_image_and_a_fully_connected_layer_are_a_convolution_of_the_image() {
        Value x = graph.input(2, 3, 4, 5);
        Value flat = graph.node(new Op.Reshape(Shape.of(2, 60)), x);
        Value y = graph.node(
                new Op.Gemm(1, 1, false, true), flat, graph.random(random, 10, 60), graph.random(random, 10));
        Program program = Lowering.lower(graph.build(y));
        assertThat(kernels(program)).containsExactly("Convolution", "Reshape");
        Kernel.Convolution kernel =
                (Kernel.Convolution) program.calls().getFirst().kernel();
        assertThat(kernel.window()).isEqualTo(Window.of(4, 5));
        assertThat(kernel.weights().shape()).containsExactly(10, 3, 4, 5);
        assertThat(kernel.bias()).isPresent();
        assertThat(program.calls().getFirst().origins()).containsExactly("Reshape_0", "Gemm_1");
    }

    @Test
    void without_flatten_fusion_the_image_is_reshaped() {
        Value x = graph.input(2, 3, 4, 5);
        Value flat = graph.node(new Op.Reshape(Shape.of(2, 60)), x);
        Value y = graph.node(new Op.MatMul(), flat, graph.random(random, 60, 10));
        Program program = Lowering.lower(graph.build(y), Set.of(Fusion.FLATTEN));
        assertThat(kernels(program)).containsExactly("Reshape", "Convolution", "Reshape");
        assertThat(((Kernel.Convolution) program.calls().get(1).kernel()).window())
                .isEqualTo(Window.of(1, 1));
    }

    @Test
    void a_flattened_pooling_is_read_as_it_is() {
        Value x = graph.input(1, 8, 4, 4);
        Value flat = graph.node(new Op.Reshape(Shape.of(1, 8)), graph.node(new Op.GlobalAveragePool(), x));
        Value y = graph.node(new Op.MatMul(), flat, graph.random(random, 8, 10));
        assertThat(kernels(Lowering.lower(graph.build(y), ALL))).containsExactly("Reduction", "Convolution", "Reshape");
    }

    @Test
    void a_gemm_whose_bias_differs_by_row_adds_it_afterwards() {
        Value y = graph.node(
                new Op.Gemm(1, 2, false, false),
                graph.input(3, 4),
                graph.random(random, 4, 5),
                graph.random(random, 3, 1));
        assertThat(kernels(Lowering.lower(graph.build(y))))
                .containsExactly("Reshape", "Convolution", "Reshape", "Pointwise");
    }

    @Test
    void a_product_of_two_variables_stays_a_product() {
        Value a = graph.input(3, 4);
        Value y = graph.node(new Op.Gemm(0.5f, 1, false, true), a, a);
        assertThat(kernels(Lowering.lower(graph.build(y)))).containsExactly("Copy", "MatrixProduct", "Pointwise");
    }

    @Test
    void a_chain_of_elementwise_operators_is_one_pointwise() {
        Value x = graph.input(1, 2, 3, 3);
        Value scaled = graph.node(new Op.Mul(), x, graph.random(random, 2, 1, 1));
        Value shifted = graph.node(new Op.Add(), scaled, graph.random(random, 2, 1, 1));
        Value y = graph.node(new Op.Relu(), shifted);
        Program program = Lowering.lower(graph.build(y));
        Call call = program.calls().getFirst();
        assertThat(kernels(program)).containsExactly("Pointwise");
        assertThat(call.operands()).hasSize(3);
        assertThat(call.origins()).containsExactly("Mul_0", "Add_1", "Relu_2");
        assertThat(((Kernel.Pointwise) call.kernel()).expression())
                .isEqualTo(new Expression.Binary(
                        Expression.BinaryFunction.MAX,
                        new Expression.Binary(
                                Expression.BinaryFunction.ADD,
                                new Expression.Binary(
                                        Expression.BinaryFunction.MULTIPLY,
                                        new Expression.Input(0),
                                        new Expression.Input(1)),
                                new Expression.Input(2)),
                        new Expression.Literal(0)));
    }

    @Test
    void an_elementwise_value_with_two_readers_is_computed_once() {
        Value t = graph.node(new Op.Sigmoid(), graph.input(2, 3));
        Value y = graph.node(new Op.Mul(), t, t);
        assertThat(kernels(Lowering.lower(graph.build(y)))).containsExactly("Pointwise", "Pointwise");
    }

    @Test
    void an_elementwise_value_of_a_smaller_shape_is_not_computed_again_and_again() {
        Value small = graph.node(new Op.Sigmoid(), graph.input(1, 8, 1, 1));
        Value y = graph.node(new Op.Mul(), graph.input(1, 8, 9, 9), small);
        assertThat(kernels(Lowering.lower(graph.build(y)))).containsExactly("Pointwise", "Pointwise");
    }

    @Test
    void long_chains_become_several_pointwise_calls() {
        Value x = graph.input(2, 3);
        for (int i = 0; i < 100; i++) {
            x = graph.node(new Op.Tanh(), x);
        }
        assertThat(kernels(Lowering.lower(graph.build(x))).size()).isBetween(2, 20);
    }

    @Test
    void many_operands_become_several_pointwise_calls() {
        Value sum = graph.input(2, 3);
        for (int i = 0; i < 14; i++) {
            sum = graph.node(new Op.Add(), sum, graph.input(2, 3));
        }
        Program program = Lowering.lower(graph.build(sum));
        assertThat(kernels(program)).containsExactly("Pointwise", "Pointwise");
        assertThat(program.calls())
                .allSatisfy(call -> assertThat(call.operands()).hasSizeLessThanOrEqualTo(8));
    }

    @Test
    void the_shortcut_without_weights_is_one_copy() {
        Value x = graph.input(1, 4, 8, 8);
        Value slice = graph.node(new Op.Slice(List.of(0, 0, 0, 0), List.of(1, 1, 2, 2), List.of(1, 4, 4, 4)), x);
        Value y = graph.node(new Op.Pad(List.of(0, 2, 0, 0), List.of(0, 2, 0, 0), Op.Pad.Mode.CONSTANT, 0), slice);
        Program program = Lowering.lower(graph.build(y));
        assertThat(kernels(program)).containsExactly("Copy");
        assertThat(program.calls().getFirst().kernel())
                .isEqualTo(new Kernel.Copy(
                        List.of(new Kernel.Region(
                                0,
                                List.of(1, 4, 4, 4),
                                List.of(0, 2, 0, 0),
                                List.of(0, 0, 0, 0),
                                List.of(1, 1, 2, 2),
                                List.of(0, 1, 2, 3))),
                        0));
    }

    @Test
    void the_shortcut_that_pools_single_pixels_is_one_copy() {
        Value pooled = graph.node(
                new Op.AveragePool(Window.of(1, 1).withStrides(2, 2), false, false), graph.input(1, 4, 8, 8));
        Value y = graph.node(new Op.Pad(List.of(0, 2, 0, 0), List.of(0, 2, 0, 0), Op.Pad.Mode.CONSTANT, 0), pooled);
        assertThat(kernels(Lowering.lower(graph.build(y)))).containsExactly("Copy");
    }

    @Test
    void pads_of_different_values_are_not_joined() {
        Op ones = new Op.Pad(List.of(1), List.of(0), Op.Pad.Mode.CONSTANT, 1);
        Op twos = new Op.Pad(List.of(1), List.of(0), Op.Pad.Mode.CONSTANT, 2);
        Value y = graph.node(twos, graph.node(ones, graph.input(3)));
        assertThat(kernels(Lowering.lower(graph.build(y)))).containsExactly("Copy", "Copy");
    }

    @Test
    void what_moves_nothing_vanishes() {
        Value x = graph.input(2, 1, 3, 1);
        Value moved = graph.node(new Op.Transpose(List.of(0, 3, 2, 1)), x);
        Value same = graph.node(new Op.Slice(List.of(0, 0, 0, 0), List.of(1, 1, 1, 1), List.of(2, 1, 3, 1)), moved);
        Value cast = graph.node(new Op.Cast(ElementType.FLOAT32), same);
        Value clip = graph.node(new Op.Clip(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY), cast);
        Program program = Lowering.lower(graph.build(clip), ALL);
        assertThat(program.calls()).isEmpty();
        assertThat(program.outputs().getFirst().buffer())
                .isEqualTo(program.inputs().getFirst().buffer());
    }

    @Test
    void outputs_may_be_inputs_constants_and_shared() {
        Value x = graph.input(2);
        Value unused = graph.input(3);
        Value c = graph.constant(Tensor.of(Shape.of(2), 5f, 6f));
        Value y = graph.node(new Op.Relu(), x);
        graph.node(new Op.Tanh(), unused);
        Program program = Lowering.lower(graph.build(x, c, y, y));
        assertThat(kernels(program)).containsExactly("Pointwise", "Copy");
        assertThat(program.inputs()).extracting(Port::name).containsExactly("x0", "x1");
        assertThat(program.outputs()).extracting(Port::name).containsExactly("y0", "y1", "y2", "y3");
        assertThat(ProgramInterpreter.run(program, List.of(new float[] {-1, 2}, new float[3])))
                .containsExactly(new float[] {-1, 2}, new float[] {5, 6}, new float[] {0, 2}, new float[] {0, 2});
    }

    @Test
    void kernels_that_read_buffers_only_get_constants_copied() {
        Value y = graph.node(new Op.Softmax(0, 1), graph.random(random, 4));
        assertThat(kernels(Lowering.lower(graph.build(y)))).containsExactly("Copy", "Softmax");
    }

    @Test
    void an_operator_of_constants_alone_has_a_buffer_to_read() {
        Value y = graph.node(new Op.Add(), graph.random(random, 1), graph.random(random, 1));
        assertThat(kernels(Lowering.lower(graph.build(y)))).containsExactly("Copy", "Pointwise");
    }

    @Test
    void all_that_no_kernel_does_is_listed_at_once() {
        Value x = graph.input(2, 1, 3, 3);
        Value count = graph.input(new TensorType(ElementType.INT64, Shape.of(2)));
        Value cast = graph.node(new Op.Cast(ElementType.INT32), x);
        Value conv = graph.node(new Op.Conv(Window.of(3, 3), 1, false), x, x);
        Value gather = graph.node(new Op.Gather(0), x, graph.constant(Tensor.of(Shape.of(2), 0L, 9L)));
        Value empty = graph.node(new Op.Slice(List.of(0, 0, 0, 0), List.of(1, 1, 1, 1), List.of(0, 1, 3, 3)), x);
        Value sum = graph.node(new Op.Add(), count, count);
        Value far = graph.constant(Tensor.of(Shape.of(1), (1L << 24) + 1));
        assertThatExceptionOfType(InvalidModelException.class)
                .isThrownBy(() -> Lowering.lower(graph.build(cast, conv, gather, empty, sum, far)))
                .withMessage("not supported at run time: "
                        + "Conv node 'Conv_1' has weights that are not constant; "
                        + "Gather node 'Gather_2' gathers index 9 of 2; "
                        + "Slice node 'Slice_3' is empty: float32[0, 1, 3, 3]; "
                        + "Add node 'Add_4' computes with int64 at run time; only floating-point is supported there; "
                        + "output 'y5' reads 16777217, but integers at run time reach to 16777216");
    }

    @Test
    void too_many_runs_of_indices_are_no_copy() {
        long[] zigzag =
                IntStream.range(0, 20_000).mapToLong(i -> (long) i * i % 7).toArray();
        Value y = graph.node(new Op.Gather(0), graph.input(7), graph.constant(Tensor.of(Shape.of(20_000), zigzag)));
        assertThatExceptionOfType(InvalidModelException.class)
                .isThrownBy(() -> Lowering.lower(graph.build(y)))
                .withMessageContaining("separate runs of indices, more than 4096");
    }

    @Test
    void takes_long_graphs() {
        Value x = graph.input(1, 2, 2, 2);
        for (int i = 0; i < 20_000; i++) {
            Op op = i % 3 == 0 ? new Op.Transpose(List.of(0, 2, 1, 3)) : new Op.Relu();
            x = graph.node(op, x);
        }
        assertThat(Lowering.lower(graph.build(x)).calls()).hasSizeGreaterThan(10_000);
    }

    private static List<String> kernels(Program program) {
        return program.calls().stream()
                .map(call -> call.kernel().getClass().getSimpleName())
                .toList();
    }
}
