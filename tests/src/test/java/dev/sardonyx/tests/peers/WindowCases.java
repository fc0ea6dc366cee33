package dev.sardonyx.tests.peers;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;

import dev.sardonyx.compiler.onnx.Attributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Conv and the poolings. */
final class WindowCases {

    private WindowCases() {}

    static List<OperatorCase> all() {
        List<OperatorCase> cases = new ArrayList<>();
        conv(cases);
        randomConv(cases);
        pool(cases);
        randomPool(cases);
        lines(cases);
        variableWeights(cases);
        cases.add(OperatorCase.of("global average", m -> m.output(m.node("GlobalAveragePool", m.input(2, 5, 7, 3)))));
        cases.add(OperatorCase.of(
                "global average of a line", m -> m.output(m.node("GlobalAveragePool", m.input(2, 5, 9)))));
        cases.add(OperatorCase.of(
                "global average of a volume", m -> m.output(m.node("GlobalAveragePool", m.input(1, 3, 2, 3, 4)))));
        cases.add(OperatorCase.of("global max", m -> m.output(m.node("GlobalMaxPool", m.input(3, 17, 4, 5)))));
        return cases;
    }

    private static OperatorCase conv(String name, int[] x, int[] w, boolean bias, Attributes attributes) {
        return OperatorCase.of("conv " + name, m -> {
            String[] arguments = bias
                    ? new String[] {m.input(x), m.weights(w), m.weights(w[0])}
                    : new String[] {m.input(x), m.weights(w)};
            m.output(m.node("Conv", attributes, arguments));
        });
    }

    private static int[] dims(int... dims) {
        return dims;
    }

    private static void conv(List<OperatorCase> cases) {
        cases.add(conv("1x1", dims(1, 8, 5, 5), dims(16, 8, 1, 1), false, attrs()));
        cases.add(conv("1x1, batch 3, odd channels", dims(3, 7, 5, 3), dims(13, 7, 1, 1), true, attrs()));
        cases.add(conv("1x1, stride 2", dims(2, 6, 7, 8), dims(5, 6, 1, 1), true, attrs().ints("strides", 2, 2)));
        cases.add(conv("3x3, pads 1", dims(1, 3, 9, 9), dims(4, 3, 3, 3), true, attrs().ints("pads", 1, 1, 1, 1)));
        cases.add(conv(
                "3x3, 32 channels, pads 1",
                dims(2, 32, 14, 14),
                dims(32, 32, 3, 3),
                true,
                attrs().ints("pads", 1, 1, 1, 1)));
        cases.add(conv(
                "7x7, stride 2, pads 3",
                dims(1, 3, 32, 32),
                dims(16, 3, 7, 7),
                false,
                attrs().ints("pads", 3, 3, 3, 3).ints("strides", 2, 2)));
        cases.add(conv("kernel as large as the image", dims(2, 5, 4, 6), dims(3, 5, 4, 6), true, attrs()));
        cases.add(conv(
                "kernel_shape given", dims(1, 2, 6, 6), dims(3, 2, 2, 3), false, attrs().ints("kernel_shape", 2, 3)));
        cases.add(conv("asymmetric pads", dims(1, 3, 7, 5), dims(4, 3, 3, 3), false, attrs().ints("pads", 0, 2, 1, 0)));
        cases.add(conv(
                "pads larger than the kernel",
                dims(1, 2, 3, 3),
                dims(3, 2, 2, 2),
                true,
                attrs().ints("pads", 4, 0, 3, 5)));
        cases.add(conv(
                "dilations 2x3",
                dims(1, 4, 9, 11),
                dims(4, 4, 3, 3),
                true,
                attrs().ints("dilations", 2, 3).ints("pads", 2, 3, 2, 3)));
        cases.add(conv(
                "depthwise",
                dims(2, 9, 8, 8),
                dims(9, 1, 3, 3),
                true,
                attrs().i("group", 9).ints("pads", 1, 1, 1, 1)));
        cases.add(conv(
                "depthwise with multiplier",
                dims(1, 4, 6, 6),
                dims(12, 1, 3, 3),
                false,
                attrs().i("group", 4).ints("strides", 2, 1)));
        cases.add(conv(
                "32 groups",
                dims(1, 64, 7, 7),
                dims(128, 2, 3, 3),
                true,
                attrs().i("group", 32).ints("pads", 1, 1, 1, 1)));
        cases.add(conv(
                "groups of unequal widths",
                dims(2, 6, 5, 5),
                dims(9, 2, 2, 2),
                false,
                attrs().i("group", 3).ints("pads", 1, 0, 0, 1)));
        cases.add(conv("VALID", dims(1, 3, 7, 7), dims(2, 3, 3, 3), false, attrs().s("auto_pad", "VALID")));
        for (String auto : List.of("SAME_UPPER", "SAME_LOWER")) {
            cases.add(conv(auto, dims(1, 3, 7, 7), dims(2, 3, 3, 3), true, attrs().s("auto_pad", auto)));
            cases.add(conv(
                    auto + ", even kernel, stride 2",
                    dims(1, 3, 7, 8),
                    dims(2, 3, 4, 2),
                    true,
                    attrs().s("auto_pad", auto).ints("strides", 2, 3)));
        }
        cases.add(conv("1 pixel", dims(4, 3, 1, 1), dims(5, 3, 1, 1), true, attrs()));
        cases.add(conv(
                "1 channel in and out", dims(1, 1, 5, 5), dims(1, 1, 3, 3), true, attrs().ints("pads", 1, 1, 1, 1)));
        cases.add(conv("1x7", dims(1, 8, 5, 9), dims(8, 8, 1, 7), true, attrs().ints("pads", 0, 3, 0, 3)));
        cases.add(conv("7x1", dims(1, 8, 9, 5), dims(8, 8, 7, 1), true, attrs().ints("pads", 3, 0, 3, 0)));
    }

    private static void lines(List<OperatorCase> cases) {
        Attributes strided = attrs().ints("strides", 2).ints("pads", 2, 1);
        cases.add(conv("of a line", dims(2, 3, 11), dims(4, 3, 3), true, attrs()));
        cases.add(conv("of a line, strides, pads", dims(2, 3, 11), dims(4, 3, 3), true, strided));
        cases.add(conv(
                "of a line, SAME_LOWER", dims(2, 3, 11), dims(4, 3, 4), false, attrs().s("auto_pad", "SAME_LOWER")));
        cases.add(conv(
                "of a line, groups, dilations",
                dims(2, 4, 11),
                dims(6, 2, 3),
                true,
                attrs().i("group", 2).ints("dilations", 3)));
        for (String operator : List.of("MaxPool", "AveragePool")) {
            cases.add(
                    pool(operator, "of a line", attrs().ints("kernel_shape", 3).ints("strides", 2), 2, 3, 11));
            cases.add(pool(operator, "of a line, pads", strided.ints("kernel_shape", 4), 2, 3, 11));
        }
    }

    private static void variableWeights(List<OperatorCase> cases) {
        cases.add(OperatorCase.of(
                "conv, weights variable", m -> m.output(m.node("Conv", m.input(2, 3, 6, 5), m.input(4, 3, 3, 2)))));
        cases.add(OperatorCase.of("conv, all variable, all attributes", m -> {
            Attributes attributes = attrs().i("group", 2)
                    .ints("pads", 1, 0, 2, 1)
                    .ints("strides", 2, 1)
                    .ints("dilations", 1, 2);
            m.output(m.node("Conv", attributes, m.input(2, 6, 7, 8), m.input(4, 3, 3, 2), m.input(4)));
        }));
        cases.add(OperatorCase.of(
                "conv, bias variable",
                m -> m.output(m.node("Relu", m.node("Conv", m.input(2, 3, 6, 5), m.weights(4, 3, 3, 2), m.input(4))))));
        cases.add(OperatorCase.of(
                "conv of a line, weights variable",
                m -> m.output(m.node("Conv", m.input(2, 3, 9), m.input(4, 3, 2), m.weights(4)))));
    }

    /** Combinations that nobody thought of; the seed makes them the same every time. */
    private static void randomConv(List<OperatorCase> cases) {
        Random random = new Random(1);
        while (cases.stream()
                        .filter(test -> test.name().startsWith("conv random"))
                        .count()
                < 40) {
            int group = random.nextInt(4) == 0 ? random.nextInt(2, 5) : 1;
            int[] w = {group * random.nextInt(1, 20), random.nextInt(1, 20), random.nextInt(1, 6), random.nextInt(1, 6)
            };
            int[] x = {random.nextInt(1, 4), group * w[1], random.nextInt(1, 18), random.nextInt(1, 18)};
            long[] strides = {random.nextInt(1, 4), random.nextInt(1, 4)};
            long[] dilations =
                    random.nextBoolean() ? new long[] {1, 1} : new long[] {random.nextInt(1, 4), random.nextInt(1, 4)};
            long[] pads = {random.nextInt(4), random.nextInt(4), random.nextInt(4), random.nextInt(4)};
            if (x[2] + pads[0] + pads[2] > (w[2] - 1) * dilations[0]
                    && x[3] + pads[1] + pads[3] > (w[3] - 1) * dilations[1]) {
                String name = "random x%s w%s s%s d%s p%s g%d"
                        .formatted(
                                Arrays.toString(x),
                                Arrays.toString(w),
                                Arrays.toString(strides),
                                Arrays.toString(dilations),
                                Arrays.toString(pads),
                                group);
                Attributes attributes = attrs().ints("strides", strides)
                        .ints("dilations", dilations)
                        .ints("pads", pads)
                        .i("group", group);
                cases.add(conv(name, x, w, random.nextBoolean(), attributes));
            }
        }
    }

    private static OperatorCase pool(String operator, String name, Attributes attributes, int... x) {
        return OperatorCase.of(operator + " " + name, m -> m.output(m.node(operator, attributes, m.input(x))));
    }

    private static void pool(List<OperatorCase> cases) {
        for (String operator : List.of("MaxPool", "AveragePool")) {
            Attributes two = attrs().ints("kernel_shape", 2, 2);
            Attributes three = attrs().ints("kernel_shape", 3, 3);
            cases.add(pool(operator, "2x2", two, 2, 3, 5, 6));
            cases.add(pool(operator, "2x2, stride 2", two.ints("strides", 2, 2), 1, 16, 8, 8));
            cases.add(pool(operator, "2x2, stride 2, odd size", two.ints("strides", 2, 2), 1, 5, 7, 9));
            cases.add(pool(
                    operator,
                    "3x3, stride 2, pads 1",
                    three.ints("strides", 2, 2).ints("pads", 1, 1, 1, 1),
                    2,
                    17,
                    11,
                    11));
            cases.add(pool(
                    operator,
                    "3x2, asymmetric pads",
                    attrs().ints("kernel_shape", 3, 2).ints("pads", 2, 0, 0, 1),
                    1,
                    4,
                    6,
                    5));
            cases.add(pool(
                    operator,
                    "1x1, stride 2",
                    attrs().ints("kernel_shape", 1, 1).ints("strides", 2, 2),
                    2,
                    3,
                    5,
                    4));
            cases.add(pool(operator, "whole image", attrs().ints("kernel_shape", 4, 5), 2, 3, 4, 5));
            cases.add(pool(operator, "VALID", three.s("auto_pad", "VALID").ints("strides", 2, 2), 1, 3, 8, 8));
            cases.add(pool(
                    operator, "SAME_UPPER", three.s("auto_pad", "SAME_UPPER").ints("strides", 2, 2), 1, 3, 8, 7));
            cases.add(
                    pool(operator, "SAME_LOWER", two.s("auto_pad", "SAME_LOWER").ints("strides", 1, 2), 1, 3, 8, 7));
            cases.add(pool(operator, "ceil_mode", three.ints("strides", 2, 2).i("ceil_mode", 1), 1, 3, 8, 6)
                    .since(10));
            cases.add(pool(
                            operator,
                            "ceil_mode, pads",
                            three.ints("strides", 2, 2).ints("pads", 1, 1, 1, 1).i("ceil_mode", 1),
                            2,
                            3,
                            6,
                            8)
                    .since(10));
            cases.add(pool(
                            operator,
                            "ceil_mode, last window would begin in the padding",
                            two.ints("strides", 3, 3).ints("pads", 1, 1, 1, 1).i("ceil_mode", 1),
                            1,
                            2,
                            4,
                            6)
                    .since(10));
            cases.add(pool(operator, "ceil_mode that changes nothing", two.i("ceil_mode", 1), 1, 2, 4, 4)
                    .since(10));
            int dilated = operator.equals("MaxPool") ? 10 : 19;
            cases.add(pool(operator, "dilations", three.ints("dilations", 2, 1), 1, 3, 8, 8)
                    .since(dilated));
            cases.add(pool(
                            operator,
                            "dilations, pads, strides",
                            three.ints("dilations", 2, 2)
                                    .ints("pads", 2, 1, 2, 1)
                                    .ints("strides", 2, 1),
                            1,
                            3,
                            9,
                            8)
                    .since(dilated));
        }
        Attributes padded =
                attrs().ints("kernel_shape", 3, 3).ints("pads", 1, 2, 1, 0).i("count_include_pad", 1);
        cases.add(pool("AveragePool", "count_include_pad", padded, 2, 3, 6, 5));
        cases.add(pool("AveragePool", "count_include_pad, strides", padded.ints("strides", 2, 3), 2, 3, 6, 5));
        cases.add(pool(
                "AveragePool",
                "count_include_pad, SAME_UPPER",
                attrs().ints("kernel_shape", 3, 3).s("auto_pad", "SAME_UPPER").i("count_include_pad", 1),
                1,
                2,
                5,
                5));
        cases.add(pool(
                        "MaxPool",
                        "storage_order",
                        attrs().ints("kernel_shape", 2, 2).i("storage_order", 1),
                        1,
                        2,
                        4,
                        4)
                .since(8));
    }

    private static void randomPool(List<OperatorCase> cases) {
        Random random = new Random(2);
        while (cases.stream()
                        .filter(test -> test.name().contains("Pool random"))
                        .count()
                < 30) {
            String operator = random.nextBoolean() ? "MaxPool" : "AveragePool";
            int[] x = {random.nextInt(1, 4), random.nextInt(1, 20), random.nextInt(1, 14), random.nextInt(1, 14)};
            long[] kernel = {random.nextInt(1, 5), random.nextInt(1, 5)};
            long[] strides = {random.nextInt(1, 4), random.nextInt(1, 4)};
            long[] pads = new long[4];
            for (int i = 0; i < pads.length; i++) {
                pads[i] = random.nextLong(kernel[i % 2]); // more is refused by ONNX Runtime
            }
            if (x[2] + pads[0] + pads[2] >= kernel[0] && x[3] + pads[1] + pads[3] >= kernel[1]) {
                Attributes attributes = attrs().ints("kernel_shape", kernel)
                        .ints("strides", strides)
                        .ints("pads", pads);
                boolean include = operator.equals("AveragePool") && random.nextBoolean();
                String name = "random x%s k%s s%s p%s%s"
                        .formatted(
                                Arrays.toString(x),
                                Arrays.toString(kernel),
                                Arrays.toString(strides),
                                Arrays.toString(pads),
                                include ? " with pads" : "");
                cases.add(pool(operator, name, include ? attributes.i("count_include_pad", 1) : attributes, x));
            }
        }
    }
}
