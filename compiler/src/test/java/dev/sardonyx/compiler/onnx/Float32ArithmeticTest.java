package dev.sardonyx.compiler.onnx;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.compiler.interpreter.Interpreter;
import dev.sardonyx.runtime.ElementType;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Other floating-point types at the border of a graph, float32 within. */
class Float32ArithmeticTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT16"})
    void only_casts_at_the_border_see_another_type(ElementType type) {
        var model = new OnnxWriter("g");
        String x = model.input("x", type, 2);
        TensorType two = new TensorType(type, Shape.of(2));
        String c = model.initializer("c", new Tensor.Floats(two, new float[] {1, 2}));
        String sum = model.node("sum", "Add", List.of(x, c), attrs());
        String there = model.node("there", "Cast", List.of(sum), attrs().i("to", 1));
        String back =
                model.node("back", "Cast", List.of(there), attrs().i("to", type == ElementType.FLOAT64 ? 11 : 10));
        model.output(model.node("y", "Mul", List.of(back, c), attrs()), type, 2);
        model.output(x, type, 2);
        model.output(c, type, 2);

        Graph graph = Models.read(model, folder);

        assertThat(graph.inputs()).extracting(Value::type).containsExactly(two);
        assertThat(graph.outputs()).extracting(output -> output.value().type()).containsExactly(two, two, two);
        assertThat(graph.nodes())
                .extracting(node -> node.op())
                .containsExactly(new Op.Cast(ElementType.FLOAT32), new Op.Add(), new Op.Mul(), new Op.Cast(type));
        assertThat(graph.nodes().subList(0, 3))
                .allMatch(node -> node.output().type().element() == ElementType.FLOAT32);
        List<Tensor> results = Interpreter.run(graph, List.of(new Tensor.Floats(two, new float[] {3, 4})));
        assertThat(((Tensor.Floats) results.getFirst()).values()).containsExactly(4, 12);
    }

    @Test
    void integers_become_float32() {
        var model = new OnnxWriter("g");
        String x = model.input("x", ElementType.INT32, 2);
        String wide = model.node("wide", "Cast", List.of(x), attrs().i("to", 11));
        model.output(model.node("y", "Relu", List.of(wide), attrs()), ElementType.FLOAT64, 2);

        assertThat(Models.read(model, folder).nodes())
                .extracting(node -> node.op())
                .containsExactly(new Op.Cast(ElementType.FLOAT32), new Op.Relu(), new Op.Cast(ElementType.FLOAT64));
    }

    @Test
    void a_graph_in_float32_stays_as_it_is() {
        var model = new OnnxWriter("g");
        model.output(
                model.node("y", "Relu", List.of(model.input("x", ElementType.FLOAT32, 2)), attrs()),
                ElementType.FLOAT32,
                2);

        assertThat(Models.read(model, folder).nodes()).hasSize(1);
    }

    @Test
    void integer_inputs_are_inputs_where_something_reads_their_elements() {
        var model = new OnnxWriter("g");
        String x = model.input("x", ElementType.UINT8, 2, 3);
        model.output(model.node("y", "Cast", List.of(x), attrs().i("to", 1)), ElementType.FLOAT32, 2, 3);

        assertThat(Models.read(model, folder).inputs()).extracting(Value::name).containsExactly("x");
    }
}
