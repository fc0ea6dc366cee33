package dev.sardonyx.compiler.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The nodes of a file that its outputs depend on, in an order in which values are defined before they are read. A file in such an
 * order keeps it. Neither recursive nor quadratic.
 */
final class Topology {

    private final Place place;
    private final List<SourceNode> nodes = new ArrayList<>();

    /** By value name: the index of the node that defines it, or {@link #GIVEN}. */
    private final Map<String, Integer> definedBy = new HashMap<>();

    private final Set<String> needed = new HashSet<>();

    private static final int GIVEN = -1;

    /**
     * @param given inputs and initializers
     * @throws dev.sardonyx.compiler.InvalidModelException if a value is defined twice
     */
    Topology(GraphProto graph, Set<String> given, Place place) {
        this.place = place;
        given.forEach(name -> definedBy.put(name, GIVEN));
        for (NodeProto proto : graph.getNodeList()) {
            SourceNode node = new SourceNode(nodes.size(), proto);
            nodes.add(node);
            for (String output : proto.getOutputList()) {
                if (!output.isEmpty() && definedBy.put(output, node.index()) != null) {
                    throw place.node(node).broken("defines " + Place.quote(output) + ", which is defined already");
                }
            }
        }
    }

    /** All names of values in the file. */
    Set<String> names() {
        return definedBy.keySet();
    }

    /** Whether an output, or a node that is needed, reads the value. Valid after {@link #order}. */
    boolean isNeeded(String name) {
        return needed.contains(name);
    }

    /**
     * The nodes that the outputs depend on.
     *
     * @throws dev.sardonyx.compiler.InvalidModelException if a value is not defined, or depends on itself
     */
    List<SourceNode> order(List<String> outputs) {
        return sort(alive(outputs));
    }

    private BitSet alive(List<String> outputs) {
        BitSet alive = new BitSet();
        Deque<SourceNode> pending = new ArrayDeque<>();
        for (String output : outputs) {
            need(output, () -> place.named("output", output), alive, pending);
        }
        while (!pending.isEmpty()) {
            SourceNode node = pending.pop();
            for (String input : node.proto().getInputList()) {
                if (!input.isEmpty()) {
                    need(input, () -> place.node(node), alive, pending);
                }
            }
        }
        return alive;
    }

    private void need(String name, Supplier<Place> reader, BitSet alive, Deque<SourceNode> pending) {
        Integer definition = definedBy.get(name);
        if (definition == null) {
            throw reader.get().broken("needs " + Place.quote(name) + ", which nothing defines");
        }
        if (needed.add(name) && definition != GIVEN && !alive.get(definition)) {
            alive.set(definition);
            pending.push(nodes.get(definition));
        }
    }

    private List<SourceNode> sort(BitSet alive) {
        int[] missing = new int[nodes.size()];
        Map<Integer, List<Integer>> readers = new HashMap<>();
        PriorityQueue<Integer> ready = new PriorityQueue<>();
        alive.stream().forEach(index -> {
            for (int definition : predecessors(index)) {
                missing[index]++;
                readers.computeIfAbsent(definition, _ -> new ArrayList<>()).add(index);
            }
            if (missing[index] == 0) {
                ready.add(index);
            }
        });
        List<SourceNode> sorted = new ArrayList<>();
        while (!ready.isEmpty()) {
            int index = ready.remove();
            sorted.add(nodes.get(index));
            alive.clear(index);
            for (int reader : readers.getOrDefault(index, List.of())) {
                if (--missing[reader] == 0) {
                    ready.add(reader);
                }
            }
        }
        if (!alive.isEmpty()) {
            throw place.node(nodes.get(onCycle(alive))).broken("depends on its own output");
        }
        return sorted;
    }

    /** A node on a cycle: every unsorted node has an unsorted predecessor, so going back must come round. */
    private int onCycle(BitSet unsorted) {
        BitSet visited = new BitSet();
        int index = unsorted.nextSetBit(0);
        while (!visited.get(index)) {
            visited.set(index);
            index = predecessors(index).stream()
                    .filter(unsorted::get)
                    .findFirst()
                    .orElseThrow();
        }
        return index;
    }

    /** The nodes that define the node's inputs; repeated where it reads several of one's outputs. */
    private List<Integer> predecessors(int index) {
        return nodes.get(index).proto().getInputList().stream()
                .map(name -> definedBy.getOrDefault(name, GIVEN))
                .filter(definition -> definition != GIVEN)
                .toList();
    }
}
