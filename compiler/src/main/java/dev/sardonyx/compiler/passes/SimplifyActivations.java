package dev.sardonyx.compiler.passes;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Op;
import java.util.Optional;

/**
 * Makes two of Relu and Clip in a row one, and a PRelu whose channels share one slope a LeakyRelu.
 *
 * <pre>
 *   x ─→ Relu ─→ Clip(−1, 6) ─→ y     ⇒     x ─→ Clip(0, 6) ─→ y
 *   x ─→ PRelu(0.25) ─→ y             ⇒     x ─→ LeakyRelu(0.25) ─→ y
 * </pre>
 *
 * <p>Two stay two where others read the value between.
 */
public final class SimplifyActivations implements Pass {

    @Override
    public String name() {
        return "simplify-activations";
    }

    @Override
    public String description() {
        return "Makes two of Relu and Clip in a row one, and a PRelu with one slope a LeakyRelu.";
    }

    @Override
    public String effect() {
        return "simplified";
    }

    @Override
    public Graph apply(Graph graph) {
        return Rewriter.rewrite(graph, SimplifyActivations::simplify);
    }

    private static Optional<Rewriter.Replacement> simplify(Node node, Rewriter graph) {
        if (node.op() instanceof Op.PRelu) {
            return graph.floats(node.input(1))
                    .filter(slopes -> slopes.length == 1)
                    .map(slopes -> new Rewriter.Replacement.Operation(
                            new Op.LeakyRelu(slopes[0]), node.inputs().subList(0, 1)));
        }
        if (node.op() instanceof Op.Clip
                && range(node.op())
                        .map(Range::toOp)
                        .filter(Op.Relu.class::isInstance)
                        .isPresent()) {
            return Optional.of(new Rewriter.Replacement.Operation(new Op.Relu(), node.inputs()));
        }
        return range(node.op())
                .flatMap(second -> graph.producer(node.input(0))
                        .filter(producer -> graph.isReadOnce(producer.output()))
                        .flatMap(producer -> range(producer.op())
                                .map(first -> new Rewriter.Replacement.Operation(
                                        second.of(first).toOp(), producer.inputs()))));
    }

    /** y = min(max(x, min), max). */
    private record Range(float min, float max) {

        /** First {@code first}, then this: its bounds, clipped by this. Holds for min &gt; max too. */
        Range of(Range first) {
            return new Range(clip(first.min), clip(first.max));
        }

        private float clip(float value) {
            return Math.min(Math.max(value, min), max);
        }

        Op toOp() {
            return min == 0 && max == Float.POSITIVE_INFINITY ? new Op.Relu() : new Op.Clip(min, max);
        }
    }

    private static Optional<Range> range(Op op) {
        return switch (op) {
            case Op.Relu _ -> Optional.of(new Range(0, Float.POSITIVE_INFINITY));
            case Op.Clip(float min, float max)
            when !Float.isNaN(min) && !Float.isNaN(max) -> Optional.of(new Range(min, max));
            default -> Optional.empty();
        };
    }
}
