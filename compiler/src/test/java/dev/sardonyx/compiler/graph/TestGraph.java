package dev.sardonyx.compiler.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Builds graphs for tests: values are named by position, a node's origin is its operator's name and position. */
public final class TestGraph {

    private final List<Value> inputs = new ArrayList<>();
    private final List<Graph.Output> outputs = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Tensor> constants = new HashMap<>();

    public Value input(TensorType type) {
        Value value = new Value("x" + inputs.size(), type);
        inputs.add(value);
        return value;
    }

    public Value input(int... dims) {
        return input(TensorType.float32(dims));
    }

    public Value constant(Tensor tensor) {
        Value value = new Value("c" + constants.size(), tensor.type());
        constants.put(value.name(), tensor);
        return value;
    }

    /** A constant of random values between −1 and 1. */
    public Value random(Random random, int... dims) {
        return constant(randomTensor(random, Shape.of(dims)));
    }

    public static Tensor randomTensor(Random random, Shape shape) {
        float[] values = new float[shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = 2 * random.nextFloat() - 1;
        }
        return Tensor.of(shape, values);
    }

    public Value node(Op op, Value... operands) {
        return node(op, List.of(operands));
    }

    public Value node(Op op, List<Value> operands) {
        TensorType type =
                ShapeInference.infer(op, operands.stream().map(Value::type).toList());
        Value value = new Value("v" + nodes.size(), type);
        nodes.add(new Node(op, operands, value, List.of(op.name() + "_" + nodes.size())));
        return value;
    }

    public TestGraph output(Value value) {
        outputs.add(new Graph.Output("y" + outputs.size(), value));
        return this;
    }

    public Graph build(Value... results) {
        Stream.of(results).forEach(this::output);
        Graph graph = new Graph(inputs, outputs, nodes, constants);
        Verifier.verify(graph);
        return graph;
    }
}
