package dev.sardonyx.compiler.passes;

import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Value;
import java.util.List;
import java.util.Optional;

/**
 * Gives the many spellings of a global pooling one name.
 *
 * <pre>
 *   x[N, C, H, W] ─→ AveragePool H×W ─→ y                      ⇒   x ─→ GlobalAveragePool ─→ y
 *   x[N, C, H, W] ─→ MaxPool H×W ─→ y                          ⇒   x ─→ GlobalMaxPool ─→ y
 *   x[N, C, H, W] ─→ ReduceMean(axes = 2, 3) ─→ y[N, C]        ⇒   x ─→ GlobalAveragePool ─→ Reshape[N, C] ─→ y
 * </pre>
 */
public final class RecogniseGlobalPools implements Pass {

    @Override
    public String name() {
        return "recognise-global-pools";
    }

    @Override
    public String description() {
        return "Makes a pooling or ReduceMean over the whole image a GlobalAveragePool or GlobalMaxPool.";
    }

    @Override
    public String effect() {
        return "recognised as global pooling";
    }

    @Override
    public Graph apply(Graph graph) {
        return Rewriter.rewrite(graph, RecogniseGlobalPools::recognise);
    }

    private static Optional<Rewriter.Replacement> recognise(Node node, Rewriter graph) {
        return switch (node.op()) {
            case Op.AveragePool pool
            when coversAll(pool.window(), node) ->
                Optional.of(new Rewriter.Replacement.Operation(new Op.GlobalAveragePool(), node.inputs()));
            case Op.MaxPool pool
            when coversAll(pool.window(), node) ->
                Optional.of(new Rewriter.Replacement.Operation(new Op.GlobalMaxPool(), node.inputs()));
            case Op.ReduceMean(List<Integer> axes, boolean keepDims)
            when axes.equals(List.of(2, 3)) && node.input(0).shape().rank() == 4 ->
                Optional.of(
                        keepDims
                                ? new Rewriter.Replacement.Operation(new Op.GlobalAveragePool(), node.inputs())
                                : withoutImageAxes(node, graph));
            default -> Optional.empty();
        };
    }

    /** Whether the one window is the image, without padding or gaps. */
    private static boolean coversAll(Window window, Node node) {
        Shape image = node.input(0).shape();
        Shape output = node.output().shape();
        return window.equals(Window.of(image.dim(2), image.dim(3)).withStrides(window.strideH(), window.strideW()))
                && output.dim(2) == 1
                && output.dim(3) == 1;
    }

    private static Rewriter.Replacement withoutImageAxes(Node node, Rewriter graph) {
        Value y = node.output();
        Shape pooled = Shape.of(y.shape().dim(0), y.shape().dim(1), 1, 1);
        Value value =
                graph.insert(new Op.GlobalAveragePool(), node.inputs(), y.type().withShape(pooled), y.name(), node);
        return new Rewriter.Replacement.Operation(new Op.Reshape(y.shape()), List.of(value));
    }
}
