package dev.sardonyx.compiler.graph;

import java.util.List;

/**
 * One operation.
 *
 * @param op what it computes
 * @param inputs the values it reads, in the order that {@link Op} gives
 * @param output the value it defines
 * @param origins the ONNX nodes that it stands for, named as people know them; never empty
 */
public record Node(Op op, List<Value> inputs, Value output, List<String> origins) {

    public Node {
        inputs = List.copyOf(inputs);
        origins = List.copyOf(origins);
    }

    public Value input(int index) {
        return inputs.get(index);
    }

    @Override
    public String toString() {
        return output + " = " + op + inputs.stream().map(Value::name).toList();
    }
}
