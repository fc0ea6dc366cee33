package dev.sardonyx.compiler.passes;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Node;
import java.util.Optional;

/**
 * Folds what scales and shifts the channels of a Conv, Gemm or MatMul into its weights and bias: BatchNormalization, or the
 * Mul and Add that some exporters write for it, any number of them in a row.
 *
 * <pre>
 *   x ─→ Conv(W, B) ─→ BatchNormalization(scale, B', mean, var) ─→ y
 *                                    ⇒
 *   x ─→ Conv(s·W, s·(B − mean) + B') ─→ y           s = scale / √(var + ε)
 * </pre>
 *
 * <p>Not where anyone else reads an intermediate value, nor where a folded weight would not be finite: such a
 * normalization (var + ε ≤ 0, say) stays and computes what its formula gives. Folded in double, rounded once.
 */
public final class FoldBatchNorm implements Pass {

    @Override
    public String name() {
        return "fold-batch-norm";
    }

    @Override
    public String description() {
        return "Folds BatchNormalization, or Mul and Add by channel, into the weights and bias of the Conv or Gemm"
                + " before it.";
    }

    @Override
    public String effect() {
        return "folded into the weights before";
    }

    @Override
    public Graph apply(Graph graph) {
        return Rewriter.rewrite(graph, FoldBatchNorm::fold);
    }

    private static Optional<Rewriter.Replacement> fold(Node node, Rewriter graph) {
        return AffineStep.runEndingAt(node, graph, _ -> true)
                .filter(run -> !run.onlyShifts())
                .flatMap(run ->
                        Linear.giving(run.input(), graph).flatMap(linear -> linear.followedBy(run.affine(), graph)));
    }
}
