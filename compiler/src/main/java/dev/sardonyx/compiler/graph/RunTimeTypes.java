package dev.sardonyx.compiler.graph;

import dev.sardonyx.runtime.ElementType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which element types operators take at run time. Kernels compute in float32, which also carries the other types' values: float64
 * and float16 are computed in float32, integers and bool are moved and cast. Integers up to 2^24 are exact.
 */
public final class RunTimeTypes {

    private RunTimeTypes() {}

    /**
     * Why no kernel does this; nothing if one does.
     *
     * @param inputs the operator's inputs, constant ones included
     * @param output what {@link ShapeInference} gives
     */
    public static Optional<String> problem(Op op, List<TensorType> inputs, TensorType output) {
        ElementType from = inputs.getFirst().element();
        return switch (op) {
            case Op.Reshape _, Op.Transpose _, Op.Slice _, Op.Concat _, Op.Pad _, Op.Gather _ -> Optional.empty();
            case Op.Cast(ElementType to) ->
                castable(from, to)
                        ? Optional.empty()
                        : Optional.of(
                                "casts %s to %s, which is not supported at run time".formatted(name(from), name(to)));
            default ->
                output.element().isFloatingPoint()
                        ? Optional.empty()
                        : Optional.of("computes with %s at run time; only floating-point is supported there"
                                .formatted(name(output.element())));
        };
    }

    /** Floating-point to all but bool, integers to floating-point and to wider integers. */
    private static boolean castable(ElementType from, ElementType to) {
        if (to.isFloatingPoint() || from == to) {
            return true;
        }
        if (to == ElementType.BOOL) {
            return false;
        }
        if (from.isFloatingPoint() || from == ElementType.BOOL) {
            return true;
        }
        return to != ElementType.UINT8 && from.bytes() < to.bytes();
    }

    private static String name(ElementType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }
}
