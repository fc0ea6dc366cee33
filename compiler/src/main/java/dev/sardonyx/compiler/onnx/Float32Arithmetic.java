package dev.sardonyx.compiler.onnx;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.runtime.ElementType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Makes float64 and float16 arithmetic float32 arithmetic, with a Cast where such a value enters or leaves the graph:
 *
 * <pre>
 *   x: float16 ─→ Relu ─→ Cast(float64) ─→ y     ⇒     x: float16 ─→ Cast(float32) ─→ Relu ─→ Cast(float64) ─→ y
 * </pre>
 */
final class Float32Arithmetic {

    private final Graph graph;
    private final UnaryOperator<String> freshName;
    private final Set<String> inputs;

    /** What stands for a value of the graph where a node reads it. */
    private final Map<String, Value> computed = new HashMap<>();

    private final Map<String, Tensor> constants = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    private Float32Arithmetic(Graph graph, UnaryOperator<String> freshName) {
        this.graph = graph;
        this.freshName = freshName;
        inputs = graph.inputs().stream().map(Value::name).collect(Collectors.toSet());
    }

    /** @param freshName makes a name that no value of the graph has, out of another */
    static Graph of(Graph graph, UnaryOperator<String> freshName) {
        return new Float32Arithmetic(graph, freshName).convert();
    }

    private static boolean isOther(ElementType element) {
        return element.isFloatingPoint() && element != ElementType.FLOAT32;
    }

    private static Value inFloat32(Value value, String name) {
        return new Value(name, new TensorType(ElementType.FLOAT32, value.shape()));
    }

    private Graph convert() {
        for (Value input : graph.inputs()) {
            if (isOther(input.type().element())) {
                computed.put(input.name(), cast(input, ElementType.FLOAT32, input.name()));
            }
        }
        graph.nodes().forEach(this::convert);
        List<Graph.Output> outputs = graph.outputs().stream().map(this::convert).toList();
        return new Graph(graph.inputs(), outputs, nodes, constants);
    }

    private Value cast(Value value, ElementType to, String origin) {
        Value result = new Value(freshName.apply(value.name()), new TensorType(to, value.shape()));
        nodes.add(new Node(new Op.Cast(to), List.of(value), result, List.of(origin)));
        return result;
    }

    private void convert(Node node) {
        List<Value> inputs = node.inputs().stream().map(this::read).toList();
        Value output = node.output();
        if (node.op() instanceof Op.Cast && output.type().element().isFloatingPoint()) {
            if (inputs.getFirst().type().element().isFloatingPoint()) {
                computed.put(output.name(), inputs.getFirst());
                return;
            }
            Value result = inFloat32(output, output.name());
            computed.put(output.name(), result);
            nodes.add(new Node(new Op.Cast(ElementType.FLOAT32), inputs, result, node.origins()));
            return;
        }
        Value result = isOther(output.type().element()) ? inFloat32(output, output.name()) : output;
        computed.put(output.name(), result);
        nodes.add(new Node(node.op(), inputs, result, node.origins()));
    }

    private Value read(Value value) {
        return computed.computeIfAbsent(value.name(), name -> {
            Tensor constant = graph.constants().get(name);
            if (constant instanceof Tensor.Floats floats && isOther(value.type().element())) {
                Value result = inFloat32(value, freshName.apply(name));
                constants.put(result.name(), new Tensor.Floats(result.type(), floats.values()));
                return result;
            }
            if (constant != null) {
                constants.put(name, constant);
            }
            return value;
        });
    }

    /** Constants leave as they are. */
    private Graph.Output convert(Graph.Output output) {
        Value value = output.value();
        Tensor constant = graph.constants().get(value.name());
        if (constant != null) {
            constants.put(value.name(), constant);
            return output;
        }
        Value result = computed.getOrDefault(value.name(), value);
        boolean isInput = inputs.contains(value.name());
        return isInput || result.type().equals(value.type())
                ? new Graph.Output(output.name(), isInput ? value : result)
                : new Graph.Output(output.name(), cast(result, value.type().element(), output.name()));
    }
}
