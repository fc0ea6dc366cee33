package dev.sardonyx.compiler.onnx;

import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.ShapeInference;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.compiler.onnx.Translator.Definition;
import dev.sardonyx.compiler.onnx.Windows.Resolved;
import java.util.ArrayList;
import java.util.List;

/** Operators that slide a window over images, or over lines, which pass as images of one row. */
final class WindowOperators {

    /** Positions of a kernel whose weights come at run time: each becomes a node. */
    private static final int MOST_TAPS = 1024;

    private WindowOperators() {}

    static Definition conv(Translation node) {
        Value x = image(node, node.input(0));
        Value weights = image(node, node.input(1));
        if (node.shape(1).rank() != node.shape(0).rank()) {
            throw new IllegalArgumentException("the weights of %s must have as many axes, not the shape %s"
                    .formatted(node.shape(0), node.shape(1)));
        }
        long[] kernel = node.attributes()
                .integers("kernel_shape")
                .orElseGet(() -> node.shape(1).dims().stream()
                        .skip(2)
                        .mapToLong(Integer::longValue)
                        .toArray());
        Window window = Windows.resolve(node, x.shape(), kernel, true).window();
        int group = node.attributes().integer("group", 1);
        boolean fixed = node.isConstant(1);
        boolean biased = node.has(2);
        Op.Conv conv = new Op.Conv(window, group, fixed && biased && node.isConstant(2), false, Activation.NONE);
        if (conv.bias()) {
            return result(node, conv, x, weights, node.input(2));
        }
        if (fixed && !biased) {
            return result(node, conv, x, weights);
        }
        Value sums = fixed ? node.emit(conv, x, weights) : product(node, conv, x, weights);
        if (!biased) {
            return result(node, sums);
        }
        Value bias = node.emit(new Op.Reshape(Shape.of(sums.shape().dim(1), 1, 1)), node.input(2));
        return result(node, new Op.Add(), sums, bias);
    }

    /**
     * A convolution whose weights come at run time: by image and group, a product of matrices.
     *
     * <pre>
     *   x ─→ Slice for each tap ─→ Concat[N, group, C/group·taps, pixels] ─┐
     *                                                                      ├─→ MatMul ─→ y
     *   weights ─→ Reshape[group, M/group, C/group·taps] ──────────────────┘
     * </pre>
     */
    private static Value product(Translation node, Op.Conv conv, Value x, Value weights) {
        Shape y = ShapeInference.infer(conv, List.of(x.type(), weights.type())).shape();
        Window window = conv.window();
        int taps = Math.multiplyExact(window.kernelH(), window.kernelW());
        if (taps > MOST_TAPS) {
            throw new UnsupportedNodeException("the weights of so large a kernel must be known at compile time");
        }
        Value padded = window.hasPads()
                ? node.emit(
                        new Op.Pad(
                                List.of(0, 0, window.padTop(), window.padLeft()),
                                List.of(0, 0, window.padBottom(), window.padRight()),
                                Op.Pad.Mode.CONSTANT,
                                0),
                        x)
                : x;
        int channels = x.shape().dim(1);
        int pixels = y.product(2, 4);
        List<Integer> sizes = List.of(y.dim(0), channels, y.dim(2), y.dim(3));
        List<Integer> steps = List.of(1, 1, window.strideH(), window.strideW());
        List<Value> columns = new ArrayList<>();
        for (int row = 0; row < window.kernelH(); row++) {
            for (int column = 0; column < window.kernelW(); column++) {
                List<Integer> starts = List.of(0, 0, row * window.dilationH(), column * window.dilationW());
                Value tap = node.emit(new Op.Slice(starts, steps, sizes), padded);
                columns.add(node.emit(new Op.Reshape(Shape.of(y.dim(0), channels, 1, pixels)), tap));
            }
        }
        int inner = channels / conv.group() * taps;
        Value joined = node.emit(new Op.Concat(2), columns.toArray(Value[]::new));
        Value right = node.emit(new Op.Reshape(Shape.of(y.dim(0), conv.group(), inner, pixels)), joined);
        Value left = node.emit(new Op.Reshape(Shape.of(conv.group(), y.dim(1) / conv.group(), inner)), weights);
        return node.emit(new Op.Reshape(y), node.emit(new Op.MatMul(), left, right));
    }

    static Definition maxPool(Translation node) {
        // Only says how the second output numbers the positions.
        node.attributes().ignore("storage_order");
        Value x = image(node, node.input(0));
        node.requireFloatingPoint(x);
        Resolved resolved = pool(node, x, node.opset() >= 10);
        return result(node, new Op.MaxPool(resolved.window(), ceilMode(node, resolved)), x);
    }

    static Definition averagePool(Translation node) {
        Value x = image(node, node.input(0));
        Resolved resolved = pool(node, x, node.opset() >= 19);
        boolean countIncludePad = node.attributes().flag("count_include_pad", false);
        return result(node, new Op.AveragePool(resolved.window(), ceilMode(node, resolved), countIncludePad), x);
    }

    private static Resolved pool(Translation node, Value x, boolean dilated) {
        return Windows.resolve(node, x.shape(), node.attributes().requiredIntegers("kernel_shape"), dilated);
    }

    private static boolean ceilMode(Translation node, Resolved resolved) {
        return node.opset() >= 10 && node.attributes().flag("ceil_mode", false) && !resolved.fixedSize();
    }

    /** An image [N, C, H, W] as it is, a line [N, C, W] as [N, C, 1, W]. */
    private static Value image(Translation node, Value value) {
        Shape shape = value.shape();
        return switch (shape.rank()) {
            case 3 -> node.emit(new Op.Reshape(Shape.of(shape.dim(0), shape.dim(1), 1, shape.dim(2))), value);
            case 4 -> value;
            default ->
                throw new UnsupportedNodeException(
                        "only images [N, C, H, W] and lines [N, C, W] are supported, not the shape " + shape);
        };
    }

    /** The node's output, given what computes it as an image. */
    private static Definition result(Translation node, Op op, Value... inputs) {
        return node.shape(0).rank() == 4
                ? new Definition.Applied(op, List.of(inputs))
                : result(node, node.emit(op, inputs));
    }

    private static Definition result(Translation node, Value image) {
        if (node.shape(0).rank() == 4) {
            return new Definition.Same(image);
        }
        Shape shape = image.shape();
        return new Definition.Applied(
                new Op.Reshape(Shape.of(shape.dim(0), shape.dim(1), shape.dim(3))), List.of(image));
    }
}
