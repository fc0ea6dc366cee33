package dev.sardonyx.compiler.passes;

import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.InvalidModelException;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Names;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.compiler.interpreter.Interpreter;
import java.util.List;
import java.util.Optional;

/**
 * Computes what depends on constants only.
 *
 * <pre>
 *   w ─→ Transpose ─┐
 *                   ├─→ MatMul ─→ y     ⇒     x ─→ MatMul(w') ─→ y
 *   x ──────────────┘
 * </pre>
 *
 * <p>Only where the interpreter is quick about it and the constants do not grow much: what is beyond that is left to run time.
 */
public final class FoldConstants implements Pass {

    /**
     * Multiplications and additions in all: a second or so in the interpreter. Exporters leave reshuffled weights and
     * small vectors, at most the 1.4e8 elements of VGG's layers; a hostile file has a thousand nodes on each.
     */
    private static final double WORK_LIMIT = 3e8;

    /** Additions that computing an element's coordinates takes as long as. */
    private static final double COORDINATES = 4;

    @Override
    public String name() {
        return "fold-constants";
    }

    @Override
    public String description() {
        return "Computes what depends on constants only.";
    }

    @Override
    public String effect() {
        return "computed";
    }

    @Override
    public Graph apply(Graph graph) {
        return Rewriter.rewrite(graph, new Folding()::fold);
    }

    /** What is left of the limit. */
    private static final class Folding {
        private double left = WORK_LIMIT;

        Optional<Rewriter.Replacement> fold(Node node, Rewriter graph) {
            List<Tensor> inputs = node.inputs().stream()
                    .map(graph::constant)
                    .flatMap(Optional::stream)
                    .toList();
            double work = work(node);
            if (inputs.size() < node.inputs().size()
                    || !graph.affords(node.output().shape().elements(), node.inputs())
                    || work > left) {
                return Optional.empty();
            }
            left -= work;
            return Optional.of(new Rewriter.Replacement.Known(evaluate(node, inputs)));
        }
    }

    private static Tensor evaluate(Node node, List<Tensor> inputs) {
        try {
            return Interpreter.evaluate(node.op(), inputs);
        } catch (IllegalArgumentException broken) {
            throw new InvalidModelException(
                    "node %s: %s".formatted(Names.quote(node.origins().getFirst()), broken.getMessage()), broken);
        }
    }

    /** About how many elementary operations the node takes. */
    private static double work(Node node) {
        double elements = 0;
        for (Value input : node.inputs()) {
            elements += input.shape().elements();
        }
        double results = node.output().shape().elements();
        return elements
                + switch (node.op()) {
                    case Op.Conv conv ->
                        results * area(conv.window()) * node.input(1).shape().dim(1);
                    case Op.MaxPool pool -> results * area(pool.window());
                    case Op.AveragePool pool -> results * area(pool.window());
                    case Op.LRN lrn -> results * lrn.size();
                    case Op.Gemm gemm -> results * node.input(0).shape().dim(gemm.transA() ? 0 : 1);
                    case Op.Transpose _, Op.Slice _, Op.Pad _ -> results * COORDINATES;
                    case Op.MatMul _ -> results * node.input(0).shape().dims().getLast();
                    default -> results;
                };
    }

    private static double area(Window window) {
        return (double) window.kernelH() * window.kernelW();
    }
}
