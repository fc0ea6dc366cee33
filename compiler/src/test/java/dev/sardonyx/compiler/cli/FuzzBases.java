package dev.sardonyx.compiler.cli;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.onnx.OnnxWriter;
import dev.sardonyx.compiler.zoo.GenerateOptions;
import dev.sardonyx.compiler.zoo.ModelZoo;
import dev.sardonyx.runtime.ElementType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Small models that compile, together with all kinds of operators, for {@link ModelMutator} to spoil. */
final class FuzzBases {

    private FuzzBases() {}

    static List<ModelProto> all() {
        GenerateOptions small = GenerateOptions.defaults()
                .withWidthDivisor(64)
                .withInputSize(32)
                .withClasses(3);
        return Stream.of(
                        windows(),
                        elements(),
                        movements(),
                        exported(),
                        ModelZoo.build("resnet18", small.withOpenBatch()),
                        ModelZoo.build("resnet20", small.withInputSize(8).withWidthDivisor(16)),
                        ModelZoo.build("preact20", small.withInputSize(8).withWidthDivisor(16)))
                .map(FuzzBases::parse)
                .toList();
    }

    private static ModelProto parse(OnnxWriter model) {
        try {
            return ModelProto.parseFrom(model.toByteArray());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("our own writer's", e);
        }
    }

    private static Tensor ramp(int... dims) {
        Shape shape = Shape.of(dims);
        float[] values = new float[shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i % 7 - 3) / 4f;
        }
        return Tensor.of(shape, values);
    }

    private static Tensor perChannel(int channels, float value) {
        float[] values = new float[channels];
        Arrays.fill(values, value);
        return Tensor.of(Shape.of(channels), values);
    }

    /** Convolutions and pools of many kinds. */
    private static OnnxWriter windows() {
        var model = new OnnxWriter("windows");
        model.input("x", ElementType.FLOAT32, "N", "4", "9", "9");
        model.initializer("w0", ramp(6, 4, 3, 3));
        model.initializer("b0", ramp(6));
        model.node(
                "c0",
                "Conv",
                List.of("x", "w0", "b0"),
                attrs().ints("pads", 1, 0, 1, 2).ints("strides", 2, 1));
        for (String statistic : List.of("scale", "shift", "mean", "var")) {
            model.initializer(statistic, perChannel(6, 0.5f));
        }
        model.node(
                "n0",
                "BatchNormalization",
                List.of("c0", "scale", "shift", "mean", "var"),
                attrs().f("epsilon", 1e-3f));
        model.node("r0", "Relu", List.of("n0"), attrs());
        model.initializer("w1", ramp(6, 2, 3, 3));
        model.node(
                "c1",
                "Conv",
                List.of("r0", "w1"),
                attrs().i("group", 3).s("auto_pad", "SAME_UPPER").ints("dilations", 2, 2));
        model.node("s", "Add", List.of("c1", "r0"), attrs());
        model.node(
                "m",
                "MaxPool",
                List.of("s"),
                attrs().ints("kernel_shape", 3, 3).ints("strides", 2, 2).i("ceil_mode", 1));
        model.node(
                "a",
                "AveragePool",
                List.of("m"),
                attrs().ints("kernel_shape", 2, 2).ints("pads", 1, 1, 0, 0).i("count_include_pad", 1));
        model.node("l", "LRN", List.of("a"), attrs().i("size", 3));
        model.node("g", "GlobalAveragePool", List.of("l"), attrs());
        model.node("gm", "GlobalMaxPool", List.of("l"), attrs());
        model.node("cat", "Concat", List.of("g", "gm"), attrs().i("axis", 1));
        model.node("f", "Flatten", List.of("cat"), attrs());
        model.initializer("fw", ramp(12, 5));
        model.initializer("fb", ramp(5));
        model.node("fc", "Gemm", List.of("f", "fw", "fb"), attrs().f("alpha", 0.5f));
        model.node("y", "Softmax", List.of("fc"), attrs().i("axis", 1));
        return model.outputOfAnyRank("y", ElementType.FLOAT32);
    }

    /** Elementwise operators, with and without broadcasting. */
    private static OnnxWriter elements() {
        var model = new OnnxWriter("elements");
        model.input("x", ElementType.FLOAT32, 2, 3, 4, 5);
        model.input("z", ElementType.FLOAT32, 3, 1, 5);
        model.node("add", "Add", List.of("x", "z"), attrs());
        model.initializer("slope", ramp(3, 1, 1));
        model.node("prelu", "PRelu", List.of("add", "slope"), attrs());
        model.node("leaky", "LeakyRelu", List.of("prelu"), attrs().f("alpha", 0.1f));
        model.initializer("low", Tensor.of(Shape.of(), new float[] {-1}));
        model.initializer("high", Tensor.of(Shape.of(), new float[] {2}));
        model.node("clip", "Clip", List.of("leaky", "low", "high"), attrs());
        model.node("sigmoid", "Sigmoid", List.of("clip"), attrs());
        model.node("tanh", "Tanh", List.of("clip"), attrs());
        model.node("mul", "Mul", List.of("sigmoid", "tanh"), attrs());
        model.initializer("c", ramp(3, 4, 1));
        model.node("div", "Div", List.of("mul", "high"), attrs());
        model.node("sub", "Sub", List.of("div", "c"), attrs());
        model.node("sum", "Sum", List.of("sub", "x", "z"), attrs());
        model.node("max", "Max", List.of("sum", "clip"), attrs());
        model.node("exp", "Sqrt", List.of("max"), attrs());
        model.node(
                "mean",
                "ReduceMean",
                List.of("exp"),
                attrs().ints("axes", 2, -1).i("keepdims", 0));
        model.node("y", "LogSoftmax", List.of("mean"), attrs());
        model.output("y", ElementType.FLOAT32, 2, 3);
        return model.outputOfAnyRank("exp", ElementType.FLOAT32);
    }

    /** What moves elements, with constants that say how. */
    private static OnnxWriter movements() {
        var model = new OnnxWriter("movements");
        model.input("x", ElementType.FLOAT32, "batch", "8", "8", "3");
        model.node("t", "Transpose", List.of("x"), attrs().ints("perm", 0, 3, 1, 2));
        model.initializer("pads", Tensor.of(Shape.of(8), 0, 0, 1, 2, 0, 0, 1, -1));
        model.node("p", "Pad", List.of("t", "pads"), attrs().s("mode", "reflect"));
        model.initializer("starts", Tensor.of(Shape.of(2), 1, -2));
        model.initializer("ends", Tensor.of(Shape.of(2), 9, -9));
        model.initializer("axes", Tensor.of(Shape.of(2), 2, 3));
        model.initializer("steps", Tensor.of(Shape.of(2), 2, -1));
        model.node("s", "Slice", List.of("p", "starts", "ends", "axes", "steps"), attrs());
        model.initializer("one", Tensor.of(Shape.of(1), 1));
        model.node("u", "Unsqueeze", List.of("s", "one"), attrs());
        model.node("q", "Squeeze", List.of("u", "one"), attrs());
        model.node("i", "Identity", List.of("q"), attrs());
        model.node("d", "Dropout", List.of("i"), attrs());
        model.node("cat", "Concat", List.of("d", "s"), attrs().i("axis", -1));
        model.initializer("m", ramp(14, 4));
        model.node("mm", "MatMul", List.of("cat", "m"), attrs());
        model.initializer("shape", Tensor.of(Shape.of(2), 0, -1));
        model.node("y", "Reshape", List.of("mm", "shape"), attrs());
        return model.outputOfAnyRank("y", ElementType.FLOAT32);
    }

    /** The chains that exporters leave where shapes are computed. */
    private static OnnxWriter exported() {
        var model = new OnnxWriter("exported");
        model.input("x", ElementType.FLOAT32, "batch", "2", "6", "6");
        model.node("shape", "Shape", List.of("x"), attrs());
        model.node("zero", "Constant", List.of(), attrs().t("value", Tensor.of(Shape.of(1), 0)));
        model.node("n", "Gather", List.of("shape", "zero"), attrs().i("axis", 0));
        model.node("rest", "Constant", List.of(), attrs().t("value", Tensor.of(Shape.of(1), -1)));
        model.node("to", "Concat", List.of("n", "rest"), attrs().i("axis", 0));
        model.node("flat", "Reshape", List.of("x", "to"), attrs());
        model.node("fill", "ConstantOfShape", List.of("to2"), attrs().t("value", ramp(1)));
        model.initializer("to2", Tensor.of(Shape.of(2), 1, 72));
        model.node("cast", "Cast", List.of("fill"), attrs().i("to", 1));
        model.node("scaled", "Mul", List.of("flat", "cast"), attrs());
        model.initializer("w", ramp(3, 72));
        model.node("y", "Gemm", List.of("scaled", "w"), attrs().i("transB", 1));
        return model.output("y", ElementType.FLOAT32, "batch", "3");
    }
}
