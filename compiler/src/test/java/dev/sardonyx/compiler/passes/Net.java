package dev.sardonyx.compiler.passes;

import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.ShapeInference;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.compiler.graph.Verifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Builds graphs for tests. Random constants are sized so that values stay around 1 through any number of layers, and no scale
 * is near 0: where two ways of computing differ by rounding only, they differ little.
 */
final class Net {

    private final Random random;
    private final List<Value> inputs = new ArrayList<>();
    private final List<Graph.Output> outputs = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Tensor> constants = new HashMap<>();
    private int names;

    Net(long seed) {
        random = new Random(seed);
    }

    Random random() {
        return random;
    }

    Value input(int... dims) {
        Value value = new Value("x" + names++, TensorType.float32(dims));
        inputs.add(value);
        return value;
    }

    Value constant(Shape shape, float... values) {
        return constant(Tensor.of(shape, values));
    }

    Value constant(Tensor tensor) {
        Value value = new Value("c" + names++, tensor.type());
        constants.put(value.name(), tensor);
        return value;
    }

    /** A constant of values between {@code from} and {@code to}, of either sign if {@code signed}. */
    Value uniform(Shape shape, double from, double to, boolean signed) {
        float[] values = new float[shape.elements()];
        for (int i = 0; i < values.length; i++) {
            double magnitude = from + (to - from) * random.nextDouble();
            values[i] = (float) (signed && random.nextBoolean() ? -magnitude : magnitude);
        }
        return constant(shape, values);
    }

    Value scale(int... dims) {
        return uniform(Shape.of(dims), 0.5, 1.5, true);
    }

    Value shift(int... dims) {
        return uniform(Shape.of(dims), 0.1, 1, true);
    }

    /** A node; its origin is its operator's name and a number. */
    Value node(Op op, Value... operands) {
        TensorType type =
                ShapeInference.infer(op, Stream.of(operands).map(Value::type).toList());
        Value value = new Value("v" + names++, type);
        nodes.add(new Node(op, List.of(operands), value, List.of(op.name() + nodes.size())));
        return value;
    }

    Value conv(Value x, int outChannels, Window window, int group, boolean bias) {
        int inner = x.shape().dim(1) / group;
        double bound = Math.sqrt(3.0 / (inner * window.kernelH() * window.kernelW()));
        Value weights =
                uniform(Shape.of(outChannels, inner, window.kernelH(), window.kernelW()), 0.1 * bound, bound, true);
        Op op = new Op.Conv(window, group, bias);
        return bias ? node(op, x, weights, shift(outChannels)) : node(op, x, weights);
    }

    /** A 3×3 convolution that keeps the image's size. */
    Value conv(Value x, int outChannels) {
        return conv(x, outChannels, Window.of(3, 3).withPads(1, 1, 1, 1), 1, false);
    }

    Value batchNorm(Value x) {
        int c = x.shape().dim(1);
        return node(
                new Op.BatchNormalization(1e-3f), x, scale(c), shift(c), shift(c), uniform(Shape.of(c), 0.5, 2, false));
    }

    Value relu(Value x) {
        return node(new Op.Relu(), x);
    }

    Value add(Value a, Value b) {
        return node(new Op.Add(), a, b);
    }

    Value mul(Value a, Value b) {
        return node(new Op.Mul(), a, b);
    }

    Net output(Value value) {
        outputs.add(new Graph.Output("out" + outputs.size(), value));
        return this;
    }

    /** All values that nodes define so far. */
    List<Value> results() {
        return nodes.stream().map(Node::output).toList();
    }

    /** Number of nodes so far. */
    int size() {
        return nodes.size();
    }

    Graph build() {
        Graph graph = new Graph(inputs, outputs, nodes, constants);
        Verifier.verify(graph);
        return graph;
    }

    Graph build(Value output) {
        return output(output).build();
    }
}
