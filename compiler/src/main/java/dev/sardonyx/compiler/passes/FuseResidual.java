package dev.sardonyx.compiler.passes;

import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Moves the Add that closes a residual block into the epilogue of the Conv before it.
 *
 * <pre>
 *   x ─→ Conv ─┐
 *              ├─→ Add ─→ y     ⇒     x ─→ Conv[residual = r] ─→ y
 *   r ─────────┘
 * </pre>
 *
 * <p>Only where both summands have the sum's shape, nobody else reads the Conv's result, and its epilogue is free. Of two such
 * Convs the later one takes the Add: the other's result is there by then.
 */
public final class FuseResidual implements Pass {

    @Override
    public String name() {
        return "fuse-residual";
    }

    @Override
    public String description() {
        return "Moves the Add that closes a residual block into the epilogue of the Conv before it.";
    }

    @Override
    public String effect() {
        return "fused as residual";
    }

    @Override
    public Graph apply(Graph graph) {
        return Rewriter.rewrite(graph, FuseResidual::fuse);
    }

    private static Optional<Rewriter.Replacement> fuse(Node node, Rewriter graph) {
        if (!(node.op() instanceof Op.Add)) {
            return Optional.empty();
        }
        Value left = node.input(0);
        Value right = node.input(1);
        if (!left.type().equals(right.type()) || graph.isConstant(left) || graph.isConstant(right)) {
            return Optional.empty();
        }
        return graph.isDefinedAfter(left, right)
                ? withResidual(left, right, graph).or(() -> withResidual(right, left, graph))
                : withResidual(right, left, graph).or(() -> withResidual(left, right, graph));
    }

    private static Optional<Rewriter.Replacement> withResidual(Value sum, Value residual, Rewriter graph) {
        return graph.producer(sum)
                .filter(node -> graph.isReadOnce(sum)
                        && node.op() instanceof Op.Conv conv
                        && !conv.residual()
                        && conv.activation().equals(Activation.NONE))
                .map(node -> {
                    Op.Conv conv = (Op.Conv) node.op();
                    List<Value> inputs = new ArrayList<>(node.inputs());
                    inputs.add(residual);
                    return new Rewriter.Replacement.Operation(
                            new Op.Conv(conv.window(), conv.group(), conv.bias(), true, conv.activation()), inputs);
                });
    }
}
