package dev.sardonyx.compiler.passes;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * Makes two Transposes, Slices or constant Pads in a row one, or none where they undo each other.
 *
 * <pre>
 *   x ─→ Slice(rows) ─→ Slice(columns) ─→ y                     ⇒     x ─→ Slice(rows, columns) ─→ y
 *   x ─→ Transpose(0, 2, 3, 1) ─→ Transpose(0, 3, 1, 2) ─→ y    ⇒     x ─→ y
 * </pre>
 *
 * <p>Where others read the value between, the first node stays for them.
 */
public final class MergeCopies implements Pass {

    @Override
    public String name() {
        return "merge-copies";
    }

    @Override
    public String description() {
        return "Makes two Transposes, Slices or Pads in a row one, or none where they undo each other.";
    }

    @Override
    public String effect() {
        return "merged with the one before";
    }

    @Override
    public Graph apply(Graph graph) {
        return Rewriter.rewrite(graph, MergeCopies::merge);
    }

    private static Optional<Rewriter.Replacement> merge(Node second, Rewriter graph) {
        return graph.producer(second.input(0))
                .flatMap(first -> merged(first, second)
                        .map(op -> op instanceof Op.Transpose(List<Integer> permutation)
                                        && RemoveIdentities.keepsOrder(
                                                permutation, second.output().shape())
                                        && first.input(0)
                                                .type()
                                                .equals(second.output().type())
                                ? new Rewriter.Replacement.Existing(first.input(0))
                                : new Rewriter.Replacement.Operation(op, first.inputs())));
    }

    /** What {@code first} and then {@code second} do. */
    private static Optional<Op> merged(Node first, Node second) {
        if (first.op() instanceof Op.Transpose a && second.op() instanceof Op.Transpose b) {
            return Optional.of(new Op.Transpose(
                    b.permutation().stream().map(a.permutation()::get).toList()));
        }
        if (first.op() instanceof Op.Slice a && second.op() instanceof Op.Slice b) {
            int rank = a.sizes().size();
            return Optional.of(new Op.Slice(
                    byAxis(
                            rank,
                            axis -> a.starts().get(axis)
                                    + b.starts().get(axis) * a.steps().get(axis)),
                    // The step to nowhere may be any number; the product of two such need not fit an int.
                    byAxis(
                            rank,
                            axis -> b.sizes().get(axis) <= 1
                                    ? 1
                                    : a.steps().get(axis) * b.steps().get(axis)),
                    b.sizes()));
        }
        if (first.op() instanceof Op.Pad a
                && second.op() instanceof Op.Pad b
                && a.mode() == Op.Pad.Mode.CONSTANT
                && b.mode() == Op.Pad.Mode.CONSTANT
                && a.value() == b.value()) {
            int rank = a.before().size();
            return Optional.of(new Op.Pad(
                    byAxis(rank, axis -> a.before().get(axis) + b.before().get(axis)),
                    byAxis(rank, axis -> a.after().get(axis) + b.after().get(axis)),
                    Op.Pad.Mode.CONSTANT,
                    a.value()));
        }
        return Optional.empty();
    }

    private static List<Integer> byAxis(int rank, IntUnaryOperator value) {
        List<Integer> values = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            values.add(value.applyAsInt(axis));
        }
        return values;
    }
}
