package dev.sardonyx.compiler.cli;

import java.util.List;
import java.util.Random;

/** What {@link ModelMutator} writes into models: words that mean something to a reader, numbers at limits, names and paths that harm. */
record NastyValues(Random random) {

    private static final List<String> OPERATORS = List.of(
            "Add",
            "AveragePool",
            "BatchNormalization",
            "Cast",
            "Clip",
            "Concat",
            "Constant",
            "ConstantOfShape",
            "Conv",
            "Div",
            "Dropout",
            "Flatten",
            "Gather",
            "Gemm",
            "GlobalAveragePool",
            "GlobalMaxPool",
            "Identity",
            "LRN",
            "LeakyRelu",
            "LogSoftmax",
            "MatMul",
            "Max",
            "MaxPool",
            "Min",
            "Mul",
            "PRelu",
            "Pad",
            "ReduceMean",
            "Relu",
            "Reshape",
            "Shape",
            "Sigmoid",
            "Slice",
            "Softmax",
            "Sqrt",
            "Squeeze",
            "Sub",
            "Sum",
            "Tanh",
            "Transpose",
            "Unsqueeze",
            "If",
            "Loop",
            "Nonsense",
            "");

    private static final List<String> ATTRIBUTES = List.of(
            "kernel_shape",
            "strides",
            "pads",
            "dilations",
            "group",
            "auto_pad",
            "ceil_mode",
            "count_include_pad",
            "axis",
            "axes",
            "keepdims",
            "perm",
            "mode",
            "epsilon",
            "alpha",
            "beta",
            "transA",
            "transB",
            "value",
            "to",
            "size",
            "storage_order",
            "training_mode",
            "allowzero",
            "start",
            "end",
            "value_float",
            "value_ints",
            "body");

    private static final long[] NUMBERS = {
        0,
        1,
        -1,
        2,
        3,
        -2,
        7,
        16,
        63,
        64,
        255,
        256,
        1000,
        4096,
        65535,
        65536,
        1 << 20,
        (1 << 30) - 1,
        1 << 30,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 31,
        1L << 32,
        1L << 40,
        1L << 62,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private static final float[] FLOATS = {
        0,
        -0f,
        1,
        -1,
        1e-30f,
        1e30f,
        Float.MAX_VALUE,
        Float.MIN_VALUE,
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY
    };

    private static final List<String> LOCATIONS = List.of(
            "missing.bin",
            "../../../etc/passwd",
            "/etc/passwd",
            "..",
            ".",
            "",
            "a/../../b",
            "model.onnx",
            "\0",
            "/dev/zero",
            "weights\n.bin",
            "C:\\x");

    <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    long number() {
        return random.nextInt(3) == 0 ? random.nextInt(-10, 20) : NUMBERS[random.nextInt(NUMBERS.length)];
    }

    float real() {
        return FLOATS[random.nextInt(FLOATS.length)];
    }

    String operator() {
        return pick(OPERATORS);
    }

    String attribute() {
        return pick(ATTRIBUTES);
    }

    String location() {
        return pick(LOCATIONS);
    }

    String name() {
        return switch (random.nextInt(8)) {
            case 0 -> "";
            case 1 -> "\u001b[31m\r\n\t\0";
            case 2 -> "*/ } class X { /* \\u0022";
            case 3 -> "../../x";
            case 4 -> "\ud800\udbff";
            case 5 -> "x".repeat(random.nextInt(20_000));
            case 6 -> "class";
            default -> "日本 \u202e %s {} \" '";
        };
    }
}
