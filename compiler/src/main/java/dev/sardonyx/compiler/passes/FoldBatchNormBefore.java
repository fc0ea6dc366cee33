package dev.sardonyx.compiler.passes;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Node;
import java.util.Optional;

/**
 * Folds what scales and shifts the channels that a Conv, Gemm or MatMul reads into its weights and bias.
 *
 * <pre>
 *   x ─→ BatchNormalization(…) ─→ Conv(W, B) ─→ y     ⇒     x ─→ Conv(W·s, B + Σ W·t) ─→ y
 *                                                           normalization = s·x + t, by channel
 * </pre>
 *
 * <p>Not where anyone else reads the normalized value. A shift never passes padding, which holds zeros after the
 * normalization, not before it; a mere scale does. Folded in double, rounded once.
 */
public final class FoldBatchNormBefore implements Pass {

    @Override
    public String name() {
        return "fold-batch-norm-before";
    }

    @Override
    public String description() {
        return "Folds BatchNormalization, or Mul and Add by channel, into the weights and bias of an unpadded Conv"
                + " after it.";
    }

    @Override
    public String effect() {
        return "folded into the weights after";
    }

    @Override
    public Graph apply(Graph graph) {
        return Rewriter.rewrite(graph, FoldBatchNormBefore::fold);
    }

    private static Optional<Rewriter.Replacement> fold(Node node, Rewriter graph) {
        return Linear.of(node, graph)
                .flatMap(linear -> AffineStep.runEndingIn(
                                node.input(0),
                                graph,
                                step -> !linear.isPadded() || !step.affine().shifts())
                        .flatMap(run -> linear.precededBy(run.input(), run.affine(), graph)));
    }
}
