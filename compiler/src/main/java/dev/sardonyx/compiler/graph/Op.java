package dev.sardonyx.compiler.graph;

import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.runtime.ElementType;
import java.util.List;

/**
 * The operators of a {@link Graph}, named after ONNX's. Attributes are resolved: axes are non-negative, opset differences
 * are gone, and everything that decides a shape is an attribute. The importer expresses the remaining ONNX operators through
 * these: Flatten, Squeeze and Unsqueeze are {@link Reshape}; Sum is a chain of {@link Add}; Identity and Dropout vanish;
 * Constant, ConstantOfShape and Shape become constants. Every op has one output.
 *
 * <p>Each record's comment lists its inputs; "?" marks an optional one at the end.
 */
public sealed interface Op {

    /** The ONNX operator's name. */
    default String name() {
        return getClass().getSimpleName();
    }

    /**
     * Inputs: X [N, C, H, W], W [M, C/group, kH, kW], then B [M] if {@code bias}, then the residual (of the output's shape)
     * if {@code residual}. Computes activation(conv(X, W) + B + residual); an ONNX Conv has neither residual nor activation.
     */
    record Conv(Window window, int group, boolean bias, boolean residual, Activation activation) implements Op {
        /** An unfused convolution. */
        public Conv(Window window, int group, boolean bias) {
            this(window, group, bias, false, Activation.NONE);
        }
    }

    /** Inputs: X [N, C, …], scale, B, mean, var (each [C]). Inference form. */
    record BatchNormalization(float epsilon) implements Op {}

    record Relu() implements Op {}

    record LeakyRelu(float alpha) implements Op {}

    /** Inputs: X, slope (broadcasts to X). */
    record PRelu() implements Op {}

    record Clip(float min, float max) implements Op {}

    record Sigmoid() implements Op {}

    record Tanh() implements Op {}

    record Sqrt() implements Op {}

    /**
     * Over the axes from {@code axis} to {@code endAxis} (exclusive) taken as one: opset 13 has endAxis = axis + 1, before it is the rank.
     */
    record Softmax(int axis, int endAxis) implements Op {}

    /** Axes as in {@link Softmax}. */
    record LogSoftmax(int axis, int endAxis) implements Op {}

    record Add() implements Op {}

    record Sub() implements Op {}

    record Mul() implements Op {}

    /** Integer division truncates. */
    record Div() implements Op {}

    record Max() implements Op {}

    record Min() implements Op {}

    /** {@code ceilMode}: the output's size is rounded up; a window never begins beyond the padded input's last row or column before the end padding. */
    record MaxPool(Window window, boolean ceilMode) implements Op {}

    record AveragePool(Window window, boolean ceilMode, boolean countIncludePad) implements Op {}

    record GlobalAveragePool() implements Op {}

    record GlobalMaxPool() implements Op {}

    record ReduceMean(List<Integer> axes, boolean keepDims) implements Op {
        public ReduceMean {
            axes = axes.stream().sorted().toList();
        }
    }

    /** Inputs: A, B, C? (broadcasts). Computes alpha·A'·B' + beta·C. */
    record Gemm(float alpha, float beta, boolean transA, boolean transB) implements Op {}

    /** Inputs: A, B of any rank from 1; NumPy's matmul. */
    record MatMul() implements Op {}

    record Reshape(Shape target) implements Op {}

    record Transpose(List<Integer> permutation) implements Op {
        public Transpose {
            permutation = List.copyOf(permutation);
        }
    }

    /** Inputs: at least one. */
    record Concat(int axis) implements Op {}

    /** The elements start + step·i, 0 ≤ i &lt; size, on each axis; steps may be negative, never 0. */
    record Slice(List<Integer> starts, List<Integer> steps, List<Integer> sizes) implements Op {
        public Slice {
            starts = List.copyOf(starts);
            steps = List.copyOf(steps);
            sizes = List.copyOf(sizes);
        }
    }

    /** Pads by axis, never negative (the importer writes negative pads as a Slice). {@code value} fills in mode CONSTANT. */
    record Pad(List<Integer> before, List<Integer> after, Mode mode, float value) implements Op {
        public enum Mode {
            CONSTANT,
            REFLECT,
            EDGE
        }

        public Pad {
            before = List.copyOf(before);
            after = List.copyOf(after);
        }
    }

    /** Inputs: data, indices (int64 or int32, constant where data is not; may be negative). */
    record Gather(int axis) implements Op {}

    record Cast(ElementType to) implements Op {}

    /** Across channels, axis 1. */
    record LRN(int size, float alpha, float beta, float bias) implements Op {}
}
