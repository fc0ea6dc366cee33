package dev.sardonyx.compiler.interpreter;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Names;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.ShapeInference;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.compiler.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes operators and graphs as ONNX's specification reads: the oracle for every pass and target, and the engine of constant
 * folding.
 *
 * <p>Sums (convolutions, products of matrices, means, normalisations) and transcendental functions are computed in double
 * precision and rounded once. float32 and float64 tensors hold floats; float16 results are rounded to float16. Integers wrap
 * around at the width of their type. {@link Op.Cast} from floating-point to integer truncates towards zero and saturates, NaN
 * becoming 0; from integer to integer it keeps the low bits; to bool it asks whether the value differs from 0.
 *
 * <p>NaN propagates: through Relu, Clip and MaxPool too, as in NumPy's maximum.
 */
public final class Interpreter {

    private Interpreter() {}

    /**
     * The output of {@code op}.
     *
     * @throws IllegalArgumentException if the inputs break a rule of the operator ({@link ShapeInference}), an index is out of
     *     range or an integer is divided by zero; the message is the rule, without the node's name
     */
    public static Tensor evaluate(Op op, List<Tensor> inputs) {
        TensorType type =
                ShapeInference.infer(op, inputs.stream().map(Tensor::type).toList());
        return switch (op) {
            case Op.Conv conv -> Convolutions.conv(conv, inputs, type);
            case Op.Gemm gemm -> Products.gemm(gemm, inputs, type);
            case Op.MatMul _ -> Products.matMul(inputs.get(0), inputs.get(1), type);

            case Op.MaxPool pool -> Pooling.max(pool, inputs.getFirst(), type);
            case Op.AveragePool pool -> Pooling.average(pool, inputs.getFirst(), type);
            case Op.GlobalAveragePool _ -> Reductions.globalAverage(inputs.getFirst(), type);
            case Op.GlobalMaxPool _ -> Reductions.globalMax(inputs.getFirst(), type);
            case Op.ReduceMean mean -> Reductions.mean(inputs.getFirst(), mean.axes(), type);

            case Op.BatchNormalization norm -> Normalizations.batch(norm, inputs, type);
            case Op.LRN lrn -> Normalizations.localResponse(lrn, inputs.getFirst(), type);
            case Op.Softmax softmax -> Normalizations.softmax(softmax, inputs.getFirst(), type);
            case Op.LogSoftmax softmax -> Normalizations.logSoftmax(softmax, inputs.getFirst(), type);

            case Op.Relu _ -> Elementwise.relu(inputs.getFirst());
            case Op.LeakyRelu relu -> Elementwise.leakyRelu(relu, inputs.getFirst());
            case Op.PRelu _ -> Elementwise.pRelu(inputs.get(0), inputs.get(1));
            case Op.Clip clip -> Elementwise.clip(clip, inputs.getFirst());
            case Op.Sigmoid _ -> Elementwise.sigmoid(inputs.getFirst());
            case Op.Tanh _ -> Elementwise.tanh(inputs.getFirst());
            case Op.Sqrt _ -> Elementwise.sqrt(inputs.getFirst());
            case Op.Add _ -> Elementwise.add(inputs.get(0), inputs.get(1), type);
            case Op.Sub _ -> Elementwise.sub(inputs.get(0), inputs.get(1), type);
            case Op.Mul _ -> Elementwise.mul(inputs.get(0), inputs.get(1), type);
            case Op.Div _ -> Elementwise.div(inputs.get(0), inputs.get(1), type);
            case Op.Max _ -> Elementwise.max(inputs.get(0), inputs.get(1), type);
            case Op.Min _ -> Elementwise.min(inputs.get(0), inputs.get(1), type);
            case Op.Cast _ -> Elementwise.cast(inputs.getFirst(), type);

            case Op.Reshape _ -> Movement.reshape(inputs.getFirst(), type);
            case Op.Transpose transpose -> Movement.transpose(transpose, inputs.getFirst(), type);
            case Op.Slice slice -> Movement.slice(slice, inputs.getFirst(), type);
            case Op.Pad pad -> Movement.pad(pad, inputs.getFirst(), type);
            case Op.Gather gather -> Movement.gather(gather, inputs.get(0), inputs.get(1), type);
            case Op.Concat concat -> Movement.concat(concat, inputs, type);
        };
    }

    /**
     * The outputs of {@code graph}. Intermediate values are dropped after their last reader.
     *
     * @param inputs in the graph's order
     * @throws IllegalArgumentException if the inputs do not have the declared types, or as {@link #evaluate} does, naming the
     *     node
     */
    public static List<Tensor> run(Graph graph, List<Tensor> inputs) {
        Map<String, Tensor> values = new HashMap<>(graph.constants());
        bind(graph.inputs(), inputs, values);
        Map<String, Integer> lastReader = lastReaders(graph);
        for (int i = 0; i < graph.nodes().size(); i++) {
            Node node = graph.nodes().get(i);
            values.put(node.output().name(), evaluate(node, values));
            for (Value input : node.inputs()) {
                if (lastReader.getOrDefault(input.name(), i) == i) {
                    values.remove(input.name());
                }
            }
        }
        return graph.outputs().stream()
                .map(output -> value(output.value(), values))
                .toList();
    }

    private static void bind(List<Value> declared, List<Tensor> inputs, Map<String, Tensor> values) {
        if (inputs.size() != declared.size()) {
            throw new IllegalArgumentException(declared.size() + " inputs expected, not " + inputs.size());
        }
        for (int i = 0; i < inputs.size(); i++) {
            Value input = declared.get(i);
            if (!inputs.get(i).type().equals(input.type())) {
                throw new IllegalArgumentException("input " + Names.quote(input.name()) + " must be " + input.type()
                        + ", not " + inputs.get(i).type());
            }
            values.put(input.name(), inputs.get(i));
        }
    }

    /** The position of the last node that reads a value; outputs are read after all nodes. */
    private static Map<String, Integer> lastReaders(Graph graph) {
        Map<String, Integer> last = new HashMap<>();
        for (int i = 0; i < graph.nodes().size(); i++) {
            for (Value input : graph.nodes().get(i).inputs()) {
                last.put(input.name(), i);
            }
        }
        graph.outputs().forEach(output -> last.put(output.value().name(), Integer.MAX_VALUE));
        return last;
    }

    private static Tensor evaluate(Node node, Map<String, Tensor> values) {
        List<Tensor> inputs = new ArrayList<>();
        for (Value input : node.inputs()) {
            inputs.add(value(input, values));
        }
        try {
            return evaluate(node.op(), inputs);
        } catch (IllegalArgumentException broken) {
            String place =
                    node.op().name() + " node " + Names.quote(node.output().name());
            throw new IllegalArgumentException(place + ": " + broken.getMessage(), broken);
        }
    }

    private static Tensor value(Value value, Map<String, Tensor> values) {
        Tensor tensor = values.get(value.name());
        if (tensor == null) {
            throw new IllegalArgumentException(Names.quote(value.name()) + " is read before it is defined");
        }
        return tensor;
    }
}
