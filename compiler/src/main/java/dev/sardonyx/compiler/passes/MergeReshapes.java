package dev.sardonyx.compiler.passes;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Value;
import java.util.List;
import java.util.Optional;

/**
 * Moves Reshapes behind the activations after them, and makes those that meet one, or none where they undo each other. A
 * Transpose that moves only axes of one element is a Reshape.
 *
 * <pre>
 *   x ─→ Conv ─→ Reshape[N, M] ─→ Relu ─→ Reshape[N, M, 1, 1] ─→ Conv ─→ y
 *                                     ⇒
 *   x ─→ Conv ─→ Relu ─→ Conv ─→ y
 * </pre>
 *
 * <p>A Reshape stays before an activation if others read its result.
 */
public final class MergeReshapes implements Pass {

    @Override
    public String name() {
        return "merge-reshapes";
    }

    @Override
    public String description() {
        return "Moves Reshapes behind activations and makes those that meet one, or none where they undo each other.";
    }

    @Override
    public String effect() {
        return "merged";
    }

    @Override
    public Graph apply(Graph graph) {
        return Rewriter.rewrite(graph, MergeReshapes::rewrite);
    }

    private static Optional<Rewriter.Replacement> rewrite(Node node, Rewriter graph) {
        Value x = node.input(0);
        return switch (node.op()) {
            case Op.Reshape _
            when x.shape().equals(node.output().shape()) -> Optional.of(new Rewriter.Replacement.Existing(x));
            case Op.Reshape reshape ->
                reshapeGiving(x, graph).map(first -> new Rewriter.Replacement.Operation(reshape, first.inputs()));
            case Op.Transpose(List<Integer> permutation)
            when RemoveIdentities.keepsOrder(permutation, node.output().shape()) ->
                Optional.of(new Rewriter.Replacement.Operation(
                        new Op.Reshape(node.output().shape()), node.inputs()));
            case Op.Relu _, Op.LeakyRelu _, Op.Clip _, Op.Sigmoid _, Op.Tanh _
            when graph.isReadOnce(x) -> reshapeGiving(x, graph).map(first -> behind(node, first, graph));
            default -> Optional.empty();
        };
    }

    private static Optional<Node> reshapeGiving(Value value, Rewriter graph) {
        return graph.producer(value).filter(node -> node.op() instanceof Op.Reshape);
    }

    private static Rewriter.Replacement behind(Node activation, Node reshape, Rewriter graph) {
        Value x = reshape.input(0);
        Value activated = graph.insert(
                activation.op(), List.of(x), x.type(), activation.output().name(), activation);
        return new Rewriter.Replacement.Moved(new Op.Reshape(activation.output().shape()), List.of(activated), reshape);
    }
}
