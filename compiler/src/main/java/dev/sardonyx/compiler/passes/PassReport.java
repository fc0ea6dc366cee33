package dev.sardonyx.compiler.passes;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Op;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What one pass did to a graph.
 *
 * @param pass the pass
 * @param vanished how many nodes of each operator there are less; operators that did not become fewer are not listed
 * @param changes what became of the nodes concerned
 */
public record PassReport(Pass pass, SortedMap<String, Integer> vanished, List<Change> changes) {

    /**
     * What became of some of the model's nodes.
     *
     * @param origins the nodes, by their names in the model
     * @param operator the operator that now stands for them; none if nothing does
     */
    public record Change(List<String> origins, Optional<String> operator) {
        public Change {
            origins = List.copyOf(origins);
        }
    }

    public PassReport {
        vanished = Collections.unmodifiableSortedMap(new TreeMap<>(vanished));
        changes = List.copyOf(changes);
    }

    static PassReport of(Pass pass, Graph before, Graph after) {
        return before.equals(after)
                ? new PassReport(pass, new TreeMap<>(), List.of())
                : new PassReport(pass, vanished(before, after), changes(before, after));
    }

    /** For example "19 BatchNormalization folded into the weights before"; nothing if the pass had nothing to do. */
    public Optional<String> summary() {
        return vanished.isEmpty()
                ? Optional.empty()
                : Optional.of(vanished.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", ", "", " " + pass.effect())));
    }

    private static SortedMap<String, Integer> vanished(Graph before, Graph after) {
        SortedMap<String, Integer> counts = new TreeMap<>();
        before.nodes().forEach(node -> counts.merge(node.op().name(), 1, Integer::sum));
        after.nodes().forEach(node -> counts.merge(node.op().name(), -1, Integer::sum));
        counts.values().removeIf(count -> count <= 0);
        return counts;
    }

    private static List<Change> changes(Graph before, Graph after) {
        List<Change> changes = new ArrayList<>();
        Set<Key> old = before.nodes().stream().map(Key::of).collect(Collectors.toSet());
        Set<String> left = new HashSet<>();
        for (Node node : after.nodes()) {
            left.addAll(node.origins());
            if (!old.contains(Key.of(node))) {
                changes.add(new Change(node.origins(), Optional.of(node.op().name())));
            }
        }
        for (Node node : before.nodes()) {
            if (Collections.disjoint(left, node.origins())) {
                changes.add(new Change(node.origins(), Optional.empty()));
            }
        }
        return changes;
    }

    /** What must stay the same for a node to count as untouched; its inputs may be other nodes' results now. */
    private record Key(String output, Op op, List<String> origins) {
        static Key of(Node node) {
            return new Key(node.output().name(), node.op(), node.origins());
        }
    }
}
