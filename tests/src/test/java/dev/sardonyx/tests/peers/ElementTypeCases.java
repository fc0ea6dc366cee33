package dev.sardonyx.tests.peers;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;

import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.compiler.onnx.Attributes;
import dev.sardonyx.runtime.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Values of other types than float32, and values that nothing at run time decides. */
final class ElementTypeCases {

    private static final List<ElementType> INTEGERS =
            List.of(ElementType.INT64, ElementType.INT32, ElementType.INT16, ElementType.INT8, ElementType.UINT8);

    private ElementTypeCases() {}

    static List<OperatorCase> all() {
        List<OperatorCase> cases = new ArrayList<>();
        shape(cases);
        constants(cases);
        cast(cases);
        moved(cases);
        otherFloats(cases);
        return cases;
    }

    /** TensorProto's number of the type. */
    private static int number(ElementType type) {
        return switch (type) {
            case FLOAT32 -> 1;
            case UINT8 -> 2;
            case INT8 -> 3;
            case INT16 -> 5;
            case INT32 -> 6;
            case INT64 -> 7;
            case BOOL -> 9;
            case FLOAT16 -> 10;
            case FLOAT64 -> 11;
        };
    }

    private static Attributes to(ElementType type) {
        return attrs().i("to", number(type));
    }

    private static void shape(List<OperatorCase> cases) {
        cases.add(OperatorCase.of("Shape", m -> m.output(m.node("Shape", m.input(2, 3, 5)), ElementType.INT64)));
        cases.add(OperatorCase.of(
                "Shape of a constant", m -> m.output(m.node("Shape", m.weights(2, 3)), ElementType.INT64)));
        long[][] parts = {{1, 3}, {-2, -1}, {0, 100}, {-100, 2}};
        for (long[] part : parts) {
            Attributes attributes = attrs().i("start", part[0]).i("end", part[1]);
            cases.add(OperatorCase.of(
                            "Shape " + Arrays.toString(part),
                            m -> m.output(m.node("Shape", attributes, m.input(2, 3, 5)), ElementType.INT64))
                    .since(15));
        }
        cases.add(OperatorCase.of("arithmetic on a shape", m -> {
            String dims = m.node("Shape", m.input(4, 6, 5));
            String two = m.ints(2);
            String half = m.node("Div", dims, two);
            String sum = m.node("Add", m.node("Mul", half, two), m.node("Sub", dims, half));
            m.output(sum, ElementType.INT64);
            m.output(m.node("Cast", to(ElementType.FLOAT32), sum));
        }));
        cases.add(OperatorCase.of("Slice and Gather of a shape", m -> {
                    String dims = m.node("Shape", m.input(4, 6, 5));
                    String last = m.node("Gather", dims, m.ints(-1, 0));
                    m.output(m.node("Concat", attrs().i("axis", 0), last, dims), ElementType.INT64);
                })
                .since(11));
    }

    private static void constants(List<OperatorCase> cases) {
        cases.add(constant("value", attrs().t("value", Tensor.of(Shape.of(2, 2), 1f, 2, 3, 4)), ElementType.FLOAT32));
        cases.add(constant("scalar", attrs().t("value", Tensor.of(Shape.of(), 1.5f)), ElementType.FLOAT32));
        cases.add(constant("int64", attrs().t("value", Tensor.of(Shape.of(2), 1L, -2)), ElementType.INT64));
        cases.add(constant("value_float", attrs().f("value_float", 2.5f), ElementType.FLOAT32)
                .since(12));
        cases.add(constant("value_floats", attrs().floats("value_floats", 2.5f, -1), ElementType.FLOAT32)
                .since(12));
        cases.add(constant("value_int", attrs().i("value_int", 7), ElementType.INT64)
                .since(12));
        cases.add(constant("value_ints", attrs().ints("value_ints", 7, 8, 9), ElementType.INT64)
                .since(12));
        for (ElementType type : ElementType.values()) {
            cases.add(OperatorCase.of(
                    "initializer as an output, " + type,
                    m -> m.output(m.node("Identity", m.constant(tensor(type, 3, 1, 0))), type)));
        }
        cases.add(OperatorCase.of("ConstantOfShape", m -> m.output(m.node("ConstantOfShape", m.ints(2, 3))))
                .since(9));
        for (ElementType type : List.of(ElementType.FLOAT32, ElementType.INT64, ElementType.INT32, ElementType.UINT8)) {
            cases.add(OperatorCase.of(
                            "ConstantOfShape, " + type,
                            m -> m.output(
                                    m.node("ConstantOfShape", attrs().t("value", tensor(type, 5)), m.ints(2, 3)), type))
                    .since(9));
        }
        cases.add(OperatorCase.of(
                        "ConstantOfShape of a scalar",
                        m -> m.output(m.node("ConstantOfShape", m.constant(Tensor.of(Shape.of(0), new long[0])))))
                .since(9));
        cases.add(OperatorCase.of("variable plus constants", m -> {
                    String filled =
                            m.node("ConstantOfShape", attrs().t("value", tensor(ElementType.FLOAT32, 2)), m.ints(3));
                    String one = m.node("Constant", attrs().t("value", Tensor.of(Shape.of(), 1f)));
                    m.output(m.node("Add", m.node("Mul", m.input(2, 3), filled), one));
                })
                .since(9));
        cases.add(OperatorCase.of("Dropout's mask", m -> {
                    List<String> outputs = m.nodes("Dropout", attrs(), 2, m.input(2, 3));
                    m.output(outputs.get(0));
                    m.output(outputs.get(1), ElementType.BOOL);
                })
                .since(12));
        cases.add(OperatorCase.of(
                "Concat with a constant",
                m -> m.output(
                        m.node("Concat", attrs().i("axis", 0), m.weights(2, 3), m.input(1, 3), m.weights(2, 3)))));
    }

    private static OperatorCase constant(String name, Attributes attributes, ElementType type) {
        return OperatorCase.of("Constant, " + name, m -> m.output(m.node("Constant", attributes), type));
    }

    private static Tensor tensor(ElementType type, long... elements) {
        TensorType tensorType = new TensorType(type, Shape.of(elements.length));
        if (!type.isFloatingPoint()) {
            return new Tensor.Integers(
                    tensorType,
                    type == ElementType.BOOL
                            ? Arrays.stream(elements)
                                    .map(value -> value == 0 ? 0 : 1)
                                    .toArray()
                            : elements);
        }
        float[] floats = new float[elements.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = elements[i];
        }
        return new Tensor.Floats(tensorType, floats);
    }

    private static void cast(List<OperatorCase> cases) {
        float[] numbers = {-7.9f, -1.5f, -0.5f, -0f, 0, 0.4f, 0.5f, 1, 1.5f, 99.999f};
        for (ElementType type : INTEGERS) {
            float[] fitting = type == ElementType.UINT8 ? new float[] {0, 0.5f, 1.99f, 254.5f} : numbers;
            cases.add(OperatorCase.of("Cast to " + type, m -> {
                String x = m.input(ElementType.FLOAT32, fitting, fitting.length);
                String y = m.node("Cast", to(type), x);
                m.output(y, type);
                m.output(m.node("Cast", to(ElementType.FLOAT32), y));
            }));
            cases.add(OperatorCase.of(
                    "Cast from " + type, m -> m.output(m.node("Cast", to(ElementType.FLOAT32), m.input(type, 2, 5)))));
        }
        cases.add(OperatorCase.of(
                "Cast from bool",
                m -> m.output(m.node("Cast", to(ElementType.FLOAT32), m.input(ElementType.BOOL, 2, 5)))));
        cases.add(OperatorCase.of(
                "Cast from bool to int64",
                m -> m.output(
                        m.node("Cast", to(ElementType.INT64), m.input(ElementType.BOOL, 2, 5)), ElementType.INT64)));
        cases.add(OperatorCase.of(
                "Cast to the same", m -> m.output(m.node("Cast", to(ElementType.FLOAT32), m.input(2, 5)))));
        cases.add(OperatorCase.of(
                "Cast to a wider integer",
                m -> m.output(
                        m.node("Cast", to(ElementType.INT64), m.input(ElementType.INT8, 2, 5)), ElementType.INT64)));
        cases.add(OperatorCase.of("Cast of constants", m -> {
            String numbered = m.constant(tensor(ElementType.INT64, 300, -1, 0, 65_537));
            m.output(m.node("Cast", to(ElementType.UINT8), numbered), ElementType.UINT8);
            m.output(m.node("Cast", to(ElementType.BOOL), numbered), ElementType.BOOL);
            m.output(m.node("Cast", to(ElementType.FLOAT64), numbered), ElementType.FLOAT64);
        }));
        cases.add(OperatorCase.of("bytes to a convolution", m -> {
            String pixels = m.node("Cast", to(ElementType.FLOAT32), m.input(ElementType.UINT8, 1, 6, 7, 3));
            String image = m.node("Transpose", attrs().ints("perm", 0, 3, 1, 2), pixels);
            String scaled = m.node("Div", image, m.scalar(255));
            m.output(m.node("Conv", scaled, m.weights(4, 3, 3, 3), m.weights(4)));
        }));
    }

    private static void moved(List<OperatorCase> cases) {
        for (ElementType type : List.of(ElementType.INT64, ElementType.INT32, ElementType.UINT8, ElementType.BOOL)) {
            cases.add(OperatorCase.of("moved " + type, m -> {
                String x = m.input(type, 3, 4);
                m.output(x, type);
                m.output(m.node("Identity", m.input(type)), type);
                m.output(m.node("Transpose", x), type);
                m.output(m.node("Reshape", x, m.ints(2, -1)), type);
                m.output(m.node("Concat", attrs().i("axis", 1), x, x), type);
                m.output(m.node("Gather", attrs().i("axis", 1), x, m.ints(3, 0)), type);
                if (m.opset() >= 9) {
                    m.output(m.node("Flatten", x), type);
                }
            }));
        }
        cases.add(OperatorCase.of("moved integers, then floats", m -> {
            String x = m.node("Transpose", m.input(ElementType.INT32, 3, 4));
            m.output(m.node("Relu", m.node("Cast", to(ElementType.FLOAT32), x)));
        }));
    }

    private static void otherFloats(List<OperatorCase> cases) {
        for (ElementType type : List.of(ElementType.FLOAT64, ElementType.FLOAT16)) {
            cases.add(OperatorCase.of("arithmetic in " + type, m -> {
                String x = m.input(type, 2, 3);
                String y = m.node("Add", x, m.constant(tensor(type, 1, 2, 3)));
                m.output(m.node("Mul", y, x), type);
                m.output(m.node("Transpose", x), type);
                m.output(m.node("Cast", to(ElementType.FLOAT32), y));
                m.output(x, type);
            }));
            cases.add(OperatorCase.of("through " + type, m -> {
                String x = m.node("Cast", to(type), m.input(2, 3));
                m.output(x, type);
                m.output(m.node("Relu", m.node("Cast", to(ElementType.FLOAT32), x)));
            }));
            cases.add(OperatorCase.of("integers as " + type, m -> {
                String x = m.node("Cast", to(type), m.input(ElementType.INT32, 2, 3));
                m.output(m.node("Mul", x, x), type);
            }));
        }
    }
}
