package dev.sardonyx.tests.peers;

import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.onnx.Attributes;
import dev.sardonyx.compiler.onnx.OnnxWriter;
import dev.sardonyx.runtime.ElementType;
import dev.sardonyx.runtime.cli.TensorData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * An ONNX model of many cases side by side, each with inputs, nodes and outputs of its own: one compilation and one run check
 * them all. Holds values for the inputs too. Names are those of the cases, so that a failure tells which.
 */
final class PeerModel {

    private final OnnxWriter model = new OnnxWriter("peers");
    private final int opset;
    private final List<TensorData> inputs = new ArrayList<>();
    private final Set<String> operators = new LinkedHashSet<>();
    private final Random random = new Random(42);
    private String name = "";
    private int values;

    PeerModel(int opset) {
        this.opset = opset;
        model.opset(opset);
    }

    /** A model of those cases that exist at {@code opset}. */
    static PeerModel of(List<OperatorCase> cases, int opset) {
        PeerModel model = new PeerModel(opset);
        cases.stream().filter(test -> test.existsAt(opset)).forEach(model::add);
        return model;
    }

    private void add(OperatorCase test) {
        name = test.name();
        values = 0;
        test.body().accept(this);
    }

    int opset() {
        return opset;
    }

    /** The operators of all nodes. */
    Set<String> operators() {
        return operators;
    }

    List<TensorData> inputs() {
        return inputs;
    }

    void write(Path file) throws IOException {
        model.write(file);
    }

    /** The writer itself, for what the other methods do not cover. */
    OnnxWriter writer() {
        return model;
    }

    private String fresh(String kind) {
        return name + "/" + kind + values++;
    }

    /** A float32 input of standard normal values. */
    String input(int... dims) {
        return input(ElementType.FLOAT32, dims);
    }

    /** An input: standard normal values, or for integers whole numbers from 0 (or -100 where signed) to 100. */
    String input(ElementType type, int... dims) {
        float[] elements = new float[Shape.of(dims).elements()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = switch (type) {
                case FLOAT32, FLOAT64 -> (float) random.nextGaussian();
                case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16((float) random.nextGaussian()));
                case INT64, INT32, INT16, INT8 -> random.nextInt(-100, 101);
                case UINT8 -> random.nextInt(101);
                case BOOL -> random.nextInt(2);
            };
        }
        return input(type, elements, dims);
    }

    /** An input of given values. */
    String input(ElementType type, float[] elements, int... dims) {
        String input = fresh("x");
        List<Integer> shape = Arrays.stream(dims).boxed().toList();
        inputs.add(new TensorData(input, type, shape, elements));
        return model.input(input, type, Arrays.stream(dims).asLongStream().toArray());
    }

    /** A float32 constant of standard normal values. */
    String weights(int... dims) {
        return constant(normal(dims));
    }

    /** A float32 constant of values from 0.5 to 1.5. */
    String positive(int... dims) {
        float[] elements = new float[Shape.of(dims).elements()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = 0.5f + random.nextFloat();
        }
        return constant(Tensor.of(Shape.of(dims), elements));
    }

    /** Standard normal values. */
    Tensor normal(int... dims) {
        float[] elements = new float[Shape.of(dims).elements()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = (float) random.nextGaussian();
        }
        return Tensor.of(Shape.of(dims), elements);
    }

    String constant(Tensor tensor) {
        return model.initializer(fresh("w"), tensor);
    }

    /** A one-dimensional int64 constant. */
    String ints(long... elements) {
        return constant(Tensor.of(Shape.of(elements.length), elements));
    }

    /** A float32 scalar. */
    String scalar(float value) {
        return constant(Tensor.of(Shape.of(), value));
    }

    /** A node with one output; returns that. */
    String node(String operator, Attributes attributes, String... arguments) {
        return nodes(operator, attributes, 1, arguments).getFirst();
    }

    /** A node without attributes and with one output; returns that. */
    String node(String operator, String... arguments) {
        return node(operator, OnnxWriter.attrs(), arguments);
    }

    /** A node with several outputs; returns those. */
    List<String> nodes(String operator, Attributes attributes, int outputs, String... arguments) {
        operators.add(operator);
        List<String> results =
                LongStream.range(0, outputs).mapToObj(_ -> fresh("v")).toList();
        model.node(new OnnxWriter.Node("", operator, results.getFirst(), List.of(arguments), results, attributes));
        return results;
    }

    /** Declares a float32 output. */
    void output(String value) {
        output(value, ElementType.FLOAT32);
    }

    /** Declares an output of a type; its shape is left to inference. */
    void output(String value, ElementType type) {
        model.outputOfAnyRank(value, type);
    }
}
