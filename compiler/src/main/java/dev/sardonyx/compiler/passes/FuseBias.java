package dev.sardonyx.compiler.passes;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Node;
import java.util.Optional;

/**
 * Makes the Add (or Sub) of a constant by channel the bias of the Conv, Gemm or MatMul before it.
 *
 * <pre>
 *   x ─→ Conv(W) ─→ Add(c) ─→ y     ⇒     x ─→ Conv(W, c) ─→ y
 * </pre>
 *
 * <p>Not where anyone else reads the Conv's result.
 */
public final class FuseBias implements Pass {

    @Override
    public String name() {
        return "fuse-bias";
    }

    @Override
    public String description() {
        return "Makes the Add of a constant by channel the bias of the Conv or Gemm before it.";
    }

    @Override
    public String effect() {
        return "fused as bias";
    }

    @Override
    public Graph apply(Graph graph) {
        return Rewriter.rewrite(graph, FuseBias::fuse);
    }

    private static Optional<Rewriter.Replacement> fuse(Node node, Rewriter graph) {
        return AffineStep.runEndingAt(node, graph, AffineStep::onlyShifts)
                .flatMap(run ->
                        Linear.giving(run.input(), graph).flatMap(linear -> linear.followedBy(run.affine(), graph)));
    }
}
