package dev.sardonyx.compiler.passes;

import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.ShapeInference;
import dev.sardonyx.compiler.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a Pad of the image axes the padding of the Conv or pooling after it.
 *
 * <pre>
 *   x ─→ Pad(1) ─→ Conv[pads = 0] ─→ y     ⇒     x ─→ Conv[pads = 1] ─→ y
 * </pre>
 *
 * <p>A Conv pads with zeros, and so must the Pad. An AveragePool whose own padding does not count, if it has any, would have
 * to count one padding and not the other. A MaxPool's padding never wins, a Pad's does unless it is −∞, or 0 where nothing
 * is negative and no window sees padding alone. Where others read the padded value, the Pad stays for them.
 */
public final class FusePad implements Pass {

    /** How far {@link #isNonNegative} looks back; exports have a pooling or a Reshape between, not more. */
    private static final int LOOK_BACK = 8;

    @Override
    public String name() {
        return "fuse-pad";
    }

    @Override
    public String description() {
        return "Makes a Pad the padding of the Conv, AveragePool or MaxPool after it.";
    }

    @Override
    public String effect() {
        return "fused as padding";
    }

    @Override
    public Graph apply(Graph graph) {
        return Rewriter.rewrite(graph, FusePad::fuse);
    }

    private static Optional<Rewriter.Replacement> fuse(Node node, Rewriter graph) {
        return graph.producer(node.input(0))
                .flatMap(producer -> producer.op() instanceof Op.Pad pad && padsImageOnly(pad)
                        ? padded(node, pad, producer.input(0), graph)
                                .filter(op -> gives(op, producer.input(0), node))
                                .map(op -> reading(op, producer.input(0), node))
                        : Optional.empty());
    }

    private static boolean padsImageOnly(Op.Pad pad) {
        return pad.mode() == Op.Pad.Mode.CONSTANT
                && pad.before().size() == 4
                && pad.before().subList(0, 2).equals(List.of(0, 0))
                && pad.after().subList(0, 2).equals(List.of(0, 0));
    }

    /** The node's operation with the Pad's padding, where that means the same. */
    private static Optional<Op> padded(Node node, Op.Pad pad, Value image, Rewriter graph) {
        return switch (node.op()) {
            case Op.Conv conv
            when pad.value() == 0 ->
                Optional.of(new Op.Conv(
                        widened(conv.window(), pad), conv.group(), conv.bias(), conv.residual(), conv.activation()));
            case Op.AveragePool(Window window, boolean ceilMode, boolean countIncludePad)
            when pad.value() == 0 && !ceilMode && (countIncludePad || !window.hasPads()) ->
                Optional.of(new Op.AveragePool(widened(window, pad), false, true));
            case Op.MaxPool(Window window, boolean ceilMode)
            when !ceilMode
                    && (pad.value() == Float.NEGATIVE_INFINITY || (pad.value() == 0 && isNonNegative(image, graph))) ->
                Optional.of(new Op.MaxPool(widened(window, pad), false));
            default -> Optional.empty();
        };
    }

    private static Window widened(Window window, Op.Pad pad) {
        return window.withPads(
                window.padTop() + pad.before().get(2),
                window.padLeft() + pad.before().get(3),
                window.padBottom() + pad.after().get(2),
                window.padRight() + pad.after().get(3));
    }

    private static Rewriter.Replacement reading(Op op, Value image, Node node) {
        List<Value> inputs = new ArrayList<>(node.inputs());
        inputs.set(0, image);
        return new Rewriter.Replacement.Operation(op, inputs);
    }

    /** Whether {@code op} is legal on {@code image}, for poolings must not have windows in the padding alone. */
    private static boolean gives(Op op, Value image, Node node) {
        if (op instanceof Op.Conv) {
            return true;
        }
        try {
            return ShapeInference.infer(op, List.of(image.type()))
                    .equals(node.output().type());
        } catch (IllegalArgumentException illegal) {
            return false;
        }
    }

    private static boolean isNonNegative(Value value, Rewriter graph) {
        Optional<Node> producer = graph.producer(value);
        for (int step = 0; step < LOOK_BACK && producer.isPresent(); step++) {
            Op op = producer.get().op();
            if (op instanceof Op.MaxPool
                    || op instanceof Op.AveragePool
                    || op instanceof Op.Reshape
                    || op instanceof Op.Slice) {
                producer = graph.producer(producer.get().input(0));
            } else {
                return isNonNegative(op);
            }
        }
        return false;
    }

    private static boolean isNonNegative(Op op) {
        return switch (op) {
            case Op.Relu _, Op.Sigmoid _, Op.Softmax _ -> true;
            case Op.Clip(float min, float max) -> min >= 0 && max >= 0;
            case Op.Conv conv ->
                switch (conv.activation()) {
                    case Activation.Relu _ -> true;
                    case Activation.Clip(float min, float max) -> min >= 0 && max >= 0;
                    case Activation.Identity _, Activation.LeakyRelu _ -> false;
                };
            default -> false;
        };
    }
}
