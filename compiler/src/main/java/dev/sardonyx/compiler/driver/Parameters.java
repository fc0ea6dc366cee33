package dev.sardonyx.compiler.driver;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts a model's trained parameters as papers do. */
final class Parameters {

    /** From this input on, a BatchNormalization reads statistics, which are measured and not trained. */
    private static final int FIRST_STATISTIC = 3;

    private Parameters() {}

    /** Elements of the distinct floating-point constants that the graph's operators read, without batch norm's statistics. */
    static long count(Graph graph) {
        Map<String, Integer> sizes = new HashMap<>();
        for (Node node : graph.nodes()) {
            for (Value input : trained(node)) {
                if (graph.isConstant(input) && input.type().element().isFloatingPoint()) {
                    sizes.put(input.name(), input.shape().elements());
                }
            }
        }
        return sizes.values().stream().mapToLong(Integer::longValue).sum();
    }

    private static List<Value> trained(Node node) {
        return node.op() instanceof Op.BatchNormalization ? node.inputs().subList(0, FIRST_STATISTIC) : node.inputs();
    }
}
