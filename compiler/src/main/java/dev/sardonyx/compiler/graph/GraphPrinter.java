package dev.sardonyx.compiler.graph;

import java.util.TreeMap;
import java.util.stream.Collectors;

/** Prints a {@link Graph} as text, one value a line; names are quoted by {@link Names}. */
public final class GraphPrinter {

    private GraphPrinter() {}

    /** Inputs, constants in the order of their names (types only), nodes with their origins, and outputs. */
    public static String print(Graph graph) {
        StringBuilder text = new StringBuilder();
        for (Value input : graph.inputs()) {
            text.append("input ").append(print(input)).append('\n');
        }
        new TreeMap<>(graph.constants())
                .forEach((name, tensor) -> text.append("constant ")
                        .append(print(new Value(name, tensor.type())))
                        .append('\n'));
        for (Node node : graph.nodes()) {
            text.append(print(node)).append('\n');
        }
        for (Graph.Output output : graph.outputs()) {
            text.append("output ")
                    .append(Names.quote(output.name()))
                    .append(" = ")
                    .append(print(output.value()))
                    .append('\n');
        }
        return text.toString();
    }

    /** One node, for example {@code 'y': float32[1, 8] = Relu[]('x') from 'relu_1'}. */
    public static String print(Node node) {
        String inputs =
                node.inputs().stream().map(input -> Names.quote(input.name())).collect(Collectors.joining(", "));
        String origins = node.origins().stream().map(Names::quote).collect(Collectors.joining(", "));
        return "%s = %s(%s) from %s".formatted(print(node.output()), node.op(), inputs, origins);
    }

    private static String print(Value value) {
        return Names.quote(value.name()) + ": " + value.type();
    }
}
