package dev.sardonyx.tests.peers;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;

import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.compiler.onnx.Attributes;
import dev.sardonyx.runtime.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Operators that move elements and change none. */
final class MovementCases {

    private MovementCases() {}

    static List<OperatorCase> all() {
        List<OperatorCase> cases = new ArrayList<>();
        shapes(cases);
        transpose(cases);
        concat(cases);
        slice(cases);
        pad(cases);
        gather(cases);
        return cases;
    }

    private static void shapes(List<OperatorCase> cases) {
        for (int axis = 0; axis <= 4; axis++) {
            Attributes attributes = attrs().i("axis", axis);
            cases.add(OperatorCase.of(
                    "Flatten " + axis, m -> m.output(m.node("Flatten", attributes, m.input(2, 3, 4, 5)))));
        }
        for (int axis = -4; axis < 0; axis++) {
            Attributes attributes = attrs().i("axis", axis);
            cases.add(OperatorCase.of(
                            "Flatten " + axis, m -> m.output(m.node("Flatten", attributes, m.input(2, 3, 4, 5))))
                    .since(11));
        }
        cases.add(OperatorCase.of("Flatten", m -> m.output(m.node("Flatten", m.input(2, 3, 4, 5)))));
        cases.add(OperatorCase.of(
                "Flatten of a vector", m -> m.output(m.node("Flatten", attrs().i("axis", 0), m.input(7)))));

        long[][] targets = {{24}, {4, 6}, {-1, 6}, {0, -1}, {0, 0, 4}, {2, 1, 3, 1, 4}, {-1}, {0, 12}, {1, 24, 1}};
        for (long[] target : targets) {
            cases.add(OperatorCase.of(
                    "Reshape " + Arrays.toString(target),
                    m -> m.output(m.node("Reshape", m.input(2, 3, 4), m.ints(target)))));
        }
        cases.add(OperatorCase.of(
                        "Reshape, allowzero",
                        m -> m.output(m.node("Reshape", attrs().i("allowzero", 1), m.input(2, 3, 4), m.ints(6, -1))))
                .since(14));
        cases.add(OperatorCase.of(
                "Reshape to a scalar",
                m -> m.output(m.node("Reshape", m.input(1, 1), m.constant(Tensor.of(Shape.of(0), new long[0]))))));
        cases.add(OperatorCase.of("Reshape to what was computed from a shape", m -> {
            String x = m.input(2, 3, 4, 5);
            String batch = m.node("Gather", attrs().i("axis", 0), m.node("Shape", x), m.constant(longScalar(0)));
            String dims = m.node("Concat", attrs().i("axis", 0), axes(m, "Unsqueeze", batch, 0), m.ints(-1));
            m.output(m.node("Reshape", x, dims));
        }));

        long[][] squeezed = {{0}, {0, 2}, {2}};
        for (long[] axes : squeezed) {
            cases.add(OperatorCase.of(
                    "Squeeze " + Arrays.toString(axes), m -> m.output(axes(m, "Squeeze", m.input(1, 3, 1, 5), axes))));
        }
        cases.add(OperatorCase.of("Squeeze -2", m -> m.output(axes(m, "Squeeze", m.input(1, 3, 1, 5), -2)))
                .since(11));
        cases.add(OperatorCase.of("Squeeze", m -> m.output(m.node("Squeeze", m.input(1, 3, 1, 5)))));
        long[][] unsqueezed = {{0}, {1}, {3}, {0, 4}, {4, 1}};
        for (long[] axes : unsqueezed) {
            cases.add(OperatorCase.of(
                    "Unsqueeze " + Arrays.toString(axes), m -> m.output(axes(m, "Unsqueeze", m.input(2, 3, 4), axes))));
        }
        cases.add(OperatorCase.of("Unsqueeze -1, -3", m -> m.output(axes(m, "Unsqueeze", m.input(2, 3), -1, -3)))
                .since(11));
        cases.add(OperatorCase.of("Unsqueeze of a scalar", m -> m.output(axes(m, "Unsqueeze", m.input(), 0))));
        cases.add(OperatorCase.of("Expand", m -> {
                    m.output(m.node("Expand", m.input(3, 1), m.ints(3, 4)));
                    m.output(m.node("Expand", m.input(3, 1), m.ints(2, 1, 6)));
                    m.output(m.node("Expand", m.input(2, 3), m.ints(1, 1)));
                    m.output(m.node("Expand", m.input(), m.ints(2, 2)));
                })
                .since(8));
    }

    /** The axes are an attribute before opset 13, an input since. */
    private static String axes(PeerModel m, String operator, String x, long... axes) {
        return m.opset() < 13 ? m.node(operator, attrs().ints("axes", axes), x) : m.node(operator, x, m.ints(axes));
    }

    private static Tensor longScalar(long value) {
        return Tensor.of(Shape.of(), value);
    }

    private static void transpose(List<OperatorCase> cases) {
        long[][] permutations = {{0, 2, 3, 1}, {0, 3, 1, 2}, {3, 2, 1, 0}, {1, 0, 2, 3}, {0, 1, 3, 2}, {0, 1, 2, 3}};
        for (long[] permutation : permutations) {
            Attributes attributes = attrs().ints("perm", permutation);
            cases.add(OperatorCase.of(
                    "Transpose " + Arrays.toString(permutation),
                    m -> m.output(m.node("Transpose", attributes, m.input(2, 3, 4, 5)))));
        }
        cases.add(OperatorCase.of("Transpose", m -> m.output(m.node("Transpose", m.input(2, 3, 4)))));
        cases.add(OperatorCase.of("Transpose of a vector", m -> m.output(m.node("Transpose", m.input(3)))));
        cases.add(OperatorCase.of(
                "Transpose of rank 6",
                m -> m.output(m.node("Transpose", attrs().ints("perm", 5, 0, 3, 2, 4, 1), m.input(2, 3, 1, 4, 2, 3)))));
        cases.add(OperatorCase.of("shuffled channels", m -> {
            String grouped = m.node("Reshape", m.input(2, 6, 4, 5), m.ints(2, 2, 3, 4, 5));
            String shuffled = m.node("Transpose", attrs().ints("perm", 0, 2, 1, 3, 4), grouped);
            m.output(m.node("Reshape", shuffled, m.ints(2, 6, 4, 5)));
        }));
    }

    private static void concat(List<OperatorCase> cases) {
        for (int axis = 0; axis < 3; axis++) {
            Attributes attributes = attrs().i("axis", axis);
            int[] other = {2, 3, 4};
            other[axis] = 5;
            cases.add(OperatorCase.of(
                    "Concat " + axis,
                    m -> m.output(m.node("Concat", attributes, m.input(2, 3, 4), m.weights(other), m.input(2, 3, 4)))));
        }
        cases.add(OperatorCase.of(
                        "Concat -1",
                        m -> m.output(m.node("Concat", attrs().i("axis", -1), m.input(2, 3), m.input(2, 1))))
                .since(11));
        cases.add(OperatorCase.of(
                "Concat of one", m -> m.output(m.node("Concat", attrs().i("axis", 1), m.input(2, 3)))));
        cases.add(OperatorCase.of("Concat of a value with itself", m -> {
            String x = m.input(2, 3, 2, 2);
            m.output(m.node("Concat", attrs().i("axis", 1), x, x));
        }));
        cases.add(OperatorCase.of("Concat with nothing", m -> {
            String empty = m.constant(Tensor.of(Shape.of(2, 0), new float[0]));
            m.output(m.node("Concat", attrs().i("axis", 1), m.input(2, 3), empty));
        }));
    }

    private static void slice(List<OperatorCase> cases) {
        cases.add(slice("rows", new long[] {1}, new long[] {3}, 1));
        cases.add(slice("two axes", new long[] {0, 1}, new long[] {2, 4}, 1, 2));
        cases.add(slice("from the end", new long[] {-3, -1}, new long[] {-1, 100}, 2, 1));
        cases.add(slice("out of bounds", new long[] {-100, 1}, new long[] {100, Long.MAX_VALUE}, 0, 2));
        cases.add(slice("all", new long[] {0, 0, 0}, new long[] {2, 3, 5}, 0, 1, 2));
        cases.add(OperatorCase.of("Slice, no axes", m -> {
            long[] starts = {1, 0};
            long[] ends = {2, 2};
            m.output(
                    m.opset() < 10
                            ? m.node("Slice", attrs().ints("starts", starts).ints("ends", ends), m.input(2, 3, 5))
                            : m.node("Slice", m.input(2, 3, 5), m.ints(starts), m.ints(ends)));
        }));
        cases.add(stepped("steps", new long[] {0, 1}, new long[] {100, 100}, new long[] {1, 2}, new long[] {2, 3}));
        cases.add(stepped(
                "backwards", new long[] {-1, 3}, new long[] {Long.MIN_VALUE, 0}, new long[] {1, 2}, new long[] {-1, -2
                }));
        cases.add(stepped("reversed", new long[] {10}, new long[] {-11}, new long[] {-1}, new long[] {-1}));
        cases.add(OperatorCase.of(
                        "Slice, axes left out",
                        m -> m.output(m.node("Slice", m.input(4, 5), m.ints(0, 1), m.ints(4, 5), "", m.ints(2, 2))))
                .since(10));
        cases.add(OperatorCase.of("Slice by int32", m -> {
                    Tensor start = new Tensor.Integers(new TensorType(ElementType.INT32, Shape.of(1)), new long[] {1});
                    m.output(m.node(
                            "Slice",
                            m.input(4, 5),
                            m.constant(start),
                            m.constant(new Tensor.Integers(start.type(), new long[] {3}))));
                })
                .since(10));
    }

    private static OperatorCase slice(String name, long[] starts, long[] ends, long... axes) {
        return OperatorCase.of(
                "Slice, " + name,
                m -> m.output(
                        m.opset() < 10
                                ? m.node(
                                        "Slice",
                                        attrs().ints("starts", starts)
                                                .ints("ends", ends)
                                                .ints("axes", axes),
                                        m.input(2, 3, 5))
                                : m.node("Slice", m.input(2, 3, 5), m.ints(starts), m.ints(ends), m.ints(axes))));
    }

    private static OperatorCase stepped(String name, long[] starts, long[] ends, long[] axes, long[] steps) {
        return OperatorCase.of(
                        "Slice, " + name,
                        m -> m.output(m.node(
                                "Slice", m.input(2, 3, 7), m.ints(starts), m.ints(ends), m.ints(axes), m.ints(steps))))
                .since(10);
    }

    private static void pad(List<OperatorCase> cases) {
        for (String mode : List.of("constant", "reflect", "edge")) {
            cases.add(pad(mode + ", image", mode, 0, 0, 1, 2, 0, 0, 2, 1));
            cases.add(pad(mode + ", all axes", mode, 1, 1, 1, 1, 0, 1, 2, 0));
            cases.add(pad(mode + ", nothing", mode, 0, 0, 0, 0, 0, 0, 0, 0));
        }
        cases.add(pad("constant, negative", "constant", 0, -1, 1, 0, 0, 0, -2, 1));
        cases.add(pad("constant, only negative", "constant", 0, -1, 0, 0, 0, 0, -2, -1));
        cases.add(OperatorCase.of("Pad by value", m -> {
            long[] pads = {0, 1, 1, 0};
            m.output(
                    m.opset() < 11
                            ? m.node("Pad", attrs().ints("pads", pads).f("value", -1.5f), m.input(2, 3))
                            : m.node("Pad", m.input(2, 3), m.ints(pads), m.scalar(-1.5f)));
        }));
        cases.add(OperatorCase.of(
                        "Pad, value left out, axes",
                        m -> m.output(m.node("Pad", m.input(2, 3, 4), m.ints(1, 2, 0, 3), "", m.ints(2, -3))))
                .since(18));
        cases.add(OperatorCase.of("Pad before Conv and pool", m -> {
            String x = pad(m, "constant", m.input(1, 3, 6, 6), 0, 0, 1, 1, 0, 0, 1, 0);
            m.output(m.node("Conv", x, m.weights(4, 3, 3, 3)));
            String pooled = pad(m, "constant", m.node("Relu", m.input(1, 3, 6, 6)), 0, 0, 1, 1, 0, 0, 1, 1);
            m.output(m.node("MaxPool", attrs().ints("kernel_shape", 3, 3).ints("strides", 2, 2), pooled));
            String averaged = pad(m, "constant", m.input(1, 3, 6, 6), 0, 0, 1, 1, 0, 0, 1, 1);
            m.output(m.node("AveragePool", attrs().ints("kernel_shape", 3, 3), averaged));
        }));
        cases.add(OperatorCase.of("option A shortcut", m -> {
            String x = m.input(2, 4, 6, 6);
            String half = m.opset() < 10
                    ? m.node(
                            "Slice",
                            attrs().ints("starts", 0, 0).ints("ends", 6, 6).ints("axes", 2, 3),
                            x)
                    : m.node("Slice", x, m.ints(0, 0), m.ints(6, 6), m.ints(2, 3), m.ints(2, 2));
            m.output(pad(m, "constant", half, 0, 2, 0, 0, 0, 2, 0, 0));
        }));
    }

    private static OperatorCase pad(String name, String mode, long... pads) {
        return OperatorCase.of("Pad " + name, m -> m.output(pad(m, mode, m.input(2, 3, 4, 5), pads)));
    }

    private static String pad(PeerModel m, String mode, String x, long... pads) {
        return m.opset() < 11
                ? m.node("Pad", attrs().s("mode", mode).ints("pads", pads), x)
                : m.node("Pad", attrs().s("mode", mode), x, m.ints(pads));
    }

    private static void gather(List<OperatorCase> cases) {
        for (int axis = 0; axis < 3; axis++) {
            Attributes attributes = attrs().i("axis", axis);
            cases.add(OperatorCase.of(
                    "Gather " + axis,
                    m -> m.output(m.node("Gather", attributes, m.input(3, 4, 5), m.ints(2, 0, 0, 1)))));
        }
        cases.add(OperatorCase.of(
                "Gather of a scalar index",
                m -> m.output(m.node("Gather", attrs().i("axis", 1), m.input(3, 4, 5), m.constant(longScalar(3))))));
        cases.add(OperatorCase.of(
                "Gather of a matrix of indices",
                m -> m.output(m.node(
                        "Gather",
                        attrs().i("axis", 1),
                        m.input(3, 4, 5),
                        m.constant(Tensor.of(Shape.of(2, 2), 0, 3, 1, 1))))));
        cases.add(OperatorCase.of(
                        "Gather, negative indices",
                        m -> m.output(m.node("Gather", attrs().i("axis", -1), m.input(3, 4, 5), m.ints(-1, -5, 2))))
                .since(11));
    }
}
