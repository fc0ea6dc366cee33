package dev.sardonyx.compiler.passes;

import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Op;
import java.util.Optional;

/**
 * Moves Relu, Clip and LeakyRelu into the epilogue of the Conv before them.
 *
 * <pre>
 *   x ─→ Conv ─→ Relu ─→ y     ⇒     x ─→ Conv[activation = Relu] ─→ y
 * </pre>
 *
 * <p>Not where anyone else reads the Conv's result.
 */
public final class FuseActivation implements Pass {

    @Override
    public String name() {
        return "fuse-activation";
    }

    @Override
    public String description() {
        return "Moves Relu, Clip and LeakyRelu into the epilogue of the Conv before them.";
    }

    @Override
    public String effect() {
        return "fused as activation";
    }

    @Override
    public Graph apply(Graph graph) {
        return Rewriter.rewrite(graph, FuseActivation::fuse);
    }

    private static Optional<Rewriter.Replacement> fuse(Node node, Rewriter graph) {
        return activation(node.op())
                .flatMap(activation ->
                        graph.producer(node.input(0)).flatMap(producer -> withActivation(producer, activation, graph)));
    }

    private static Optional<Rewriter.Replacement> withActivation(Node node, Activation activation, Rewriter graph) {
        return node.op() instanceof Op.Conv conv
                        && conv.activation().equals(Activation.NONE)
                        && graph.isReadOnce(node.output())
                ? Optional.of(new Rewriter.Replacement.Operation(
                        new Op.Conv(conv.window(), conv.group(), conv.bias(), conv.residual(), activation),
                        node.inputs()))
                : Optional.empty();
    }

    private static Optional<Activation> activation(Op op) {
        return switch (op) {
            case Op.Relu _ -> Optional.of(new Activation.Relu());
            case Op.Clip(float min, float max) -> Optional.of(new Activation.Clip(min, max));
            case Op.LeakyRelu(float alpha) -> Optional.of(new Activation.LeakyRelu(alpha));
            default -> Optional.empty();
        };
    }
}
