package dev.sardonyx.compiler.lowering;

import dev.sardonyx.compiler.InvalidModelException;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Names;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.RunTimeTypes;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.compiler.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** What kernels can do at run time: what float32 can carry, tensors that are not empty, constant weights and indices. */
final class RunTimeRules {

    /**
     * Each run of indices is a box that a Copy lists. Shuffled channels of a ResNet have a few hundred; a table look-up with
     * more is no work for a Copy.
     */
    private static final int MAX_INDEX_RUNS = 4096;

    /** From here on float32 skips integers. */
    private static final long MOST_INTEGER = 1 << 24;

    private final Graph graph;
    private final List<String> problems = new ArrayList<>();

    private RunTimeRules(Graph graph) {
        this.graph = graph;
    }

    /**
     * Checks what is computed at run time.
     *
     * @throws InvalidModelException listing all that no kernel does
     */
    static void check(Graph graph, List<Node> nodes) {
        RunTimeRules rules = new RunTimeRules(graph);
        graph.inputs().forEach(input -> rules.checkElements("input " + Names.quote(input.name()), input.type()));
        nodes.forEach(rules::check);
        for (Graph.Output output : graph.outputs()) {
            if (graph.isConstant(output.value())) {
                String place = "output " + Names.quote(output.name());
                rules.checkElements(place, output.value().type());
                rules.checkIntegers(place, output.value());
            }
        }
        if (!rules.problems.isEmpty()) {
            throw new InvalidModelException("not supported at run time: " + String.join("; ", rules.problems));
        }
    }

    private void check(Node node) {
        String place = node.op().name() + " node " + Names.quote(node.origins().getFirst());
        checkElements(place, node.output().type());
        RunTimeTypes.problem(
                        node.op(),
                        node.inputs().stream().map(Value::type).toList(),
                        node.output().type())
                .ifPresent(problem -> problems.add(place + " " + problem));
        if (!(node.op() instanceof Op.Gather)) {
            node.inputs().forEach(input -> checkIntegers(place, input));
        }
        for (Value input : node.inputs()) {
            // Concat alone makes something of nothing.
            if (graph.isConstant(input) && input.shape().elements() == 0 && !(node.op() instanceof Op.Concat)) {
                problems.add(place + " reads an empty constant: " + input.type());
            }
        }
        switch (node.op()) {
            case Op.Conv conv -> {
                checkConstant(place, "weights", node.input(1));
                if (conv.bias()) {
                    checkConstant(place, "bias", node.input(2));
                }
            }
            case Op.Gather gather -> {
                checkConstant(place, "indices", node.input(1));
                if (graph.constants().get(node.input(1).name()) instanceof Tensor.Integers indices) {
                    checkIndices(place, indices.values(), node.input(0).shape().dim(gather.axis()));
                }
            }
            default -> {}
        }
    }

    private void checkElements(String place, TensorType type) {
        if (type.shape().elements() == 0) {
            problems.add(place + " is empty: " + type);
        }
    }

    private void checkIntegers(String place, Value value) {
        if (graph.constants().get(value.name()) instanceof Tensor.Integers integers) {
            LongStream.of(integers.values())
                    .filter(element -> Math.abs(element) > MOST_INTEGER)
                    .findFirst()
                    .ifPresent(element -> problems.add("%s reads %d, but integers at run time reach to %d"
                            .formatted(place, element, MOST_INTEGER)));
        }
    }

    private void checkConstant(String place, String what, Value value) {
        if (!graph.isConstant(value)) {
            problems.add(place + " has " + what + " that are not constant");
        }
    }

    private void checkIndices(String place, long[] indices, int size) {
        for (long index : indices) {
            if (index < -size || index >= size) {
                problems.add(place + " gathers index " + index + " of " + size);
                return;
            }
        }
        int runs = IndexRun.of(indices, size).size();
        if (runs > MAX_INDEX_RUNS) {
            problems.add(place + " gathers " + runs + " separate runs of indices, more than " + MAX_INDEX_RUNS);
        }
    }
}
