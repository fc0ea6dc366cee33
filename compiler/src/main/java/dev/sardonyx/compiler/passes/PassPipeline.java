package dev.sardonyx.compiler.passes;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The passes in their order, and their run over a graph. */
public final class PassPipeline {

    /** Each pass with the reason for its place. */
    public static final List<Pass> PASSES = List.of(
            // First, for a reader that no output needs would forbid the fusions below.
            new EliminateDeadCode(),
            // What the passes below look for are weights, biases and pads; computed ones become such here.
            new FoldConstants(),
            // Nothing useless or half done shall stand between the two nodes of a pattern.
            new RemoveIdentities(),
            new MergeCopies(),
            new SimplifyActivations(),
            // Of no consequence for the others.
            new RecogniseGlobalPools(),
            // Before anything moves across a Conv: from here on a Conv tells whether it reads padding.
            new FusePad(),
            // A normalization between two Convs goes to the first, where padding and other readers of the Conv after it
            // do not matter; only what that leaves goes to the Conv after it.
            new FoldBatchNorm(),
            new FuseBias(),
            new FoldBatchNormBefore(),
            // After the weights are final, for the Reshapes would hide a Gemm's normalization and bias.
            new GemmToConv(),
            // After the last pass that makes Reshapes, before the activations that they may hide.
            new MergeReshapes(),
            // A Conv adds its residual before it activates: the Add must be in when the activation comes.
            new FuseResidual(),
            new FuseActivation());

    private PassPipeline() {}

    /** The names of all passes, in order. */
    public static List<String> names() {
        return PASSES.stream().map(Pass::name).toList();
    }

    /**
     * Runs the passes that {@code options} wants and verifies the graph after each.
     *
     * @throws UnknownPassException if the options name a pass that there is not
     * @throws IllegalStateException if a pass leaves an illegal graph; a defect of Sardonyx
     */
    public static Optimized run(Graph graph, PassOptions options) {
        List<String> names = names();
        Stream.concat(options.disabled().stream().sorted(), options.stopAfter().stream())
                .filter(name -> !names.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new UnknownPassException(name, names);
                });
        int last = options.stopAfter().map(names::indexOf).orElse(names.size() - 1);
        Graph present = graph;
        List<PassReport> reports = new ArrayList<>();
        for (Pass pass : PASSES.subList(0, last + 1)) {
            if (!options.disabled().contains(pass.name())) {
                Graph next = pass.apply(present);
                if (!next.equals(present)) {
                    verify(pass, next);
                }
                reports.add(PassReport.of(pass, present, next));
                options.observer().accept(pass, next);
                present = next;
            }
        }
        return new Optimized(present, reports);
    }

    private static void verify(Pass pass, Graph graph) {
        try {
            Verifier.verify(graph);
        } catch (IllegalStateException broken) {
            throw new IllegalStateException("after " + pass.name() + ": " + broken.getMessage(), broken);
        }
    }

    /**
     * What the passes made of a graph.
     *
     * @param graph the last pass's graph
     * @param reports what each pass that ran did, in order
     */
    public record Optimized(Graph graph, List<PassReport> reports) {
        public Optimized {
            reports = List.copyOf(reports);
        }
    }
}
