package dev.sardonyx.tests.peers;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;

import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.runtime.ElementType;
import java.util.ArrayList;
import java.util.List;

/** Operators on single elements, with broadcasting. */
final class ElementwiseCases {

    private ElementwiseCases() {}

    static List<OperatorCase> all() {
        List<OperatorCase> cases = new ArrayList<>();
        for (String operator : List.of("Relu", "Sigmoid", "Tanh")) {
            cases.add(OperatorCase.of(operator, m -> m.output(m.node(operator, m.input(2, 3, 5, 7)))));
            cases.add(OperatorCase.of(operator + " of a vector", m -> m.output(m.node(operator, m.input(19)))));
            cases.add(OperatorCase.of(operator + " of a scalar", m -> m.output(m.node(operator, m.input()))));
        }
        cases.add(OperatorCase.of(
                "Sigmoid of large values",
                m -> m.output(m.node(
                        "Sigmoid", m.input(ElementType.FLOAT32, new float[] {-200, -90, -20, 0, 20, 90, 200}, 7)))));
        cases.add(OperatorCase.of(
                "Tanh of large values",
                m -> m.output(m.node(
                        "Tanh", m.input(ElementType.FLOAT32, new float[] {-200, -20, -1e-4f, 0, 1e-4f, 20, 200}, 7)))));
        cases.add(OperatorCase.of("Sqrt", m -> m.output(m.node("Sqrt", m.node("Relu", m.input(2, 3, 4))))));
        cases.add(OperatorCase.of("LeakyRelu", m -> m.output(m.node("LeakyRelu", m.input(2, 3, 5)))));
        cases.add(OperatorCase.of(
                "LeakyRelu 0.2", m -> m.output(m.node("LeakyRelu", attrs().f("alpha", 0.2f), m.input(2, 3, 5)))));
        cases.add(OperatorCase.of(
                "LeakyRelu -2", m -> m.output(m.node("LeakyRelu", attrs().f("alpha", -2), m.input(2, 3, 5)))));
        preluAndClip(cases);
        arithmetic(cases);
        return cases;
    }

    private static void preluAndClip(List<OperatorCase> cases) {
        cases.add(OperatorCase.of(
                "PRelu by channel", m -> m.output(m.node("PRelu", m.input(2, 3, 4, 5), m.weights(3, 1, 1)))));
        cases.add(OperatorCase.of(
                "PRelu by element", m -> m.output(m.node("PRelu", m.input(2, 3, 4), m.weights(2, 3, 4)))));
        cases.add(OperatorCase.of("PRelu, one slope", m -> m.output(m.node("PRelu", m.input(2, 3, 4), m.weights(1)))));
        cases.add(OperatorCase.of(
                "PRelu, slopes computed",
                m -> m.output(m.node("PRelu", m.input(2, 3, 4), m.node("Tanh", m.input(4))))));
        cases.add(OperatorCase.of(
                        "Clip by attributes",
                        m -> m.output(m.node("Clip", attrs().f("min", -0.5f).f("max", 0.25f), m.input(2, 3, 4))))
                .until(10));
        cases.add(OperatorCase.of(
                        "Clip by an attribute",
                        m -> m.output(m.node("Clip", attrs().f("max", 0.25f), m.input(2, 3, 4))))
                .until(10));
        cases.add(OperatorCase.of("Clip by nothing", m -> m.output(m.node("Clip", m.input(2, 3, 4)))));
        cases.add(OperatorCase.of(
                        "Clip", m -> m.output(m.node("Clip", m.input(2, 3, 4), m.scalar(-0.5f), m.scalar(0.25f))))
                .since(11));
        cases.add(OperatorCase.of("Clip, no min", m -> m.output(m.node("Clip", m.input(2, 3, 4), "", m.scalar(0.25f))))
                .since(11));
        cases.add(OperatorCase.of("Clip, no max", m -> m.output(m.node("Clip", m.input(2, 3, 4), m.scalar(-0.5f))))
                .since(11));
        cases.add(OperatorCase.of(
                        "Clip, max left out", m -> m.output(m.node("Clip", m.input(2, 3, 4), m.scalar(-0.5f), "")))
                .since(11));
        float infinity = Float.POSITIVE_INFINITY;
        float[] extremes = {infinity, Float.MAX_VALUE, 65504, 0, -65504, -Float.MAX_VALUE, -infinity};
        cases.add(OperatorCase.of(
                "Clip of infinities by nothing",
                m -> m.output(m.node("Clip", m.input(ElementType.FLOAT32, extremes, 7)))));
        for (ElementType type : List.of(ElementType.FLOAT32, ElementType.FLOAT16, ElementType.FLOAT64)) {
            cases.add(OperatorCase.of("Clip of infinities in " + type, m -> {
                        String x = m.input(type, extremes, 7);
                        m.output(m.node("Clip", x), type);
                        m.output(m.node("Clip", x, m.input(type, new float[] {-1})), type);
                        m.output(m.node("Clip", x, "", m.input(type, new float[] {1})), type);
                    })
                    .since(12));
        }
        cases.add(OperatorCase.of("Clip by variables", m -> {
                    String x = m.input(2, 3, 4);
                    m.output(m.node("Clip", x, m.input(), m.input()));
                    m.output(m.node("Clip", x, "", m.input()));
                    m.output(m.node("Clip", x, m.input(), m.scalar(2)));
                })
                .since(11));
        cases.add(OperatorCase.of(
                        "Clip, min above max",
                        m -> m.output(m.node("Clip", m.input(2, 3, 4), m.scalar(1), m.scalar(-1))))
                .since(12));
    }

    private static void arithmetic(List<OperatorCase> cases) {
        for (String operator : List.of("Add", "Sub", "Mul", "Div")) {
            cases.add(both(operator, "equal shapes", new int[] {2, 3, 4}, new int[] {2, 3, 4}));
            cases.add(both(operator, "scalar", new int[] {2, 3, 4}, new int[] {}));
            cases.add(both(operator, "one element", new int[] {2, 3, 4}, new int[] {1}));
            cases.add(both(operator, "by channel", new int[] {2, 3, 4, 5}, new int[] {3, 1, 1}));
            cases.add(both(operator, "by column", new int[] {2, 3, 4, 5}, new int[] {5}));
            cases.add(both(operator, "by image", new int[] {2, 3, 4, 5}, new int[] {2, 1, 1, 1}));
            cases.add(both(operator, "both broadcast", new int[] {2, 1, 4}, new int[] {3, 1}));
            cases.add(both(operator, "outer", new int[] {7, 1}, new int[] {1, 9}));
            cases.add(OperatorCase.of(operator + " of one value with itself", m -> {
                String x = m.input(2, 3);
                m.output(m.node(operator, x, x));
            }));
        }
        for (String operator : List.of("Max", "Min")) {
            cases.add(OperatorCase.of(operator + " of one", m -> m.output(m.node(operator, m.input(2, 3)))));
            cases.add(OperatorCase.of(
                    operator + " of two", m -> m.output(m.node(operator, m.input(2, 3), m.weights(2, 3)))));
            cases.add(OperatorCase.of(
                            operator + " of three that broadcast",
                            m -> m.output(m.node(operator, m.input(2, 3), m.input(2, 1), m.scalar(0.5f))))
                    .since(8));
        }
        cases.add(OperatorCase.of("Sum of one", m -> m.output(m.node("Sum", m.input(2, 3)))));
        cases.add(OperatorCase.of("Sum of two", m -> m.output(m.node("Sum", m.input(2, 3), m.weights(2, 3)))));
        cases.add(OperatorCase.of(
                        "Sum of five that broadcast",
                        m -> m.output(m.node(
                                "Sum", m.input(2, 3), m.weights(3), m.input(2, 1), m.scalar(0.5f), m.input(4, 1, 1))))
                .since(8));
        cases.add(OperatorCase.of("Identity", m -> m.output(m.node("Identity", m.input(2, 3)))));
        cases.add(OperatorCase.of("Dropout", m -> m.output(m.node("Dropout", m.input(2, 3, 4)))));
        cases.add(OperatorCase.of(
                        "Dropout with ratio", m -> m.output(m.node("Dropout", attrs().f("ratio", 0.9f), m.input(2, 3))))
                .until(11));
        cases.add(OperatorCase.of(
                        "Dropout, ratio and training_mode",
                        m -> m.output(m.node(
                                "Dropout",
                                attrs().i("seed", 3),
                                m.input(2, 3),
                                m.scalar(0.9f),
                                m.constant(falsehood()))))
                .since(12));
        cases.add(OperatorCase.of(
                        "Dropout, ratio left out",
                        m -> m.output(m.node("Dropout", m.input(2, 3), "", m.constant(falsehood()))))
                .since(12));
        cases.add(OperatorCase.of("a residual block's tail", m -> {
            String x = m.input(2, 8, 5, 5);
            String y = m.node("Conv", attrs().ints("pads", 1, 1, 1, 1), x, m.weights(8, 8, 3, 3));
            m.output(m.node("Relu", m.node("Add", y, x)));
        }));
        cases.add(OperatorCase.of("swish", m -> {
            String x = m.input(2, 8, 5, 5);
            m.output(m.node("Mul", x, m.node("Sigmoid", x)));
        }));
    }

    private static Tensor falsehood() {
        return new Tensor.Integers(new TensorType(ElementType.BOOL, Shape.of()), new long[] {0});
    }

    /** Two variables, a constant on the right, and a constant on the left. */
    private static OperatorCase both(String operator, String name, int[] left, int[] right) {
        return OperatorCase.of(operator + ", " + name, m -> {
            String x = m.input(left);
            m.output(m.node(operator, x, m.node("Identity", positive(m, right))));
            m.output(m.node(operator, x, m.positive(right)));
            m.output(m.node(operator, m.weights(left), positive(m, right)));
            m.output(m.node(operator, m.weights(right), positive(m, left)));
        });
    }

    /** A variable away from 0, so that nothing is divided by next to nothing. */
    private static String positive(PeerModel m, int[] dims) {
        return m.node("Add", m.node("Sigmoid", m.input(dims)), m.scalar(0.5f));
    }
}
