package dev.sardonyx.compiler.onnx;

import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.compiler.onnx.Translator.Definition;
import dev.sardonyx.compiler.onnx.Windows.Resolved;
import java.util.List;

/** Operators that slide a window over an image. */
final class WindowOperators {

    private WindowOperators() {}

    static Definition conv(Translation node) {
        node.requireImage(node.input(0));
        Shape weights = node.constant(1, "weights").shape();
        if (weights.rank() != 4) {
            throw new IllegalArgumentException("the weights of an image must have 4 axes, not the shape " + weights);
        }
        long[] kernel =
                node.attributes().integers("kernel_shape").orElseGet(() -> new long[] {weights.dim(2), weights.dim(3)});
        int[] size = Ints.exactly(2, kernel, "kernel_shape");
        Window window =
                Windows.resolve(node, node.shape(0), size[0], size[1], true).window();
        int group = node.attributes().integer("group", 1);
        boolean bias = node.optionalConstant(2, "bias").isPresent();
        List<Value> inputs =
                bias ? List.of(node.input(0), node.input(1), node.input(2)) : List.of(node.input(0), node.input(1));
        return new Definition.Applied(new Op.Conv(window, group, bias, false, Activation.NONE), inputs);
    }

    static Definition maxPool(Translation node) {
        // Only says how the second output numbers the positions.
        node.attributes().ignore("storage_order");
        Resolved resolved = pool(node, node.opset() >= 10);
        return new Definition.Applied(
                new Op.MaxPool(resolved.window(), ceilMode(node, resolved)), List.of(node.input(0)));
    }

    static Definition averagePool(Translation node) {
        Resolved resolved = pool(node, node.opset() >= 19);
        boolean countIncludePad = node.attributes().flag("count_include_pad", false);
        return new Definition.Applied(
                new Op.AveragePool(resolved.window(), ceilMode(node, resolved), countIncludePad),
                List.of(node.input(0)));
    }

    private static Resolved pool(Translation node, boolean dilated) {
        node.requireImage(node.input(0));
        int[] size = Ints.exactly(2, node.attributes().requiredIntegers("kernel_shape"), "kernel_shape");
        return Windows.resolve(node, node.shape(0), size[0], size[1], dilated);
    }

    private static boolean ceilMode(Translation node, Resolved resolved) {
        return node.opset() >= 10 && node.attributes().flag("ceil_mode", false) && !resolved.fixedSize();
    }
}
