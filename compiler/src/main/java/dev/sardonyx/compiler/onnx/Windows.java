package dev.sardonyx.compiler.onnx;

import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Shape;
import java.util.stream.IntStream;

/** The sliding windows of Conv, MaxPool and AveragePool. */
final class Windows {

    private Windows() {}

    /**
     * A window and how its output's size is rounded.
     *
     * @param fixedSize whether auto_pad decides the output's size, so that ceil_mode means nothing
     */
    record Resolved(Window window, boolean fixedSize) {}

    /**
     * Reads strides, pads and auto_pad, and dilations where the operator has them: for two axes, or for the one of a line.
     *
     * @param input [N, C, H, W]; of a line, [N, C, 1, W]
     * @param kernelShape of the kernel, by axis
     */
    static Resolved resolve(Translation node, Shape input, long[] kernelShape, boolean dilated) {
        int axes = node.shape(0).rank() - 2;
        int[] kernel = image(Ints.exactly(axes, kernelShape, "kernel_shape"), 1);
        int[] strides = image(read(node, "strides", axes, 1), 1);
        int[] dilations = dilated ? image(read(node, "dilations", axes, 1), 1) : new int[] {1, 1};
        int[] given = read(node, "pads", 2 * axes, 0);
        int[] pads = axes == 1 ? new int[] {0, given[0], 0, given[1]} : given;
        for (int pad : pads) {
            if (pad < 0) {
                throw new UnsupportedNodeException("negative pads are not supported");
            }
        }
        Window window =
                new Window(kernel[0], kernel[1], strides[0], strides[1], dilations[0], dilations[1], 0, 0, 0, 0);
        String autoPad = node.attributes().text("auto_pad", "NOTSET");
        return switch (autoPad) {
            case "NOTSET" -> new Resolved(window.withPads(pads[0], pads[1], pads[2], pads[3]), false);
            case "VALID" -> new Resolved(window, false);
            case "SAME_UPPER", "SAME_LOWER" -> new Resolved(same(window, input, autoPad.equals("SAME_UPPER")), true);
            default -> throw new IllegalArgumentException("auto_pad " + Place.quote(autoPad) + " does not exist");
        };
    }

    /** Pads so that the output's size is the input's divided by the stride, rounded up. */
    private static Window same(Window window, Shape input, boolean moreAtEnd) {
        int rows = samePads(input.dim(2), window.strideH(), window.spanH());
        int columns = samePads(input.dim(3), window.strideW(), window.spanW());
        int top = moreAtEnd ? rows / 2 : Math.ceilDiv(rows, 2);
        int left = moreAtEnd ? columns / 2 : Math.ceilDiv(columns, 2);
        return window.withPads(top, left, rows - top, columns - left);
    }

    private static int samePads(int size, int stride, int span) {
        long needed = (Math.ceilDiv(size, stride) - 1L) * stride + span;
        return Math.toIntExact(Math.max(needed - size, 0));
    }

    private static int[] read(Translation node, String name, int count, int otherwise) {
        return node.attributes()
                .integers(name)
                .map(values -> Ints.exactly(count, values, name))
                .orElseGet(
                        () -> IntStream.generate(() -> otherwise).limit(count).toArray());
    }

    /** A value for both axes: {@code forRows} for the rows of a line. */
    private static int[] image(int[] values, int forRows) {
        return values.length == 1 ? new int[] {forRows, values[0]} : values;
    }
}
