package dev.sardonyx.compiler.lowering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sardonyx.codegen.interpreter.ProgramInterpreter;
import dev.sardonyx.codegen.program.Program;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TestGraph;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.compiler.interpreter.Interpreter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** A program computes what its graph computes, with and without fusions. */
class LoweringEquivalenceTest {

    /** Larger values are left out, so that a test takes no longer when random Concats and Pads add up. */
    private static final int MAX_ELEMENTS = 2000;

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void a_single_operator_on_an_image(@ForAll long seed) {
        Random random = new Random(seed);
        TestGraph graph = new TestGraph();
        Value x =
                graph.input(1 + random.nextInt(2), 1 + random.nextInt(5), 1 + random.nextInt(7), 1 + random.nextInt(7));
        check(graph.build(new RandomNode(graph, random).any(x)), random);
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void a_chain_of_operators_whose_values_have_several_readers(@ForAll long seed) {
        Random random = new Random(seed);
        TestGraph graph = new TestGraph();
        RandomNode node = new RandomNode(graph, random);
        List<Value> values = new ArrayList<>();
        values.add(graph.input(
                1 + random.nextInt(2), 1 + random.nextInt(4), 2 + random.nextInt(4), 2 + random.nextInt(4)));
        for (int i = 0; i < 8; i++) {
            Value x = random.nextInt(4) > 0 ? values.getLast() : values.get(random.nextInt(values.size()));
            Value y = node.any(x);
            if (y.shape().elements() <= MAX_ELEMENTS) {
                values.add(y);
            }
        }
        check(graph.build(values.getLast(), values.get(random.nextInt(values.size()))), random);
    }

    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void a_fully_connected_layer_of_an_image(@ForAll long seed) {
        Random random = new Random(seed);
        TestGraph graph = new TestGraph();
        RandomNode node = new RandomNode(graph, random);
        Value x =
                graph.input(1 + random.nextInt(2), 1 + random.nextInt(4), 1 + random.nextInt(4), 1 + random.nextInt(4));
        check(graph.build(node.gemm(node.flatten(x)), node.gram(node.flatten(x)), node.matMul(x)), random);
    }

    private static void check(Graph graph, Random random) {
        List<Tensor> inputs = graph.inputs().stream()
                .map(input -> TestGraph.randomTensor(random, input.shape()))
                .toList();
        List<Tensor> expected = Interpreter.run(graph, inputs);
        for (Set<Lowering.Fusion> disabled : List.of(Set.<Lowering.Fusion>of(), EnumSet.allOf(Lowering.Fusion.class))) {
            Program program = Lowering.lower(graph, disabled);
            List<float[]> actual = ProgramInterpreter.run(
                    program,
                    inputs.stream().map(LoweringEquivalenceTest::values).toList());
            for (int i = 0; i < expected.size(); i++) {
                assertThat(new Shape(program.outputs().get(i).buffer().shape()))
                        .isEqualTo(expected.get(i).shape());
                assertClose(actual.get(i), values(expected.get(i)));
            }
        }
    }

    private static void assertClose(float[] actual, float[] expected) {
        float largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).as("element %d", i).isCloseTo(expected[i], within(largest * 1e-5f + 1e-6f));
        }
    }

    private static float[] values(Tensor tensor) {
        return ((Tensor.Floats) tensor).values();
    }
}
