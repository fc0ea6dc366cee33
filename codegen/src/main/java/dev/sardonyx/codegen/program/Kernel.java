package dev.sardonyx.codegen.program;

import java.util.List;
import java.util.Optional;

/** What one {@link Call} computes. Images have the axes [N, C, H, W]. */
public sealed interface Kernel {

    /**
     * Convolution with a fused epilogue: {@code activation(conv(x) + bias + residual)}. Operands: x, then the residual (of
     * the output's shape) if there is one. Fully connected layers come as 1×1 convolutions of 1×1 images.
     *
     * @param groups number of groups; divides both channel counts
     * @param weights [outChannels, inChannels/groups, kernelH, kernelW]
     * @param bias [outChannels]
     * @param residual whether a second operand is added before the activation
     */
    record Convolution(
            Window window,
            int groups,
            Constant weights,
            Optional<Constant> bias,
            boolean residual,
            Activation activation)
            implements Kernel {}

    /**
     * Windowed maximum or average; padding is never part of a maximum, and part of an average's divisor only where
     * {@code countIncludePad}. The output may be one larger than the window's own formula gives (ONNX's ceil_mode).
     */
    record Pooling(Kind kind, Window window, boolean countIncludePad) implements Kernel {
        public enum Kind {
            MAX,
            AVERAGE
        }
    }

    /**
     * Reduction over axes; the output keeps them with size 1 or drops them.
     *
     * @param axes sorted, non-negative
     */
    record Reduction(Kind kind, List<Integer> axes) implements Kernel {
        public enum Kind {
            MEAN,
            MAX
        }

        public Reduction {
            axes = List.copyOf(axes);
        }
    }

    /** An expression for each element of the output; operands broadcast. */
    record Pointwise(Expression expression) implements Kernel {}

    /** Product of the last two axes; the others broadcast. Operands: a, b (both variable, rank ≥ 2). */
    record MatrixProduct() implements Kernel {}

    /** Softmax, or its logarithm, over the axes from {@code firstAxis} to {@code endAxis} (exclusive) taken as one. */
    record Softmax(int firstAxis, int endAxis, boolean log) implements Kernel {}

    /** ONNX LRN across channels: x / (bias + alpha/size · Σ x²)^beta. */
    record LocalResponseNormalization(int size, float alpha, float beta, float bias) implements Kernel {}

    /** The same elements in row-major order under another shape. */
    record Reshape() implements Kernel {}

    /**
     * Copies boxes: Transpose, Slice, Pad, Concat, Expand, Gather with fixed indices. Elements that no region covers get
     * {@code fill}.
     */
    record Copy(List<Region> regions, float fill) implements Kernel {
        public Copy {
            regions = List.copyOf(regions);
        }
    }

    /**
     * A box of the output, filled from one operand. The element at {@code outStart + i} (0 ≤ i &lt; extent, by output axis) is
     * the operand's element whose coordinate on axis a is {@code inStart[a] + inStep[a] · i[axisMap[a]]}.
     *
     * @param operand which operand is read
     * @param extent size of the box by output axis
     * @param outStart its corner in the output
     * @param inStart corner in the operand, by operand axis
     * @param inStep step in the operand, by operand axis; negative runs backwards, 0 repeats
     * @param axisMap the output axis that drives each operand axis
     */
    record Region(
            int operand,
            List<Integer> extent,
            List<Integer> outStart,
            List<Integer> inStart,
            List<Integer> inStep,
            List<Integer> axisMap) {
        public Region {
            extent = List.copyOf(extent);
            outStart = List.copyOf(outStart);
            inStart = List.copyOf(inStart);
            inStep = List.copyOf(inStep);
            axisMap = List.copyOf(axisMap);
        }
    }
}
