package dev.sardonyx.compiler.graph;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks what holds for every {@link Graph}:
 *
 * <ul>
 *   <li>every value is defined once, by an input, a constant or a node, before it is read, and is the same wherever it is
 *       named;
 *   <li>every node's operator is legal for its inputs and gives its output's type ({@link ShapeInference});
 *   <li>every constant is read, by a node or as an output;
 *   <li>every node has origins; outputs have distinct names.
 * </ul>
 *
 * Linear in the size of the graph.
 */
public final class Verifier {

    private final Graph graph;
    private final Map<String, TensorType> defined = new HashMap<>();
    private final Set<String> usedConstants = new HashSet<>();

    private Verifier(Graph graph) {
        this.graph = graph;
    }

    /**
     * Checks the graph.
     *
     * @throws IllegalStateException naming the node and the rule that is broken
     */
    public static void verify(Graph graph) {
        new Verifier(graph).verify();
    }

    private void verify() {
        graph.constants().forEach((name, tensor) -> define(name, tensor.type(), "constants"));
        for (Value input : graph.inputs()) {
            define(input.name(), input.type(), "inputs");
        }
        for (Node node : graph.nodes()) {
            verify(node);
        }
        Set<String> names = new HashSet<>();
        for (Graph.Output output : graph.outputs()) {
            read(output.value(), "output " + Names.quote(output.name()));
            require(names.add(output.name()), "outputs", "the name %s repeats", Names.quote(output.name()));
        }
        for (String name : graph.constants().keySet()) {
            require(usedConstants.contains(name), "constants", "%s is never read", Names.quote(name));
        }
    }

    private void verify(Node node) {
        String place = node.op().name() + " node " + Names.quote(node.output().name());
        for (Value input : node.inputs()) {
            read(input, place);
        }
        require(!node.origins().isEmpty(), place, "no origins");
        TensorType type;
        try {
            List<TensorType> inputs = node.inputs().stream().map(Value::type).toList();
            type = ShapeInference.infer(node.op(), inputs);
        } catch (IllegalArgumentException broken) {
            throw new IllegalStateException(place + ": " + broken.getMessage(), broken);
        }
        TensorType declared = node.output().type();
        require(type.equals(declared), place, "output is declared %s, but is %s", declared, type);
        define(node.output().name(), declared, place);
    }

    private void define(String name, TensorType type, String place) {
        require(defined.put(name, type) == null, place, "%s is defined twice", Names.quote(name));
    }

    private void read(Value value, String place) {
        TensorType type = defined.get(value.name());
        if (type == null) {
            throw broken(place, "%s is read before it is defined", Names.quote(value.name()));
        }
        require(
                type.equals(value.type()),
                place,
                "reads %s as %s, but it is %s",
                Names.quote(value.name()),
                value.type(),
                type);
        if (graph.isConstant(value)) {
            usedConstants.add(value.name());
        }
    }

    private static void require(boolean condition, String place, String rule, Object... arguments) {
        if (!condition) {
            throw broken(place, rule, arguments);
        }
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would cost a dependency
    private static IllegalStateException broken(String place, String rule, Object... arguments) {
        return new IllegalStateException(place + ": " + rule.formatted(arguments));
    }
}
