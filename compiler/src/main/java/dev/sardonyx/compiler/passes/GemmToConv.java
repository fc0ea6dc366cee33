package dev.sardonyx.compiler.passes;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Node;
import java.util.Optional;

/**
 * Makes a fully connected layer, Gemm or MatMul with constant weights, a Conv, so that whatever is good for convolutions is
 * good for it.
 *
 * <pre>
 *   x[N, K] ─→ Gemm ─→ y[N, M]
 *                 ⇒
 *   x ─→ Reshape[N, K, 1, 1] ─→ Conv 1×1 ─→ Reshape[N, M] ─→ y
 * </pre>
 */
public final class GemmToConv implements Pass {

    @Override
    public String name() {
        return "gemm-to-conv";
    }

    @Override
    public String description() {
        return "Makes a Gemm or MatMul with constant weights a 1×1 Conv.";
    }

    @Override
    public String effect() {
        return "made a Conv";
    }

    @Override
    public Graph apply(Graph graph) {
        return Rewriter.rewrite(graph, GemmToConv::convert);
    }

    private static Optional<Rewriter.Replacement> convert(Node node, Rewriter graph) {
        return Linear.of(node, graph).flatMap(linear -> linear.asConv(graph));
    }
}
