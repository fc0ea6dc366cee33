package dev.sardonyx.compiler.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.runtime.ElementType;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ShapeInferenceTest {

    private static final Window THREE = Window.of(3, 3).withPads(1, 1, 1, 1);
    private static final int HUGE = Integer.MAX_VALUE;

    @ParameterizedTest(name = "{0} of {1} is {2}")
    @MethodSource
    void infers(Op op, List<TensorType> inputs, TensorType expected) {
        assertThat(ShapeInference.infer(op, inputs)).isEqualTo(expected);
    }

    static Stream<Arguments> infers() {
        return Stream.of(
                arguments(new Op.Conv(THREE, 1, false), types(f(2, 3, 7, 5), f(8, 3, 3, 3)), f(2, 8, 7, 5)),
                arguments(
                        new Op.Conv(THREE.withStrides(2, 3), 1, true),
                        types(f(1, 3, 7, 5), f(8, 3, 3, 3), f(8)),
                        f(1, 8, 4, 2)),
                arguments(
                        new Op.Conv(Window.of(3, 2).withDilations(2, 3), 2, false),
                        types(f(1, 4, 9, 9), f(6, 2, 3, 2)),
                        f(1, 6, 5, 6)),
                arguments(
                        new Op.Conv(Window.of(1, 1).withPads(0, 1, 2, 3), 1, false),
                        types(f(1, 1, 4, 4), f(1, 1, 1, 1)),
                        f(1, 1, 6, 8)),
                arguments(
                        new Op.Conv(THREE, 1, true, true, new Activation.Relu()),
                        types(f(1, 3, 7, 5), f(8, 3, 3, 3), f(8), f(1, 8, 7, 5)),
                        f(1, 8, 7, 5)),
                arguments(new Op.BatchNormalization(0), types(f(2, 3, 4), f(3), f(3), f(3), f(3)), f(2, 3, 4)),
                arguments(new Op.Relu(), types(f()), f()),
                arguments(new Op.PRelu(), types(f(2, 3, 4), f(3, 1)), f(2, 3, 4)),
                arguments(new Op.Softmax(1, 3), types(f(2, 3, 4)), f(2, 3, 4)),
                arguments(new Op.Add(), types(f(3, 1), f(2, 1, 4)), f(2, 3, 4)),
                arguments(new Op.Mul(), types(f(0), f(1)), f(0)),
                arguments(new Op.Div(), types(i(2), i()), i(2)),
                arguments(new Op.ReduceMean(List.of(3, 1), true), types(f(2, 3, 4, 5)), f(2, 1, 4, 1)),
                arguments(new Op.ReduceMean(List.of(3, 1), false), types(f(2, 3, 4, 5)), f(2, 4)),
                arguments(new Op.ReduceMean(List.of(), true), types(f(2)), f(2)),
                arguments(new Op.GlobalAveragePool(), types(f(2, 3, 4, 5)), f(2, 3, 1, 1)),
                arguments(new Op.GlobalMaxPool(), types(f(2, 3, 4)), f(2, 3, 1)),
                arguments(new Op.Gemm(1, 1, false, false), types(f(2, 3), f(3, 4)), f(2, 4)),
                arguments(new Op.Gemm(1, 1, true, true), types(f(3, 2), f(4, 3), f(2, 1)), f(2, 4)),
                arguments(new Op.MatMul(), types(f(2, 3), f(3, 4)), f(2, 4)),
                arguments(new Op.MatMul(), types(f(3), f(3)), f()),
                arguments(new Op.MatMul(), types(f(3), f(5, 3, 4)), f(5, 4)),
                arguments(new Op.MatMul(), types(f(5, 1, 2, 3), f(6, 3, 4)), f(5, 6, 2, 4)),
                arguments(new Op.Reshape(Shape.of(3, 2)), types(i(6)), i(3, 2)),
                arguments(new Op.Transpose(List.of(2, 0, 1)), types(f(2, 3, 4)), f(4, 2, 3)),
                arguments(new Op.Concat(1), types(f(2, 3), f(2, 0), f(2, 5)), f(2, 8)),
                arguments(new Op.Slice(List.of(3, 0), List.of(-2, 1), List.of(2, 0)), types(f(4, 4)), f(2, 0)),
                arguments(pad(Op.Pad.Mode.CONSTANT, 1, 2), types(f(4)), f(7)),
                arguments(pad(Op.Pad.Mode.REFLECT, 3, 3), types(f(4)), f(10)),
                arguments(pad(Op.Pad.Mode.EDGE, 9, 0), types(f(4)), f(13)),
                arguments(new Op.Gather(1), types(f(2, 3, 4), i(5, 6)), f(2, 5, 6, 4)),
                arguments(new Op.Gather(0), types(i(3), i()), i()),
                arguments(new Op.Cast(ElementType.BOOL), types(f(3)), new TensorType(ElementType.BOOL, Shape.of(3))),
                arguments(new Op.LRN(5, 1, 1, 1), types(f(1, 2, 3)), f(1, 2, 3)));
    }

    /** One column, as wide as its window; the sizes are those that PyTorch gives. */
    @ParameterizedTest(name = "{0} rows, kernel {1}, stride {2}, pads {3} and {4}, ceil mode {5}: {6} rows")
    @MethodSource
    void sizes_of_poolings(int rows, int kernel, int stride, int before, int after, boolean ceilMode, int expected) {
        Window window = Window.of(kernel, 1).withStrides(stride, 1).withPads(before, 0, after, 0);
        for (Op op : List.of(new Op.MaxPool(window, ceilMode), new Op.AveragePool(window, ceilMode, false))) {
            assertThat(ShapeInference.infer(op, types(f(1, 1, rows, 1)))).isEqualTo(f(1, 1, expected, 1));
        }
    }

    static Stream<Arguments> sizes_of_poolings() {
        return Stream.of(
                arguments(7, 3, 2, 0, 0, false, 3),
                arguments(7, 3, 2, 0, 0, true, 3),
                arguments(8, 3, 2, 0, 0, false, 3),
                arguments(8, 3, 2, 0, 0, true, 4),
                arguments(112, 3, 2, 1, 1, false, 56),
                arguments(112, 3, 2, 1, 1, true, 57),
                // The last window would begin in the padding after the input.
                arguments(4, 2, 3, 1, 1, true, 2),
                arguments(2, 1, 2, 0, 0, true, 1),
                arguments(3, 1, 2, 0, 0, true, 2),
                arguments(1, 2, 2, 1, 1, true, 1));
    }

    @ParameterizedTest(name = "{0} of {1}: {2}")
    @MethodSource
    void rejects(Op op, List<TensorType> inputs, String rule) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShapeInference.infer(op, inputs))
                .withMessage(rule);
    }

    static Stream<Arguments> rejects() {
        Op conv = new Op.Conv(THREE, 1, false);
        return Stream.of(
                arguments(conv, types(f(1, 3, 7, 5)), "takes 2 inputs, not 1"),
                arguments(conv, types(f(1, 3, 7, 5), f(8, 4, 3, 3)), "input has 3 channels, but the weights expect 4"),
                arguments(
                        conv,
                        types(f(3, 7, 5), f(8, 3, 3, 3)),
                        "input must have the axes [N, C, H, W], not the shape [3, 7, 5]"),
                arguments(
                        conv,
                        types(f(1, 3, 7, 5), f(8, 3)),
                        "weights must have the axes [M, C/group, kH, kW], not the shape [8, 3]"),
                arguments(conv, types(f(1, 3, 7, 5), f(8, 3, 1, 3)), "kernel_shape is 3×3, but the weights are 1×3"),
                arguments(
                        new Op.Conv(THREE, 2, false),
                        types(f(1, 3, 7, 5), f(8, 3, 3, 3)),
                        "input has 3 channels, which 2 groups do not divide"),
                arguments(
                        new Op.Conv(THREE, 2, false),
                        types(f(1, 4, 7, 5), f(7, 2, 3, 3)),
                        "output has 7 channels, which 2 groups do not divide"),
                arguments(
                        new Op.Conv(THREE, 0, false),
                        types(f(1, 3, 7, 5), f(8, 3, 3, 3)),
                        "group is 0, but must be at least 1"),
                arguments(
                        new Op.Conv(THREE, 1, true),
                        types(f(1, 3, 7, 5), f(8, 3, 3, 3), f(3)),
                        "bias must have the shape [8], not [3]"),
                arguments(
                        new Op.Conv(THREE, 1, false, true, Activation.NONE),
                        types(f(1, 3, 7, 5), f(8, 3, 3, 3), f(1, 8, 1, 1)),
                        "residual must have the shape [1, 8, 7, 5], not [1, 8, 1, 1]"),
                arguments(
                        new Op.Conv(Window.of(3, 3), 1, false),
                        types(f(1, 3, 2, 5), f(8, 3, 3, 3)),
                        "a window of 3 rows does not fit into 2 and the padding"),
                arguments(
                        new Op.Conv(Window.of(2, 2).withDilations(1, HUGE), 1, false),
                        types(f(1, 3, 2, 5), f(8, 3, 2, 2)),
                        "sizes exceed 2^31 - 1"),
                arguments(
                        new Op.Conv(Window.of(1, 1).withPads(HUGE - 4, 0, 0, 0), 1, false),
                        types(f(1, 1, 2, 2), f(1, 1, 1, 1)),
                        "more than 2^31 - 1 elements in [1, 1, 2147483645, 2]"),
                arguments(
                        new Op.MaxPool(Window.of(2, 2).withPads(2, 0, 0, 0), false),
                        types(f(1, 1, 4, 4)),
                        "a window lies in the padding alone: rows -2 to -1 of 4"),
                arguments(
                        new Op.MaxPool(Window.of(2, 2).withPads(0, 0, 0, 2), false),
                        types(f(1, 1, 4, 4)),
                        "a window lies in the padding alone: it begins at columns 4 of 4"),
                arguments(
                        new Op.AveragePool(Window.of(2, 1).withDilations(2, 1).withPads(1, 0, 1, 0), false, false),
                        types(f(1, 1, 1, 4)),
                        "a window lies in the padding alone: rows -1 to 1 of 1"),
                arguments(
                        new Op.BatchNormalization(0),
                        types(f(2, 3, 4), f(3), f(3), f(3), f(4)),
                        "var must have the shape [3], not [4]"),
                arguments(new Op.Relu(), types(i(2)), "input must be floating-point, not int64[2]"),
                arguments(
                        new Op.PRelu(),
                        types(f(2, 3), f(2, 2, 3)),
                        "slope [2, 2, 3] does not broadcast to the input [2, 3]"),
                arguments(new Op.Softmax(1, 3), types(f(2, 2)), "axes 1 to 2 are not axes of [2, 2]"),
                arguments(new Op.Add(), types(f(2), i(2)), "inputs float32[2] and int64[2] differ in element type"),
                arguments(new Op.Add(), types(f(2), f(3)), "[2] and [3] do not broadcast"),
                arguments(
                        new Op.Add(),
                        types(
                                new TensorType(ElementType.BOOL, Shape.of()),
                                new TensorType(ElementType.BOOL, Shape.of())),
                        "bool has no arithmetic"),
                arguments(new Op.GlobalMaxPool(), types(f(1, 2, 0, 3)), "nothing to reduce in [1, 2, 0, 3]"),
                arguments(new Op.ReduceMean(List.of(2), true), types(f(2, 2)), "axis 2 is not an axis of [2, 2]"),
                arguments(new Op.ReduceMean(List.of(1, 1), true), types(f(2, 2)), "axes [1, 1] repeat"),
                arguments(new Op.Gemm(1, 1, true, false), types(f(2, 3), f(3, 4)), "A has 2 columns, but B has 3 rows"),
                arguments(
                        new Op.Gemm(1, 1, false, false),
                        types(f(2, 3), f(3, 4), f(3)),
                        "[2, 4] and [3] do not broadcast"),
                arguments(
                        new Op.Gemm(1, 1, false, false),
                        types(f(1, 3), f(3, 4), f(2, 4)),
                        "C [2, 4] does not broadcast to [1, 4]"),
                arguments(new Op.MatMul(), types(f(2, 3), f(2)), "A has 3 columns, but B has 2 rows"),
                arguments(new Op.Reshape(Shape.of(3)), types(f(2)), "[2] does not have as many elements as [3]"),
                arguments(new Op.Transpose(List.of(0)), types(f(2, 2)), "perm are for 1 axes, but the input is [2, 2]"),
                arguments(new Op.Concat(1), types(f(2, 3), f(3, 3)), "inputs [2, 3] and [3, 3] differ outside axis 1"),
                arguments(new Op.Concat(0), List.of(), "takes at least one input"),
                arguments(
                        new Op.Slice(List.of(1), List.of(2), List.of(2)),
                        types(f(3)),
                        "elements 1 to 3 are not inside axis 0 of [3]"),
                arguments(
                        new Op.Slice(List.of(HUGE), List.of(HUGE), List.of(HUGE)),
                        types(f(3)),
                        "elements 2147483647 to 4611686014132420609 are not inside axis 0 of [3]"),
                arguments(new Op.Slice(List.of(0), List.of(0), List.of(1)), types(f(3)), "step is 0 on axis 0"),
                arguments(pad(Op.Pad.Mode.REFLECT, 4, 0), types(f(4)), "mode REFLECT cannot pad axis 0 of [4] by 4"),
                arguments(pad(Op.Pad.Mode.EDGE, 0, 1), types(f(0)), "mode EDGE cannot pad axis 0 of [0] by 1"),
                arguments(pad(Op.Pad.Mode.CONSTANT, -1, 1), types(f(4)), "pads must not be negative"),
                arguments(pad(Op.Pad.Mode.CONSTANT, HUGE, 1), types(f(4)), "sizes exceed 2^31 - 1"),
                arguments(new Op.Gather(0), types(f(3), f(1)), "indices must be int64 or int32, not float32[1]"),
                arguments(new Op.LRN(0, 1, 1, 1), types(f(1, 2)), "size is 0, but must be at least 1"));
    }

    private static Op.Pad pad(Op.Pad.Mode mode, int before, int after) {
        return new Op.Pad(List.of(before), List.of(after), mode, 0);
    }

    private static List<TensorType> types(TensorType... types) {
        return List.of(types);
    }

    private static TensorType f(int... dims) {
        return TensorType.float32(dims);
    }

    private static TensorType i(int... dims) {
        return new TensorType(ElementType.INT64, Shape.of(dims));
    }
}
