package dev.sardonyx.compiler.passes;

import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.Value;
import java.util.List;
import java.util.Optional;

/**
 * Removes nodes that give back one of their inputs: Reshape to the same shape, Transpose that moves nothing, Slice of everything,
 * Pad by nothing, Add of 0, Mul by 1, pooling of single elements.
 *
 * <pre>
 *   x ─→ Conv ─→ Add(0) ─→ Relu ─→ y     ⇒     x ─→ Conv ─→ Relu ─→ y
 * </pre>
 */
public final class RemoveIdentities implements Pass {

    @Override
    public String name() {
        return "remove-identities";
    }

    @Override
    public String description() {
        return "Removes nodes that give back one of their inputs, such as Add of 0 or Reshape to the same shape.";
    }

    @Override
    public String effect() {
        return "removed, for they change nothing";
    }

    @Override
    public Graph apply(Graph graph) {
        return Rewriter.rewrite(
                graph, (node, rewriter) -> same(node, rewriter).map(Rewriter.Replacement.Existing::new));
    }

    /** The input that the node gives back. */
    private static Optional<Value> same(Node node, Rewriter graph) {
        for (int index = 0; index < Math.min(node.inputs().size(), 2); index++) {
            if (node.input(index).type().equals(node.output().type()) && givesBack(node, index, graph)) {
                return Optional.of(node.input(index));
            }
        }
        return Optional.empty();
    }

    /** Whether a node gives back the input at {@code index}, which has the output's type. */
    private static boolean givesBack(Node node, int index, Rewriter graph) {
        return switch (node.op()) {
            // With the shape unchanged these have nothing left to do: what is padded is padded by nothing, what is
            // reduced
            // has one element.
            case Op.Reshape _, Op.Cast _, Op.Pad _, Op.GlobalAveragePool _, Op.GlobalMaxPool _, Op.ReduceMean _ -> true;
            case Op.Transpose(List<Integer> permutation) ->
                keepsOrder(permutation, node.output().shape());
            case Op.Slice slice -> isWhole(slice);
            case Op.Concat _ -> node.inputs().size() == 1;
            case Op.Add _ -> isAll(node.input(1 - index), 0, graph);
            case Op.Sub _ -> index == 0 && isAll(node.input(1), 0, graph);
            case Op.Mul _ -> isAll(node.input(1 - index), 1, graph);
            case Op.Div _ -> index == 0 && isAll(node.input(1), 1, graph);
            case Op.Clip(float min, float max) -> min == Float.NEGATIVE_INFINITY && max == Float.POSITIVE_INFINITY;
            case Op.MaxPool pool -> pool.window().equals(Window.of(1, 1));
            case Op.AveragePool pool -> pool.window().equals(Window.of(1, 1));
            default -> false;
        };
    }

    /** Whether the axes of more than one element keep their order, so that no element moves. */
    static boolean keepsOrder(List<Integer> permutation, Shape output) {
        int last = -1;
        for (int axis = 0; axis < permutation.size(); axis++) {
            if (output.dim(axis) != 1) {
                if (permutation.get(axis) < last) {
                    return false;
                }
                last = permutation.get(axis);
            }
        }
        return true;
    }

    private static boolean isWhole(Op.Slice slice) {
        for (int axis = 0; axis < slice.sizes().size(); axis++) {
            if (slice.sizes().get(axis) > 1 && slice.steps().get(axis) != 1) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAll(Value value, float wanted, Rewriter graph) {
        return graph.constant(value).filter(tensor -> isAll(tensor, wanted)).isPresent();
    }

    private static boolean isAll(Tensor tensor, float wanted) {
        return switch (tensor) {
            case Tensor.Floats floats -> {
                for (float element : floats.values()) {
                    if (element != wanted) {
                        yield false;
                    }
                }
                yield true;
            }
            case Tensor.Integers integers -> {
                for (long element : integers.values()) {
                    if (element != (long) wanted) {
                        yield false;
                    }
                }
                yield true;
            }
        };
    }
}
