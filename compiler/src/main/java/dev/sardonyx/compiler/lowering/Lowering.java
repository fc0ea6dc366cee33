package dev.sardonyx.compiler.lowering;

import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.codegen.program.Port;
import dev.sardonyx.codegen.program.Program;
import dev.sardonyx.codegen.program.ProgramVerifier;
import dev.sardonyx.compiler.InvalidModelException;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * From a {@link Graph} to a {@link Program}, whose few kernels targets compile:
 *
 * <pre>
 *   Conv                                               ⇒  Convolution
 *   Gemm, MatMul with constant B                       ⇒  Convolution 1×1 of 1×1 images, between Reshapes
 *   MatMul, Gemm with variable B                       ⇒  MatrixProduct, then Pointwise
 *   BatchNormalization, activations, arithmetic        ⇒  Pointwise
 *   MaxPool, AveragePool                               ⇒  Pooling
 *   GlobalAveragePool, GlobalMaxPool, ReduceMean       ⇒  Reduction
 *   Softmax, LogSoftmax, LRN, Reshape                  ⇒  the kernel of that name
 *   Transpose, Slice, Pad, Concat, Gather              ⇒  Copy
 * </pre>
 *
 * <p>What no output needs is left out. An activation that is not fused into its convolution in the graph is not fused here
 * either. Constants reach the calls as {@link Operand.Fixed} of Pointwise and Copy, and are copied into a buffer where another
 * kernel reads them.
 */
public final class Lowering {

    /** What lowering joins on its way; each can be switched off. */
    public enum Fusion {
        /** {@link FlattenFusion}. */
        FLATTEN("fuse-flatten", "Makes a Flatten and the fully connected layer after it a convolution of the image."),
        /** {@link PointwiseFusion}. */
        POINTWISE("fuse-pointwise", "Computes elementwise operators in a row in one go."),
        /** {@link CopyFusion}. */
        COPIES("fuse-copies", "Copies once where Slice, Pad, Transpose or Concat follow one another.");

        private final String id;
        private final String description;

        Fusion(String id, String description) {
            this.id = id;
            this.description = description;
        }

        /** What users call it: lower case, words joined by hyphens. */
        public String id() {
            return id;
        }

        /** What it does, in one sentence. */
        public String description() {
            return description;
        }
    }

    private Lowering() {}

    /**
     * The program that computes {@code graph}, with all fusions.
     *
     * @throws InvalidModelException if the graph needs at run time what no kernel does, listing all such nodes
     */
    public static Program lower(Graph graph) {
        return lower(graph, Set.of());
    }

    /**
     * The program that computes {@code graph}.
     *
     * @param disabled fusions to leave out
     * @throws InvalidModelException if the graph needs at run time what no kernel does, listing all such nodes
     */
    public static Program lower(Graph graph, Set<Fusion> disabled) {
        List<Node> live = liveNodes(graph);
        RunTimeRules.check(graph, live);
        Program program = translate(graph, live);
        if (!disabled.contains(Fusion.FLATTEN)) {
            program = FlattenFusion.apply(program);
        }
        if (!disabled.contains(Fusion.POINTWISE)) {
            program = PointwiseFusion.apply(program);
        }
        if (!disabled.contains(Fusion.COPIES)) {
            program = CopyFusion.apply(program);
        }
        program = DeadCalls.drop(program);
        ProgramVerifier.verify(program);
        return program;
    }

    /** The nodes on which an output depends, in order. */
    private static List<Node> liveNodes(Graph graph) {
        Set<String> needed = new HashSet<>();
        graph.outputs().forEach(output -> needed.add(output.value().name()));
        List<Node> live = new ArrayList<>();
        for (Node node : graph.nodes().reversed()) {
            if (needed.contains(node.output().name())) {
                live.add(node);
                node.inputs().forEach(input -> needed.add(input.name()));
            }
        }
        return live.reversed();
    }

    private static Program translate(Graph graph, List<Node> nodes) {
        ProgramBuilder builder = new ProgramBuilder(graph);
        List<Port> inputs = new ArrayList<>();
        for (Value input : graph.inputs()) {
            Buffer buffer = builder.newBuffer(input.shape().dims());
            builder.define(input, new Operand.Variable(buffer));
            inputs.add(new Port(input.name(), input.type().element(), buffer));
        }
        NodeLowering lowering = new NodeLowering(builder);
        for (Node node : nodes) {
            builder.setOrigins(node.origins());
            builder.define(node.output(), lowering.lower(node));
        }
        List<Port> outputs = new ArrayList<>();
        for (Graph.Output output : graph.outputs()) {
            builder.setOrigins(List.of(output.name()));
            Buffer buffer = builder.buffer(builder.operand(output.value()));
            outputs.add(new Port(output.name(), output.value().type().element(), buffer));
        }
        return builder.build(inputs, outputs);
    }
}
