package dev.sardonyx.compiler.onnx;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.RunTimeTypes;
import dev.sardonyx.compiler.graph.ShapeInference;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.compiler.interpreter.Interpreter;
import dev.sardonyx.compiler.onnx.Translator.Definition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The graph while it grows: infers every value's type, computes what depends on constants alone, and counts the memory that this
 * takes. Broken rules are {@link IllegalArgumentException}s whose message is the rule.
 */
final class GraphBuilder {

    private final MemoryBudget budget;
    private final FoldingLimit folding = new FoldingLimit();
    private final Set<String> names;
    private int freshNames;

    /** By the file's name; several names may stand for one value. */
    private final Map<String, Value> values = new HashMap<>();

    /** By the value's name. */
    private final Map<String, Tensor> constants = new HashMap<>();

    private final List<Node> nodes = new ArrayList<>();

    /** @param names all names of values in the file */
    GraphBuilder(Set<String> names, MemoryBudget budget) {
        this.names = new HashSet<>(names);
        this.budget = budget;
    }

    Value value(String name) {
        Value value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("reads " + Place.quote(name) + " before it is defined");
        }
        return value;
    }

    boolean isDefined(String name) {
        return values.containsKey(name);
    }

    Optional<Tensor> constant(Value value) {
        return Optional.ofNullable(constants.get(value.name()));
    }

    void reserve(TensorType type) {
        budget.reserve(TensorReader.heapBytes(type));
    }

    /** A name that neither the file nor the graph has. */
    String freshName(String base) {
        String name;
        do {
            name = base + "/" + freshNames++;
        } while (!names.add(name));
        return name;
    }

    Value input(String name, TensorType type) {
        Value value = new Value(name, type);
        values.put(name, value);
        return value;
    }

    /**
     * Defines the value of that name.
     *
     * @param origin the ONNX node that it comes from, as people know it
     */
    Value define(String name, Definition definition, String origin) {
        Value value = switch (definition) {
            case Definition.Same same -> same.value();
            case Definition.Known known -> constant(name, known.tensor());
            case Definition.Applied applied -> apply(name, applied, origin);
        };
        values.put(name, value);
        return value;
    }

    private Value constant(String name, Tensor tensor) {
        constants.put(name, tensor);
        return new Value(name, tensor.type());
    }

    private Value apply(String name, Definition.Applied applied, String origin) {
        List<TensorType> types = applied.inputs().stream().map(Value::type).toList();
        TensorType type = ShapeInference.infer(applied.op(), types);
        List<Tensor> known = applied.inputs().stream()
                .map(this::constant)
                .flatMap(Optional::stream)
                .toList();
        if (known.size() == types.size() && folding.allows(applied.op(), types, type)) {
            reserve(type);
            return constant(name, Interpreter.evaluate(applied.op(), known));
        }
        RunTimeTypes.problem(applied.op(), types, type).ifPresent(problem -> {
            throw new UnsupportedNodeException(problem);
        });
        for (Value input : applied.inputs()) {
            requireElements("reads " + Place.quote(input.name()) + " as", input);
        }
        Value output = new Value(name, type);
        requireElements("computes", output);
        nodes.add(new Node(applied.op(), applied.inputs(), output, List.of(origin)));
        return output;
    }

    private void requireElements(String what, Value value) {
        if (value.shape().elements() == 0 && constant(value).isEmpty()) {
            throw new UnsupportedNodeException("%s %s, which has no elements".formatted(what, value.type()));
        }
    }

    /**
     * The graph that computes the outputs, in float32, without what they do not need. Takes from the budget what must be in
     * memory at once while the graph runs.
     *
     * @param inputs what the caller supplies; those that are not floating-point are left out if nothing reads their elements
     */
    Graph build(List<Value> inputs, List<Graph.Output> outputs) {
        Set<String> live = new HashSet<>();
        List<Node> alive = new ArrayList<>();
        long bytes = 0;
        long peak = 0;
        for (Graph.Output output : outputs) {
            bytes += comesAlive(output.value(), live);
        }
        for (Node node : nodes.reversed()) {
            if (live.contains(node.output().name())) {
                alive.add(node);
                for (Value input : node.inputs()) {
                    bytes += comesAlive(input, live);
                }
                peak = Math.max(peak, bytes);
                live.remove(node.output().name());
                bytes -= TensorReader.heapBytes(node.output().type());
            }
        }
        budget.reserve(peak);
        constants.keySet().retainAll(live);
        List<Value> read = inputs.stream()
                .filter(input -> input.type().element().isFloatingPoint() || live.contains(input.name()))
                .toList();
        return Float32Arithmetic.of(new Graph(read, outputs, alive.reversed(), constants), this::freshName);
    }

    /** Bytes that the value adds, going backwards. */
    private long comesAlive(Value value, Set<String> live) {
        return live.add(value.name()) && constant(value).isEmpty() ? TensorReader.heapBytes(value.type()) : 0;
    }
}
