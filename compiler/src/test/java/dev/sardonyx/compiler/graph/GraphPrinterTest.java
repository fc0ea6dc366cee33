package dev.sardonyx.compiler.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphPrinterTest {

    @Test
    void prints_one_value_a_line() {
        Value x = new Value("x", TensorType.float32(1, 2));
        Value bias = new Value("b", TensorType.float32(2));
        Value y = new Value("evil\nname", TensorType.float32(1, 2));
        Graph graph = new Graph(
                List.of(x),
                List.of(new Graph.Output("out", y)),
                List.of(new Node(new Op.Add(), List.of(x, bias), y, List.of("add_1", "add_2"))),
                Map.of("b", Tensor.of(Shape.of(2), 1f, 2f)));
        assertThat(GraphPrinter.print(graph)).isEqualTo("""
            input 'x': float32[1, 2]
            constant 'b': float32[2]
            'evil\\nname': float32[1, 2] = Add[]('x', 'b') from 'add_1', 'add_2'
            output 'out' = 'evil\\nname': float32[1, 2]
            """);
    }
}
