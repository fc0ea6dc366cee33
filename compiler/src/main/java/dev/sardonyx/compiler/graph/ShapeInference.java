package dev.sardonyx.compiler.graph;

import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.runtime.ElementType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * The type of an operator's output, and the rules that its inputs and attributes obey: number of inputs, element types, ranks,
 * channel counts, windows that fit. All arithmetic on sizes is checked for overflow.
 */
public final class ShapeInference {

    private ShapeInference() {}

    /**
     * The type of {@code op}'s output.
     *
     * @throws IllegalArgumentException if the inputs or the attributes break a rule of the operator; the message is the rule,
     *     without the node's name
     */
    public static TensorType infer(Op op, List<TensorType> inputs) {
        try {
            return inferUnchecked(op, inputs);
        } catch (ArithmeticException overflow) {
            throw new IllegalArgumentException("sizes exceed 2^31 - 1", overflow);
        }
    }

    private static TensorType inferUnchecked(Op op, List<TensorType> inputs) {
        return switch (op) {
            case Op.Conv conv -> conv(conv, inputs);
            case Op.BatchNormalization _ -> batchNormalization(inputs);
            case Op.Relu _, Op.LeakyRelu _, Op.Clip _, Op.Sigmoid _, Op.Tanh _, Op.Sqrt _ -> floating(inputs, 1);
            case Op.PRelu _ -> pRelu(inputs);
            case Op.Softmax softmax -> softmax(softmax.axis(), softmax.endAxis(), inputs);
            case Op.LogSoftmax softmax -> softmax(softmax.axis(), softmax.endAxis(), inputs);
            case Op.Add _, Op.Sub _, Op.Mul _, Op.Div _, Op.Max _, Op.Min _ -> arithmetic(inputs);
            case Op.MaxPool pool -> pool(pool.window(), pool.ceilMode(), inputs);
            case Op.AveragePool pool -> pool(pool.window(), pool.ceilMode(), inputs);
            case Op.GlobalAveragePool _, Op.GlobalMaxPool _ -> globalPool(inputs);
            case Op.ReduceMean mean -> reduceMean(mean, inputs);
            case Op.Gemm gemm -> gemm(gemm, inputs);
            case Op.MatMul _ -> matMul(inputs);
            case Op.Reshape reshape -> reshape(reshape, inputs);
            case Op.Transpose transpose -> transpose(transpose, inputs);
            case Op.Concat concat -> concat(concat, inputs);
            case Op.Slice slice -> slice(slice, inputs);
            case Op.Pad pad -> pad(pad, inputs);
            case Op.Gather gather -> gather(gather, inputs);
            case Op.Cast cast -> new TensorType(cast.to(), any(inputs, 1).shape());
            case Op.LRN lrn -> lrn(lrn, inputs);
        };
    }

    private static TensorType conv(Op.Conv conv, List<TensorType> inputs) {
        TensorType input = floating(inputs, 2 + (conv.bias() ? 1 : 0) + (conv.residual() ? 1 : 0));
        Shape x = image(input);
        Shape w = inputs.get(1).shape();
        require(w.rank() == 4, "weights must have the axes [M, C/group, kH, kW], not the shape " + w);
        Window window = conv.window();
        require(
                w.dim(2) == window.kernelH() && w.dim(3) == window.kernelW(),
                "kernel_shape is %d×%d, but the weights are %d×%d",
                window.kernelH(),
                window.kernelW(),
                w.dim(2),
                w.dim(3));
        int group = conv.group();
        require(group >= 1, "group is " + group + ", but must be at least 1");
        require(x.dim(1) % group == 0, "input has %d channels, which %d groups do not divide", x.dim(1), group);
        require(w.dim(0) % group == 0, "output has %d channels, which %d groups do not divide", w.dim(0), group);
        long expected = (long) w.dim(1) * group;
        require(x.dim(1) == expected, "input has %d channels, but the weights expect %d", x.dim(1), expected);
        if (conv.bias()) {
            requireShape(inputs.get(2).shape(), Shape.of(w.dim(0)), "bias");
        }
        Shape output = Shape.of(
                x.dim(0),
                w.dim(0),
                fit(window.outputH(x.dim(2)), window.spanH(), x.dim(2), "rows"),
                fit(window.outputW(x.dim(3)), window.spanW(), x.dim(3), "columns"));
        if (conv.residual()) {
            requireShape(inputs.getLast().shape(), output, "residual");
        }
        return input.withShape(output);
    }

    private static TensorType batchNormalization(List<TensorType> inputs) {
        TensorType input = floating(inputs, 5);
        require(input.shape().rank() >= 2, "input must have the axes [N, C, …], not the shape " + input.shape());
        Shape channels = Shape.of(input.shape().dim(1));
        requireShape(inputs.get(1).shape(), channels, "scale");
        requireShape(inputs.get(2).shape(), channels, "B");
        requireShape(inputs.get(3).shape(), channels, "mean");
        requireShape(inputs.get(4).shape(), channels, "var");
        return input;
    }

    private static TensorType pRelu(List<TensorType> inputs) {
        TensorType input = floating(inputs, 2);
        Shape slope = inputs.get(1).shape();
        require(
                Shape.broadcast(input.shape(), slope).equals(input.shape()),
                "slope %s does not broadcast to the input %s",
                slope,
                input.shape());
        return input;
    }

    private static TensorType softmax(int axis, int endAxis, List<TensorType> inputs) {
        TensorType input = floating(inputs, 1);
        require(
                0 <= axis && axis < endAxis && endAxis <= input.shape().rank(),
                "axes %d to %d are not axes of %s",
                axis,
                endAxis - 1,
                input.shape());
        return input;
    }

    private static TensorType arithmetic(List<TensorType> inputs) {
        TensorType left = any(inputs, 2);
        requireSameElement(inputs);
        require(left.element() != ElementType.BOOL, "bool has no arithmetic");
        return left.withShape(Shape.broadcast(left.shape(), inputs.get(1).shape()));
    }

    private static TensorType pool(Window window, boolean ceilMode, List<TensorType> inputs) {
        TensorType input = floating(inputs, 1);
        Shape x = image(input);
        int rows = fit(
                poolSize(window.outputH(x.dim(2)), x.dim(2), new Axis(window, true), ceilMode),
                window.spanH(),
                x.dim(2),
                "rows");
        int columns = fit(
                poolSize(window.outputW(x.dim(3)), x.dim(3), new Axis(window, false), ceilMode),
                window.spanW(),
                x.dim(3),
                "columns");
        new Axis(window, true).requireTapInside(rows, x.dim(2), "rows");
        new Axis(window, false).requireTapInside(columns, x.dim(3), "columns");
        return input.withShape(Shape.of(x.dim(0), x.dim(1), rows, columns));
    }

    /**
     * Output size of a pooling. With {@code ceilMode} it is rounded up, except that the last window begins inside the input or
     * the padding before it (ONNX since 1.16, as PyTorch).
     */
    private static int poolSize(int roundedDown, int size, Axis axis, boolean ceilMode) {
        if (!ceilMode || roundedDown < 0) {
            return roundedDown;
        }
        long padded = (long) size + axis.before + axis.after;
        long used = axis.span() + (long) (roundedDown - 1) * axis.stride;
        boolean remainder = padded > used;
        boolean beginsInside = (long) roundedDown * axis.stride < (long) size + axis.before;
        return remainder && beginsInside ? roundedDown + 1 : roundedDown;
    }

    /** One axis of a window. */
    private record Axis(int kernel, int stride, int dilation, int before, int after) {
        Axis(Window window, boolean vertical) {
            this(
                    vertical ? window.kernelH() : window.kernelW(),
                    vertical ? window.strideH() : window.strideW(),
                    vertical ? window.dilationH() : window.dilationW(),
                    vertical ? window.padTop() : window.padLeft(),
                    vertical ? window.padBottom() : window.padRight());
        }

        long span() {
            return (long) (kernel - 1) * dilation + 1;
        }

        /** A window that sees nothing but padding has no maximum and no average. */
        void requireTapInside(int output, int size, String unit) {
            for (long i = 0, start = -before; i < output && start < 0; i++, start += stride) {
                long first = Math.floorMod(start, (long) dilation);
                require(
                        first < size && (first - start) / dilation < kernel,
                        "a window lies in the padding alone: %s %d to %d of %d",
                        unit,
                        start,
                        start + span() - 1,
                        size);
            }
            long last = (output - 1L) * stride - before;
            require(last < size, "a window lies in the padding alone: it begins at %s %d of %d", unit, last, size);
        }
    }

    private static TensorType globalPool(List<TensorType> inputs) {
        TensorType input = floating(inputs, 1);
        Shape x = input.shape();
        require(x.rank() >= 3, "input must have the axes [N, C, H, …], not the shape " + x);
        requireElements(x, 2, x.rank());
        List<Integer> dims = new ArrayList<>(x.dims().subList(0, 2));
        for (int axis = 2; axis < x.rank(); axis++) {
            dims.add(1);
        }
        return input.withShape(new Shape(dims));
    }

    private static TensorType reduceMean(Op.ReduceMean mean, List<TensorType> inputs) {
        TensorType input = floating(inputs, 1);
        Shape x = input.shape();
        requireAxes(mean.axes(), x);
        List<Integer> dims = new ArrayList<>();
        for (int axis = 0; axis < x.rank(); axis++) {
            if (!mean.axes().contains(axis)) {
                dims.add(x.dim(axis));
            } else {
                requireElements(x, axis, axis + 1);
                if (mean.keepDims()) {
                    dims.add(1);
                }
            }
        }
        return input.withShape(new Shape(dims));
    }

    private static TensorType gemm(Op.Gemm gemm, List<TensorType> inputs) {
        require(inputs.size() == 2 || inputs.size() == 3, "takes 2 or 3 inputs, not " + inputs.size());
        TensorType input = floating(inputs, inputs.size());
        Shape a = inputs.get(0).shape();
        Shape b = inputs.get(1).shape();
        require(a.rank() == 2 && b.rank() == 2, "A and B must be matrices, not %s and %s", a, b);
        int inner = a.dim(gemm.transA() ? 0 : 1);
        int innerB = b.dim(gemm.transB() ? 1 : 0);
        require(inner == innerB, "A has %d columns, but B has %d rows", inner, innerB);
        Shape output = Shape.of(a.dim(gemm.transA() ? 1 : 0), b.dim(gemm.transB() ? 0 : 1));
        if (inputs.size() == 3) {
            Shape c = inputs.get(2).shape();
            require(Shape.broadcast(output, c).equals(output), "C %s does not broadcast to %s", c, output);
        }
        return input.withShape(output);
    }

    private static TensorType matMul(List<TensorType> inputs) {
        TensorType input = floating(inputs, 2);
        Shape a = inputs.get(0).shape();
        Shape b = inputs.get(1).shape();
        require(a.rank() >= 1 && b.rank() >= 1, "A and B must not be scalars");
        int inner = a.dim(a.rank() - 1);
        int innerB = b.dim(Math.max(b.rank() - 2, 0));
        require(inner == innerB, "A has %d columns, but B has %d rows", inner, innerB);
        List<Integer> dims = new ArrayList<>(Shape.broadcast(batch(a), batch(b)).dims());
        if (a.rank() > 1) {
            dims.add(a.dim(a.rank() - 2));
        }
        if (b.rank() > 1) {
            dims.add(b.dim(b.rank() - 1));
        }
        return input.withShape(new Shape(dims));
    }

    /** The axes before the matrix. */
    private static Shape batch(Shape shape) {
        return new Shape(shape.dims().subList(0, Math.max(shape.rank() - 2, 0)));
    }

    private static TensorType reshape(Op.Reshape reshape, List<TensorType> inputs) {
        TensorType input = any(inputs, 1);
        require(
                input.shape().elements() == reshape.target().elements(),
                "%s does not have as many elements as %s",
                input.shape(),
                reshape.target());
        return input.withShape(reshape.target());
    }

    private static TensorType transpose(Op.Transpose transpose, List<TensorType> inputs) {
        TensorType input = any(inputs, 1);
        requireAxes(transpose.permutation(), input.shape());
        requirePerAxis(transpose.permutation(), input.shape(), "perm");
        return input.withShape(new Shape(
                transpose.permutation().stream().map(input.shape()::dim).toList()));
    }

    private static TensorType concat(Op.Concat concat, List<TensorType> inputs) {
        require(!inputs.isEmpty(), "takes at least one input");
        requireSameElement(inputs);
        Shape first = inputs.getFirst().shape();
        int axis = concat.axis();
        requireAxes(List.of(axis), first);
        int total = 0;
        for (TensorType input : inputs) {
            Shape shape = input.shape();
            require(
                    shape.rank() == first.rank() && replace(shape, axis, 0).equals(replace(first, axis, 0)),
                    "inputs %s and %s differ outside axis %d",
                    first,
                    shape,
                    axis);
            total = Math.addExact(total, shape.dim(axis));
        }
        return inputs.getFirst().withShape(replace(first, axis, total));
    }

    private static TensorType slice(Op.Slice slice, List<TensorType> inputs) {
        TensorType input = any(inputs, 1);
        Shape x = input.shape();
        requirePerAxis(slice.starts(), x, "starts");
        requirePerAxis(slice.steps(), x, "steps");
        requirePerAxis(slice.sizes(), x, "sizes");
        for (int axis = 0; axis < x.rank(); axis++) {
            long start = slice.starts().get(axis);
            long step = slice.steps().get(axis);
            int size = slice.sizes().get(axis);
            require(step != 0, "step is 0 on axis " + axis);
            require(size >= 0, "size is negative on axis " + axis);
            if (size > 0) {
                long last = start + step * (size - 1L);
                require(
                        inside(start, x.dim(axis)) && inside(last, x.dim(axis)),
                        "elements %d to %d are not inside axis %d of %s",
                        start,
                        last,
                        axis,
                        x);
            }
        }
        return input.withShape(new Shape(slice.sizes()));
    }

    private static TensorType pad(Op.Pad pad, List<TensorType> inputs) {
        TensorType input = any(inputs, 1);
        Shape x = input.shape();
        requirePerAxis(pad.before(), x, "pads");
        requirePerAxis(pad.after(), x, "pads");
        List<Integer> dims = new ArrayList<>();
        for (int axis = 0; axis < x.rank(); axis++) {
            int before = pad.before().get(axis);
            int after = pad.after().get(axis);
            require(before >= 0 && after >= 0, "pads must not be negative");
            int limit = switch (pad.mode()) {
                case CONSTANT -> Integer.MAX_VALUE;
                case REFLECT -> Math.max(x.dim(axis) - 1, 0);
                case EDGE -> x.dim(axis) == 0 ? 0 : Integer.MAX_VALUE;
            };
            require(
                    Math.max(before, after) <= limit,
                    "mode %s cannot pad axis %d of %s by %d",
                    pad.mode(),
                    axis,
                    x,
                    Math.max(before, after));
            dims.add(Math.addExact(x.dim(axis), Math.addExact(before, after)));
        }
        return input.withShape(new Shape(dims));
    }

    private static TensorType gather(Op.Gather gather, List<TensorType> inputs) {
        TensorType data = any(inputs, 2);
        TensorType indices = inputs.get(1);
        require(
                indices.element() == ElementType.INT64 || indices.element() == ElementType.INT32,
                "indices must be int64 or int32, not " + indices);
        int axis = gather.axis();
        requireAxes(List.of(axis), data.shape());
        List<Integer> dims = new ArrayList<>(data.shape().dims().subList(0, axis));
        dims.addAll(indices.shape().dims());
        dims.addAll(data.shape().dims().subList(axis + 1, data.shape().rank()));
        return data.withShape(new Shape(dims));
    }

    private static TensorType lrn(Op.LRN lrn, List<TensorType> inputs) {
        TensorType input = floating(inputs, 1);
        require(input.shape().rank() >= 2, "input must have the axes [N, C, …], not the shape " + input.shape());
        require(lrn.size() >= 1, "size is " + lrn.size() + ", but must be at least 1");
        return input;
    }

    /** Checks the number of inputs; the first one's type. */
    private static TensorType any(List<TensorType> inputs, int count) {
        require(inputs.size() == count, "takes %d inputs, not %d", count, inputs.size());
        return inputs.getFirst();
    }

    /** Checks that there are {@code count} inputs of one floating-point type; the first one's type. */
    private static TensorType floating(List<TensorType> inputs, int count) {
        TensorType first = any(inputs, count);
        require(first.element().isFloatingPoint(), "input must be floating-point, not " + first);
        requireSameElement(inputs);
        return first;
    }

    private static void requireSameElement(List<TensorType> inputs) {
        ElementType first = inputs.getFirst().element();
        for (TensorType input : inputs) {
            require(input.element() == first, "inputs %s and %s differ in element type", inputs.getFirst(), input);
        }
    }

    private static Shape image(TensorType input) {
        require(input.shape().rank() == 4, "input must have the axes [N, C, H, W], not the shape " + input.shape());
        return input.shape();
    }

    private static int fit(int output, int span, int size, String unit) {
        require(output >= 1, "a window of %d %s does not fit into %d and the padding", span, unit, size);
        return output;
    }

    private static void requireShape(Shape actual, Shape expected, String what) {
        require(actual.equals(expected), "%s must have the shape %s, not %s", what, expected, actual);
    }

    private static void requireElements(Shape shape, int from, int to) {
        require(!shape.dims().subList(from, to).contains(0), "nothing to reduce in " + shape);
    }

    private static void requirePerAxis(List<Integer> values, Shape shape, String what) {
        require(values.size() == shape.rank(), "%s are for %d axes, but the input is %s", what, values.size(), shape);
    }

    private static void requireAxes(List<Integer> axes, Shape shape) {
        require(new HashSet<>(axes).size() == axes.size(), "axes %s repeat", axes);
        for (int axis : axes) {
            require(inside(axis, shape.rank()), "axis %d is not an axis of %s", axis, shape);
        }
    }

    private static boolean inside(long index, int size) {
        return 0 <= index && index < size;
    }

    private static Shape replace(Shape shape, int axis, int size) {
        List<Integer> dims = new ArrayList<>(shape.dims());
        dims.set(axis, size);
        return new Shape(dims);
    }

    private static void require(boolean condition, String rule) {
        if (!condition) {
            throw new IllegalArgumentException(rule);
        }
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would cost a dependency
    private static void require(boolean condition, String rule, Object... arguments) {
        if (!condition) {
            throw new IllegalArgumentException(rule.formatted(arguments));
        }
    }
}
