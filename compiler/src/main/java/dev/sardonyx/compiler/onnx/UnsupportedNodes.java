package dev.sardonyx.compiler.onnx;

import dev.sardonyx.compiler.InvalidModelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The nodes that cannot be compiled, gathered so that one message tells all, and what depends on them. */
final class UnsupportedNodes {

    private static final int MOST_LISTED = 50;

    private final Path file;
    private final int opset;
    private final List<String> lines = new ArrayList<>();
    private final Map<String, Integer> unlisted = new TreeMap<>();
    private int nodes;
    private final Set<String> unknown = new HashSet<>();

    UnsupportedNodes(Path file, int opset) {
        this.file = file;
        this.opset = opset;
    }

    void add(SourceNode node, UnsupportedNodeException reason) {
        nodes++;
        String operator = Place.escape(node.operator());
        if (lines.size() < MOST_LISTED) {
            lines.add("  node %s (%s, opset %d): %s"
                    .formatted(Place.quote(node.displayName()), operator, opset, reason.getMessage()));
        } else {
            unlisted.merge(operator, 1, Integer::sum);
        }
        unknown.addAll(node.proto().getOutputList());
    }

    /** Whether the node depends on an unsupported one; if so, what depends on this node does too. */
    boolean isBehind(SourceNode node) {
        boolean behind = node.proto().getInputList().stream().anyMatch(this::isUnknown);
        if (behind) {
            unknown.addAll(node.proto().getOutputList());
        }
        return behind;
    }

    private boolean isUnknown(String value) {
        return !value.isEmpty() && unknown.contains(value);
    }

    /** @throws InvalidModelException listing the nodes, if there are any */
    void throwIfAny() {
        if (lines.isEmpty()) {
            return;
        }
        List<String> message = new ArrayList<>();
        message.add("%s: %d %s not supported:".formatted(file, nodes, nodes == 1 ? "node is" : "nodes are"));
        message.addAll(lines);
        if (!unlisted.isEmpty()) {
            message.add(unlisted.entrySet().stream()
                    .map(operator -> operator.getValue() + " " + operator.getKey())
                    .collect(Collectors.joining(", ", "  and " + (nodes - lines.size()) + " more: ", "")));
        }
        throw new InvalidModelException(String.join("\n", message));
    }
}
