package dev.sardonyx.compiler.onnx;

import dev.sardonyx.compiler.graph.Op;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The ONNX operators that Sardonyx reads: the one place that says which, and how. */
public final class OperatorTable {

    /** Oldest opset: since it, broadcasting follows NumPy. */
    public static final int OLDEST_OPSET = 7;

    /** Newest opset whose changes are known here, and that the ONNX Runtime of the tests supports. */
    public static final int NEWEST_OPSET = 26;

    /** Oldest version of the file format: since it, models name their operator sets. */
    public static final int OLDEST_IR_VERSION = 3;

    /**
     * An ONNX operator.
     *
     * @param versions the opsets that changed it, up to {@link #NEWEST_OPSET}; ascending
     * @param restrictions what is not supported of it; empty if nothing
     */
    record Operator(String name, List<Integer> versions, String restrictions, Translator translator) {}

    private static final List<Operator> OPERATORS = List.of(
            of("Add", "", ElementwiseOperators.plain(new Op.Add()), 7, 13, 14),
            of("AveragePool", "images and lines only", WindowOperators::averagePool, 7, 10, 11, 19, 22),
            of("BatchNormalization", "inference only", NormalizationOperators::batchNormalization, 7, 9, 14, 15),
            of(
                    "Cast",
                    "between the element types above; at run time, numbers not to bool, integers not to uint8 nor"
                            + " narrower ones",
                    ElementwiseOperators::cast,
                    6,
                    9,
                    13,
                    19,
                    21,
                    23,
                    24,
                    25),
            of("Clip", "floating-point", ElementwiseOperators::clip, 6, 11, 12, 13),
            of("Concat", "", RegionOperators::concat, 4, 11, 13),
            of("Constant", "dense numbers", ConstantOperators::constant, 1, 9, 11, 12, 13, 19, 21, 23, 24, 25),
            of(
                    "ConstantOfShape",
                    "shape known at compile time",
                    ConstantOperators::constantOfShape,
                    9,
                    20,
                    21,
                    23,
                    24,
                    25),
            of("Conv", "images and lines only", WindowOperators::conv, 1, 11, 22),
            of("Div", "", ElementwiseOperators.plain(new Op.Div()), 7, 13, 14),
            of("Dropout", "inference only; no mask before opset 12", ElementwiseOperators::dropout, 7, 10, 12, 13, 22),
            of("Expand", "shape known at compile time", ShapeOperators::expand, 8, 13),
            of("Flatten", "", ShapeOperators::flatten, 1, 9, 11, 13, 21, 23, 24, 25),
            of("Gather", "indices known at compile time", RegionOperators::gather, 1, 11, 13),
            of("Gemm", "", MatrixOperators::gemm, 7, 9, 11, 13),
            of("GlobalAveragePool", "", ElementwiseOperators.plain(new Op.GlobalAveragePool()), 1, 22),
            of("GlobalMaxPool", "", ElementwiseOperators.plain(new Op.GlobalMaxPool()), 1, 22),
            of("Identity", "tensors", ElementwiseOperators::identity, 1, 13, 14, 16, 19, 21, 23, 24, 25),
            of("LRN", "", NormalizationOperators::lrn, 1, 13),
            of("LeakyRelu", "", ElementwiseOperators::leakyRelu, 6, 16),
            of("LogSoftmax", "", NormalizationOperators.softmax(Op.LogSoftmax::new), 1, 11, 13),
            of("MatMul", "", ElementwiseOperators.plain(new Op.MatMul()), 1, 9, 13),
            of("Max", "", ElementwiseOperators.variadic(new Op.Max()), 6, 8, 12, 13),
            of(
                    "MaxPool",
                    "images and lines only, floating-point; the indices are not read",
                    WindowOperators::maxPool,
                    1,
                    8,
                    10,
                    11,
                    12,
                    22),
            of("Min", "", ElementwiseOperators.variadic(new Op.Min()), 6, 8, 12, 13),
            of("Mul", "", ElementwiseOperators.plain(new Op.Mul()), 7, 13, 14),
            of("PRelu", "", ElementwiseOperators.plain(new Op.PRelu()), 7, 9, 16),
            of(
                    "Pad",
                    "modes constant, reflect and edge; pads and value known at compile time",
                    RegionOperators::pad,
                    2,
                    11,
                    13,
                    18,
                    19,
                    21,
                    23,
                    24,
                    25),
            of("ReduceMean", "axes known at compile time", NormalizationOperators::reduceMean, 1, 11, 13, 18),
            of("Relu", "", ElementwiseOperators.plain(new Op.Relu()), 6, 13, 14),
            of("Reshape", "shape known at compile time", ShapeOperators::reshape, 5, 13, 14, 19, 21, 23, 24, 25),
            of("Shape", "", ShapeOperators::shape, 1, 13, 15, 19, 21, 23, 24, 25),
            of("Sigmoid", "", ElementwiseOperators.plain(new Op.Sigmoid()), 6, 13),
            of("Slice", "bounds known at compile time", RegionOperators::slice, 1, 10, 11, 13),
            of("Softmax", "", NormalizationOperators.softmax(Op.Softmax::new), 1, 11, 13),
            of("Sqrt", "", ElementwiseOperators.plain(new Op.Sqrt()), 6, 13),
            of("Squeeze", "axes known at compile time", ShapeOperators::squeeze, 1, 11, 13, 21, 23, 24, 25),
            of("Sub", "", ElementwiseOperators.plain(new Op.Sub()), 7, 13, 14),
            of("Sum", "", ElementwiseOperators.variadic(new Op.Add()), 6, 8, 13),
            of("Tanh", "", ElementwiseOperators.plain(new Op.Tanh()), 6, 13),
            of("Transpose", "", ShapeOperators::transpose, 1, 13, 21, 23, 24, 25),
            of("Unsqueeze", "axes known at compile time", ShapeOperators::unsqueeze, 1, 11, 13, 21, 23, 24, 25));

    private static final Map<String, Operator> BY_NAME =
            OPERATORS.stream().collect(Collectors.toUnmodifiableMap(Operator::name, Function.identity()));

    private OperatorTable() {}

    private static Operator of(String name, String restrictions, Translator translator, Integer... versions) {
        return new Operator(name, List.of(versions), restrictions, translator);
    }

    static Optional<Operator> find(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** The page {@code docs/operators.md}. */
    public static String toMarkdown() {
        String rows = OPERATORS.stream().map(OperatorTable::row).collect(Collectors.joining());
        return """
            # What Sardonyx reads

            Generated from `OperatorTable`; a test holds the two together.

            - **Opsets** %d to %d of ONNX's default domain, in files of IR version %d or later. Operators of other domains, functions
              that the model defines, and subgraphs are not supported.
            - **Shapes** are fixed when the model is compiled. Open dimensions get a size with `--dim NAME=SIZE`, where `NAME` is the
              file's name for it, or `INPUT[AXIS]` where it has none; an open first axis, the batch, is 1 unless given.
              Inputs, outputs and what is computed at run time have at least one element.
            - **Known at compile time** is what depends on constants and shapes alone. Initializers are constants, also where they are
              listed as inputs. Weights may be in `raw_data`, in typed fields, in `Constant` nodes or in files beside the model.
            - **Element types**: float32; float64 and float16, which are computed in float32; int64, int32, int16, int8, uint8 and
              bool, which at run time are moved and cast only, and exact up to 2^24. Constants may be bfloat16 too.
            - **Images** are [N, C, H, W], lines [N, C, W].

            | Operator | From opset, changed in | Limits |
            |---|---|---|
            """.formatted(OLDEST_OPSET, NEWEST_OPSET, OLDEST_IR_VERSION) + rows;
    }

    private static String row(Operator operator) {
        String versions = operator.versions().stream()
                .map(version -> String.valueOf(Math.max(version, OLDEST_OPSET)))
                .distinct()
                .collect(Collectors.joining(", "));
        return "| %s | %s | %s |\n".formatted(operator.name(), versions, operator.restrictions());
    }
}
