package dev.sardonyx.compiler.passes;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.runtime.ElementType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;

/**
 * Builds a new graph from an old one in one sweep from the first node to the last. At each node a {@link Rule} sees what the
 * sweep has made of the nodes before it, and may put something else in the node's place; the rule is then asked about the
 * replacement, until it has nothing more to say. Nodes before the present one are never changed, but those whose result
 * nobody reads any more because of a replacement are dropped, and their origins pass to it. A replacement stands where the
 * replaced node stood, so everything that node could read is defined there.
 *
 * <p>Serves one sweep. Time is linear in the graph if the rule's is constant.
 */
final class Rewriter {

    /** What a pass knows: when to put what in the place of a node. Each replacement must come closer to an end. */
    @FunctionalInterface
    interface Rule {
        /** What takes the place of {@code node}, or nothing where the rule does not apply. */
        Optional<Replacement> apply(Node node, Rewriter graph);
    }

    /** What takes a node's place: something that gives a value of the node's type. */
    sealed interface Replacement {
        /** An operation. It inherits the node's origins and those of the nodes that become superfluous. */
        record Operation(Op op, List<Value> inputs) implements Replacement {}

        /** The operation {@code op} of the earlier node {@code from}, moved here: it keeps the origins of {@code from}. */
        record Moved(Op op, List<Value> inputs, Node from) implements Replacement {}

        /** A value that exists already. */
        record Existing(Value value) implements Replacement {}

        /** A value known at compile time. */
        record Known(Tensor tensor) implements Replacement {}
    }

    /** A node of the new graph, with the names of the nodes that it stands for, and its place: later nodes have greater ones. */
    private record Placed(Node node, Origins origins, int position) {}

    /** Names of the absorbed nodes, then the own ones. Parts are shared, and flattened once, at the end. */
    private record Origins(List<Origins> absorbed, List<String> own) {}

    /**
     * So many elements may a sweep add to the constants: folded copies of shared weights, or a product of constants that
     * broadcast, could otherwise fill the memory from a file of a few bytes. 16 Mi elements are 64 MiB; detection heads
     * that share weights between five scales add 2.4 Mi a layer, and the constants that exporters leave are smaller still.
     */
    private static final long GROWTH_LIMIT = 1 << 24;

    private final Graph graph;
    private final SequencedMap<String, Placed> nodes = new LinkedHashMap<>();
    private final Map<String, Tensor> constants;
    private final Map<String, Integer> reads = new HashMap<>();
    private final Map<String, Node> readers = new HashMap<>();
    private final Set<String> outputs = new HashSet<>();
    private final Map<String, Value> replaced = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Map<String, Integer> suffixes = new HashMap<>();
    private final long elementLimit;
    private long elements;
    private int placed;
    private boolean changed;

    private Rewriter(Graph graph) {
        this.graph = graph;
        constants = new HashMap<>(graph.constants());
        names.addAll(constants.keySet());
        graph.inputs().forEach(input -> names.add(input.name()));
        for (Node node : graph.nodes()) {
            names.add(node.output().name());
            for (Value input : node.inputs()) {
                reads.merge(input.name(), 1, Integer::sum);
                readers.put(input.name(), node);
            }
        }
        for (Graph.Output output : graph.outputs()) {
            reads.merge(output.value().name(), 1, Integer::sum);
            outputs.add(output.value().name());
        }
        for (Tensor constant : constants.values()) {
            elements += constant.shape().elements();
        }
        elementLimit = elements + GROWTH_LIMIT;
    }

    /** The graph as {@code rule} wants it; {@code graph} itself if the rule never applies. */
    static Graph rewrite(Graph graph, Rule rule) {
        return new Rewriter(graph).sweep(rule);
    }

    /** The node that defines {@code value}; none for inputs and constants. */
    Optional<Node> producer(Value value) {
        return Optional.ofNullable(nodes.get(value.name())).map(Placed::node);
    }

    /** Whether one node reads {@code value}, once, and the caller of the network does not. */
    boolean isReadOnce(Value value) {
        return reads.getOrDefault(value.name(), 0) == 1 && !outputs.contains(value.name());
    }

    /** The node that alone reads the result of the present node, as it was before the sweep. */
    Optional<Node> onlyReader(Value value) {
        return isReadOnce(value) ? Optional.ofNullable(readers.get(value.name())) : Optional.empty();
    }

    /** Whether {@code a} is defined later than {@code b}. Inputs and constants come before everything. */
    boolean isDefinedAfter(Value a, Value b) {
        return position(a) > position(b);
    }

    private int position(Value value) {
        Placed producer = nodes.get(value.name());
        return producer == null ? -1 : producer.position();
    }

    boolean isConstant(Value value) {
        return constants.containsKey(value.name());
    }

    Optional<Tensor> constant(Value value) {
        return Optional.ofNullable(constants.get(value.name()));
    }

    /** The values of a float32 constant; not to be changed. */
    Optional<float[]> floats(Value value) {
        return constants.get(value.name()) instanceof Tensor.Floats floats
                        && floats.type().element() == ElementType.FLOAT32
                ? Optional.of(floats.values())
                : Optional.empty();
    }

    /** Whether a constant of {@code count} elements may take the place of reading {@code instead} without exceeding the limit. */
    boolean affords(long count, List<Value> instead) {
        long freed = 0;
        for (Value value : instead) {
            if (isConstant(value) && isReadOnce(value)) {
                freed += value.shape().elements();
            }
        }
        return elements + count - freed <= elementLimit;
    }

    /** Adds a float32 constant, named after {@code base}. */
    Value addConstant(String base, Shape shape, float[] values) {
        Tensor tensor = Tensor.of(shape, values);
        Value value = new Value(freshName(base), tensor.type());
        define(value, tensor);
        return value;
    }

    /** Adds a node before the present one, {@code source}, whose origins it shares; its result is named after {@code base}. */
    Value insert(Op op, List<Value> inputs, TensorType type, String base, Node source) {
        Value output = new Value(freshName(base), type);
        inputs.forEach(this::countRead);
        put(new Node(op, inputs, output, source.origins()), originsOf(source));
        return output;
    }

    private Graph sweep(Rule rule) {
        for (Node original : graph.nodes()) {
            Node node = resolve(original);
            // Its inputs are counted as read from the beginning.
            nodes.put(node.output().name(), new Placed(node, new Origins(List.of(), node.origins()), placed++));
            Optional<Node> next = Optional.of(node);
            while (next.isPresent()) {
                Node present = next.get();
                next = rule.apply(present, this).flatMap(found -> replace(present, found));
            }
        }
        return changed ? build() : graph;
    }

    private Node resolve(Node node) {
        if (node.inputs().stream().noneMatch(input -> replaced.containsKey(input.name()))) {
            return node;
        }
        List<Value> inputs = node.inputs().stream().map(this::resolve).toList();
        return new Node(node.op(), inputs, node.output(), node.origins());
    }

    private Value resolve(Value value) {
        return replaced.getOrDefault(value.name(), value);
    }

    /** Carries out a replacement; the new node, if it is one. */
    private Optional<Node> replace(Node node, Replacement replacement) {
        changed = true;
        Value output = node.output();
        return switch (replacement) {
            case Replacement.Operation(Op op, List<Value> inputs) -> {
                // The new node reads before the old one ceases to, so that what both read stays.
                inputs.forEach(this::countRead);
                Origins origins = new Origins(remove(node), List.of());
                yield Optional.of(put(new Node(op, inputs, output, node.origins()), origins));
            }
            case Replacement.Moved(Op op, List<Value> inputs, Node from) -> {
                inputs.forEach(this::countRead);
                Origins origins = originsOf(from);
                remove(node);
                yield Optional.of(put(new Node(op, inputs, output, from.origins()), origins));
            }
            case Replacement.Existing(Value value) -> {
                replaced.put(output.name(), value);
                reads.merge(value.name(), reads.getOrDefault(output.name(), 0), Integer::sum);
                if (outputs.contains(output.name())) {
                    outputs.add(value.name());
                }
                remove(node);
                yield Optional.empty();
            }
            case Replacement.Known(Tensor tensor) -> {
                define(output, tensor);
                remove(node);
                yield Optional.empty();
            }
        };
    }

    private Node put(Node node, Origins origins) {
        nodes.put(node.output().name(), new Placed(node, origins, placed++));
        return node;
    }

    private Origins originsOf(Node node) {
        return Objects.requireNonNull(nodes.get(node.output().name())).origins();
    }

    private void define(Value value, Tensor tensor) {
        constants.put(value.name(), tensor);
        elements += tensor.shape().elements();
    }

    private void countRead(Value value) {
        reads.merge(value.name(), 1, Integer::sum);
    }

    /** Takes a node away, and all that only it kept alive; their origins, its own last. */
    private List<Origins> remove(Node node) {
        List<Origins> removed = new ArrayList<>();
        Deque<Node> dead = new ArrayDeque<>(List.of(node));
        while (!dead.isEmpty()) {
            Node next = dead.remove();
            removed.add(originsOf(next));
            nodes.remove(next.output().name());
            for (Value input : next.inputs()) {
                if (reads.merge(input.name(), -1, Integer::sum) == 0) {
                    release(input, dead);
                }
            }
        }
        Collections.reverse(removed);
        return removed;
    }

    private void release(Value value, Deque<Node> dead) {
        producer(value).ifPresent(dead::add);
        Tensor constant = constants.remove(value.name());
        if (constant != null) {
            elements -= constant.shape().elements();
        }
    }

    private String freshName(String base) {
        String name;
        do {
            name = base + "." + suffixes.merge(base, 1, Integer::sum);
        } while (!names.add(name));
        return name;
    }

    private Graph build() {
        List<Node> built = nodes.values().stream()
                .map(Placed::node)
                .map(node -> new Node(node.op(), node.inputs(), node.output(), flatten(originsOf(node))))
                .toList();
        List<Graph.Output> results = graph.outputs().stream()
                .map(output -> new Graph.Output(output.name(), resolve(output.value())))
                .toList();
        constants.keySet().removeIf(name -> reads.getOrDefault(name, 0) == 0);
        return new Graph(graph.inputs(), results, built, constants);
    }

    private static List<String> flatten(Origins root) {
        SequencedSet<String> backwards = new LinkedHashSet<>();
        Set<Origins> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Origins> open = new ArrayDeque<>(List.of(root));
        while (!open.isEmpty()) {
            Origins next = open.removeLast();
            if (seen.add(next)) {
                backwards.addAll(next.own().reversed());
                open.addAll(next.absorbed());
            }
        }
        return List.copyOf(backwards.reversed());
    }
}
