package dev.sardonyx.compiler.passes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.compiler.graph.Verifier;
import dev.sardonyx.compiler.interpreter.Interpreter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.api.AbstractAssert;

/** Assertions about what a pass makes of a graph. */
final class GraphAssert extends AbstractAssert<GraphAssert, Graph> {

    /**
     * What two ways of rounding may differ by, as a part of the largest value on the way. Each node rounds once, by 2^-24 of
     * its value, and its readers may multiply that by a few; the test graphs have a few dozen nodes. A wrong constant or a
     * missing term is a thousand times as large.
     */
    private static final double TOLERANCE = 1000 * 0x1p-24;

    private GraphAssert(Graph actual) {
        super(actual, GraphAssert.class);
    }

    static GraphAssert assertGraph(Graph actual) {
        return new GraphAssert(actual);
    }

    /** Names of the operators, in order. */
    GraphAssert hasOps(String... names) {
        assertThat(actual.nodes()).extracting(node -> node.op().name()).containsExactly(names);
        return this;
    }

    /** A legal graph with the interface of {@code expected}, which gives the same results but for rounding. */
    GraphAssert computesTheSameAs(Graph expected) {
        Verifier.verify(actual);
        assertThat(actual.inputs()).isEqualTo(expected.inputs());
        assertThat(actual.outputs())
                .extracting(Graph.Output::name)
                .isEqualTo(expected.outputs().stream().map(Graph.Output::name).toList());
        List<Tensor> inputs = randomInputs(expected);
        Map<String, Tensor> values = evaluateAll(expected, inputs);
        double largest =
                values.values().stream().mapToDouble(GraphAssert::largest).max().orElse(0);
        List<Tensor> results = Interpreter.run(actual, inputs);
        for (int i = 0; i < results.size(); i++) {
            Graph.Output output = expected.outputs().get(i);
            Tensor wanted = Objects.requireNonNull(values.get(output.value().name()));
            assertThat(results.get(i).type()).isEqualTo(wanted.type());
            assertThat(difference(results.get(i), wanted))
                    .as("difference of %s, values up to %s", output.name(), largest)
                    .isLessThanOrEqualTo(TOLERANCE * largest);
        }
        return this;
    }

    static List<Tensor> randomInputs(Graph graph) {
        Random random = new Random(1);
        List<Tensor> inputs = new ArrayList<>();
        for (Value input : graph.inputs()) {
            float[] values = new float[input.shape().elements()];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextFloat(-2, 2);
            }
            inputs.add(Tensor.of(input.shape(), values));
        }
        return inputs;
    }

    private static Map<String, Tensor> evaluateAll(Graph graph, List<Tensor> inputs) {
        Map<String, Tensor> values = new HashMap<>(graph.constants());
        for (int i = 0; i < inputs.size(); i++) {
            values.put(graph.inputs().get(i).name(), inputs.get(i));
        }
        for (Node node : graph.nodes()) {
            List<Tensor> operands = node.inputs().stream()
                    .map(input -> values.get(input.name()))
                    .toList();
            values.put(node.output().name(), Interpreter.evaluate(node.op(), operands));
        }
        return values;
    }

    private static double difference(Tensor a, Tensor b) {
        double difference = 0;
        for (int i = 0; i < floats(a).length; i++) {
            if (Float.compare(floats(a)[i], floats(b)[i]) != 0) {
                difference = Math.max(difference, Math.abs((double) floats(a)[i] - floats(b)[i]));
            }
        }
        return difference;
    }

    private static double largest(Tensor tensor) {
        double largest = 0;
        for (float value : floats(tensor)) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    static float[] floats(Tensor tensor) {
        return ((Tensor.Floats) tensor).values();
    }
}
