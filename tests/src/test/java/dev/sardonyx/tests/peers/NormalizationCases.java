package dev.sardonyx.tests.peers;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;

import dev.sardonyx.compiler.onnx.Attributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Products of matrices, normalisations, reductions. */
final class NormalizationCases {

    private NormalizationCases() {}

    static List<OperatorCase> all() {
        List<OperatorCase> cases = new ArrayList<>();
        gemm(cases);
        matMul(cases);
        batchNormalization(cases);
        softmax(cases);
        reduceMean(cases);
        lrn(cases);
        return cases;
    }

    private static void gemm(List<OperatorCase> cases) {
        for (int transA = 0; transA < 2; transA++) {
            for (int transB = 0; transB < 2; transB++) {
                Attributes attributes = attrs().i("transA", transA).i("transB", transB);
                int[] a = transA == 0 ? new int[] {3, 5} : new int[] {5, 3};
                int[] b = transB == 0 ? new int[] {5, 4} : new int[] {4, 5};
                String name = "Gemm, transA %d, transB %d".formatted(transA, transB);
                cases.add(OperatorCase.of(
                        name, m -> m.output(m.node("Gemm", attributes, m.input(a), m.weights(b), m.weights(4)))));
                cases.add(OperatorCase.of(
                        name + ", all variable",
                        m -> m.output(m.node("Gemm", attributes, m.input(a), m.input(b), m.input(3, 4)))));
                cases.add(OperatorCase.of(
                        name + ", A constant",
                        m -> m.output(m.node("Gemm", attributes, m.weights(a), m.input(b), m.weights(3, 1)))));
                cases.add(OperatorCase.of(
                        name + ", alpha and beta",
                        m -> m.output(m.node(
                                "Gemm",
                                attributes.f("alpha", 0.5f).f("beta", -2),
                                m.input(a),
                                m.weights(b),
                                m.weights(4)))));
            }
        }
        int[][] biases = {{}, {1}, {4}, {1, 4}, {3, 1}, {1, 1}, {3, 4}};
        for (int[] bias : biases) {
            String name = "Gemm, C %s".formatted(Arrays.toString(bias));
            Attributes scaled = attrs().f("alpha", 2).f("beta", 0.5f);
            cases.add(OperatorCase.of(name, m -> {
                m.output(m.node("Gemm", m.input(3, 5), m.weights(5, 4), m.weights(bias)));
                m.output(m.node("Gemm", scaled, m.input(3, 5), m.weights(5, 4), m.input(bias)));
                m.output(m.node("Gemm", scaled, m.input(3, 5), m.input(5, 4), m.weights(bias)));
            }));
        }
        cases.add(OperatorCase.of(
                "Gemm, beta 0",
                m -> m.output(m.node("Gemm", attrs().f("beta", 0), m.input(3, 5), m.weights(5, 4), m.weights(4)))));
        cases.add(OperatorCase.of("Gemm without C", m -> {
                    m.output(m.node("Gemm", m.input(3, 5), m.weights(5, 4)));
                    m.output(m.node("Gemm", m.input(3, 5), m.weights(5, 4), ""));
                })
                .since(11));
        cases.add(OperatorCase.of(
                "Gemm, odd sizes",
                m -> m.output(
                        m.node("Gemm", attrs().i("transB", 1), m.input(7, 131), m.weights(67, 131), m.weights(67)))));
        cases.add(OperatorCase.of("fully connected layer after a convolution", m -> {
            String y = m.node("Conv", m.input(2, 3, 5, 4), m.weights(6, 3, 2, 2));
            String flat = m.node("Flatten", y);
            m.output(m.node("Gemm", attrs().i("transB", 1), flat, m.weights(10, 72), m.weights(10)));
        }));
    }

    private static void matMul(List<OperatorCase> cases) {
        int[][][] shapes = {
            {{3, 5}, {5, 4}},
            {{5}, {5, 4}},
            {{3, 5}, {5}},
            {{5}, {5}},
            {{2, 3, 5}, {5, 4}},
            {{2, 3, 5}, {2, 5, 4}},
            {{3, 5}, {2, 5, 4}},
            {{2, 1, 3, 5}, {6, 5, 4}},
            {{2, 1, 3, 5}, {1, 6, 5, 4}},
            {{5}, {2, 5, 4}},
            {{2, 3, 5}, {5}},
            {{1, 1}, {1, 1}},
            {{7, 33}, {33, 65}},
        };
        for (int[][] shape : shapes) {
            String name = "MatMul " + Arrays.deepToString(shape);
            cases.add(OperatorCase.of(name, m -> {
                m.output(m.node("MatMul", m.input(shape[0]), m.weights(shape[1])));
                m.output(m.node("MatMul", m.input(shape[0]), m.input(shape[1])));
                m.output(m.node("MatMul", m.weights(shape[0]), m.input(shape[1])));
            }));
        }
        cases.add(OperatorCase.of(
                "MatMul and Add",
                m -> m.output(m.node("Add", m.node("MatMul", m.input(2, 9), m.weights(9, 5)), m.weights(5)))));
        cases.add(OperatorCase.of(
                "MatMul, weights transposed",
                m -> m.output(m.node(
                        "MatMul", m.input(2, 9), m.node("Transpose", attrs().ints("perm", 1, 0), m.weights(5, 9))))));
    }

    private static void batchNormalization(List<OperatorCase> cases) {
        int[][] shapes = {{2, 3, 4, 5}, {2, 3}, {2, 3, 7}, {1, 3, 2, 3, 4}};
        for (int[] shape : shapes) {
            cases.add(OperatorCase.of(
                    "BatchNormalization " + Arrays.toString(shape),
                    m -> m.output(batchNormalization(m, m.input(shape), 3, attrs()))));
        }
        cases.add(OperatorCase.of(
                "BatchNormalization, all variable",
                m -> m.output(m.node(
                        "BatchNormalization",
                        m.input(2, 3, 4, 5),
                        m.input(3),
                        m.input(3),
                        m.input(3),
                        m.node("Sigmoid", m.input(3))))));
        cases.add(OperatorCase.of(
                "BatchNormalization, epsilon",
                m -> m.output(batchNormalization(
                        m, m.input(2, 3, 4, 5), 3, attrs().f("epsilon", 0.25f).f("momentum", 0.5f)))));
        cases.add(OperatorCase.of(
                        "BatchNormalization, training_mode 0",
                        m -> m.output(batchNormalization(m, m.input(2, 3, 4), 3, attrs().i("training_mode", 0))))
                .since(14));
        cases.add(OperatorCase.of(
                        "BatchNormalization, spatial 1",
                        m -> m.output(batchNormalization(m, m.input(2, 3, 4), 3, attrs().i("spatial", 1))))
                .until(8));
        cases.add(OperatorCase.of("BatchNormalization after Conv", m -> {
            String y = m.node("Conv", m.input(2, 4, 5, 5), m.weights(6, 4, 3, 3), m.weights(6));
            m.output(m.node("Relu", batchNormalization(m, y, 6, attrs())));
        }));
        cases.add(OperatorCase.of("BatchNormalization before Conv", m -> {
            String y = m.node("Relu", batchNormalization(m, m.input(2, 4, 5, 5), 4, attrs()));
            m.output(m.node("Conv", y, m.weights(6, 4, 3, 3)));
            String z = batchNormalization(m, m.input(2, 4, 5, 5), 4, attrs());
            m.output(m.node("Conv", z, m.weights(6, 4, 1, 1)));
            String padded = batchNormalization(m, m.input(2, 4, 5, 5), 4, attrs());
            m.output(m.node("Conv", attrs().ints("pads", 1, 1, 1, 1), padded, m.weights(6, 4, 3, 3)));
        }));
        cases.add(OperatorCase.of("BatchNormalization of grouped Conv", m -> {
            String y = m.node("Conv", attrs().i("group", 2), m.input(1, 4, 5, 5), m.weights(6, 2, 3, 3));
            m.output(batchNormalization(m, y, 6, attrs()));
        }));
        cases.add(OperatorCase.of("BatchNormalization after Gemm", m -> {
            String y = m.node("Gemm", m.input(3, 4), m.weights(4, 6), m.weights(6));
            m.output(batchNormalization(m, y, 6, attrs()));
        }));
        cases.add(OperatorCase.of("batch norm written as Mul and Add", m -> {
            String y = m.node("Conv", m.input(2, 4, 5, 5), m.weights(6, 4, 3, 3));
            m.output(m.node("Add", m.node("Mul", y, m.weights(1, 6, 1, 1)), m.weights(6, 1, 1)));
        }));
    }

    private static String batchNormalization(PeerModel m, String x, int channels, Attributes attributes) {
        return m.node(
                "BatchNormalization",
                attributes,
                x,
                m.weights(channels),
                m.weights(channels),
                m.weights(channels),
                m.positive(channels));
    }

    private static void softmax(List<OperatorCase> cases) {
        for (String operator : List.of("Softmax", "LogSoftmax")) {
            cases.add(OperatorCase.of(operator + ", default axis", m -> m.output(m.node(operator, m.input(3, 7)))));
            cases.add(OperatorCase.of(
                    operator + ", default axis of rank 4", m -> m.output(m.node(operator, m.input(2, 3, 4, 5)))));
            for (int axis = 0; axis < 4; axis++) {
                Attributes attributes = attrs().i("axis", axis);
                cases.add(OperatorCase.of(
                        operator + ", axis " + axis, m -> m.output(m.node(operator, attributes, m.input(2, 3, 4, 5)))));
            }
            for (int axis = -3; axis < 0; axis++) {
                Attributes attributes = attrs().i("axis", axis);
                cases.add(OperatorCase.of(
                                operator + ", axis " + axis,
                                m -> m.output(m.node(operator, attributes, m.input(2, 3, 4))))
                        .since(11));
            }
            cases.add(OperatorCase.of(operator + " of large values", m -> {
                String x = m.node("Mul", m.input(2, 9), m.scalar(10_000));
                m.output(m.node(operator, x));
            }));
            cases.add(OperatorCase.of(
                    operator + " of a vector", m -> m.output(m.node(operator, attrs().i("axis", 0), m.input(17)))));
            cases.add(OperatorCase.of(
                    operator + " of 1000 classes",
                    m -> m.output(m.node(operator, attrs().i("axis", 1), m.input(2, 1000)))));
        }
    }

    private static void reduceMean(List<OperatorCase> cases) {
        long[][] axes = {{}, {0}, {3}, {1, 2}, {2, 3}, {0, 2}, {-1}, {-2, -1}, {3, 1}, {0, 1, 2, 3}};
        for (long[] axis : axes) {
            for (int keepDims = 0; keepDims < 2; keepDims++) {
                Attributes attributes = attrs().i("keepdims", keepDims);
                String name = "ReduceMean %s, keepdims %d".formatted(Arrays.toString(axis), keepDims);
                boolean negative = Arrays.stream(axis).anyMatch(value -> value < 0);
                cases.add(OperatorCase.of(name, m -> m.output(reduceMean(m, m.input(2, 3, 4, 5), attributes, axis)))
                        .since(negative ? 11 : 0));
            }
        }
        cases.add(OperatorCase.of(
                "ReduceMean, default keepdims", m -> m.output(reduceMean(m, m.input(2, 3, 4), attrs(), 1))));
        cases.add(OperatorCase.of("ReduceMean of a vector", m -> m.output(reduceMean(m, m.input(19), attrs(), 0))));
        cases.add(OperatorCase.of("ReduceMean, noop_with_empty_axes", m -> {
                    m.output(m.node("ReduceMean", attrs().i("noop_with_empty_axes", 1), m.input(2, 3)));
                    m.output(m.node("ReduceMean", attrs().i("noop_with_empty_axes", 0), m.input(2, 3)));
                })
                .since(18));
    }

    private static String reduceMean(PeerModel m, String x, Attributes attributes, long... axes) {
        if (axes.length == 0) {
            return m.node("ReduceMean", attributes, x);
        }
        return m.opset() < 18
                ? m.node("ReduceMean", attributes.ints("axes", axes), x)
                : m.node("ReduceMean", attributes, x, m.ints(axes));
    }

    private static void lrn(List<OperatorCase> cases) {
        cases.add(OperatorCase.of("LRN 5", m -> m.output(m.node("LRN", attrs().i("size", 5), m.input(2, 9, 4, 5)))));
        cases.add(OperatorCase.of(
                "LRN, all attributes",
                m -> m.output(m.node(
                        "LRN",
                        attrs().i("size", 3).f("alpha", 0.5f).f("beta", 0.6f).f("bias", 2),
                        m.input(2, 9, 4, 5)))));
        cases.add(OperatorCase.of(
                "LRN, more than there are channels",
                m -> m.output(m.node("LRN", attrs().i("size", 7).f("alpha", 1), m.input(1, 3, 4, 5)))));
        cases.add(OperatorCase.of(
                "LRN 1", m -> m.output(m.node("LRN", attrs().i("size", 1).f("alpha", 1), m.input(1, 3, 4, 5)))));
    }
}
