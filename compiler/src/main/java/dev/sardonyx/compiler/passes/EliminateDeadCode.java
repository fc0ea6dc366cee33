package dev.sardonyx.compiler.passes;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Drops nodes and constants that no output of the network depends on.
 *
 * <pre>
 *   x ─→ Conv ─┬─→ Relu ─→ y          x ─→ Conv ─→ Relu ─→ y
 *              └─→ Tanh          ⇒
 * </pre>
 */
public final class EliminateDeadCode implements Pass {

    @Override
    public String name() {
        return "eliminate-dead-code";
    }

    @Override
    public String description() {
        return "Drops nodes that no output depends on.";
    }

    @Override
    public String effect() {
        return "dropped, for no output depends on them";
    }

    @Override
    public Graph apply(Graph graph) {
        Set<String> live = new HashSet<>();
        graph.outputs().forEach(output -> live.add(output.value().name()));
        List<Node> kept = new ArrayList<>();
        for (Node node : graph.nodes().reversed()) {
            if (live.contains(node.output().name())) {
                kept.add(node);
                node.inputs().stream().map(Value::name).forEach(live::add);
            }
        }
        Map<String, Tensor> constants = new HashMap<>(graph.constants());
        constants.keySet().retainAll(live);
        if (kept.size() == graph.nodes().size()
                && constants.size() == graph.constants().size()) {
            return graph;
        }
        return new Graph(graph.inputs(), graph.outputs(), kept.reversed(), constants);
    }
}
