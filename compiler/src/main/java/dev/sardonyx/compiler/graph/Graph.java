package dev.sardonyx.compiler.graph;

import java.util.List;
import java.util.Map;

/**
 * A network. Immutable: passes build new graphs. {@link Verifier} states what holds for every graph.
 *
 * @param inputs what the caller supplies, in the file's order; their names are the file's
 * @param outputs what the caller gets, in the file's order
 * @param nodes in an order in which every value is defined before it is read
 * @param constants values known at compile time, by name; only those that are used
 */
public record Graph(List<Value> inputs, List<Output> outputs, List<Node> nodes, Map<String, Tensor> constants) {

    /**
     * A result of the network.
     *
     * @param name its name in the file
     * @param value the value behind it, whose own name may differ
     */
    public record Output(String name, Value value) {}

    public Graph {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        nodes = List.copyOf(nodes);
        constants = Map.copyOf(constants);
    }

    public boolean isConstant(Value value) {
        return constants.containsKey(value.name());
    }
}
