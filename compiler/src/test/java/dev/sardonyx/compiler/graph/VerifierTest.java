package dev.sardonyx.compiler.graph;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VerifierTest {

    private static final Value X = value("x", 2);
    private static final Value Y = value("y", 2);
    private static final Value Z = value("z", 2);
    private static final Tensor PAIR = Tensor.of(Shape.of(2), 1f, 2f);

    @Test
    void accepts_outputs_that_are_inputs_constants_or_shared() {
        Graph graph = new Graph(
                List.of(X, value("unused", 3)),
                List.of(
                        new Graph.Output("a", X),
                        new Graph.Output("b", Z),
                        new Graph.Output("c", Y),
                        new Graph.Output("d", Y)),
                List.of(relu(X, Y)),
                Map.of("z", PAIR));
        assertThatCode(() -> Verifier.verify(graph)).doesNotThrowAnyException();
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource
    void rejects(Graph graph, String rule) {
        assertThatIllegalStateException()
                .isThrownBy(() -> Verifier.verify(graph))
                .withMessage(rule);
    }

    static Stream<Arguments> rejects() {
        return Stream.of(
                arguments(graph(Z, relu(X, Y), relu(Y, Y)), "Relu node 'y': 'y' is defined twice"),
                arguments(graph(Y, relu(X, X)), "Relu node 'x': 'x' is defined twice"),
                arguments(graph(Y, relu(Z, Y), relu(X, Z)), "Relu node 'y': 'z' is read before it is defined"),
                arguments(graph(Z, relu(X, Y)), "output 'out': 'z' is read before it is defined"),
                arguments(
                        graph(Y, relu(value("x", 3), value("y", 3))),
                        "Relu node 'y': reads 'x' as float32[3], but it is float32[2]"),
                arguments(
                        graph(Y, relu(X, value("y", 3))),
                        "Relu node 'y': output is declared float32[3], but is float32[2]"),
                arguments(
                        graph(Y, new Node(new Op.Add(), List.of(X), Y, List.of("n"))),
                        "Add node 'y': takes 2 inputs, not 1"),
                arguments(graph(Y, new Node(new Op.Relu(), List.of(X), Y, List.of())), "Relu node 'y': no origins"),
                arguments(
                        new Graph(List.of(X), List.of(new Graph.Output("out", X)), List.of(), Map.of("c", PAIR)),
                        "constants: 'c' is never read"),
                arguments(
                        new Graph(
                                List.of(X),
                                List.of(new Graph.Output("out", X), new Graph.Output("out", X)),
                                List.of(),
                                Map.of()),
                        "outputs: the name 'out' repeats"),
                arguments(
                        new Graph(List.of(X), List.of(new Graph.Output("out", X)), List.of(), Map.of("x", PAIR)),
                        "inputs: 'x' is defined twice"));
    }

    @Test
    void takes_long_graphs() {
        List<Node> nodes = new ArrayList<>();
        Value last = X;
        for (int i = 0; i < 20_000; i++) {
            Value next = value("v" + i, 2);
            nodes.add(relu(last, next));
            last = next;
        }
        Graph graph = graph(last, nodes.toArray(Node[]::new));
        assertThatCode(() -> Verifier.verify(graph)).doesNotThrowAnyException();
    }

    private static Graph graph(Value output, Node... nodes) {
        return new Graph(List.of(X), List.of(new Graph.Output("out", output)), List.of(nodes), Map.of());
    }

    private static Node relu(Value from, Value to) {
        return new Node(new Op.Relu(), List.of(from), to, List.of("n"));
    }

    private static Value value(String name, int size) {
        return new Value(name, TensorType.float32(size));
    }
}
