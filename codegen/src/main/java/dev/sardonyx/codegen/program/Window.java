package dev.sardonyx.codegen.program;

/**
 * A sliding window over the two spatial axes of a convolution or pooling, as ONNX defines it. Pads may be negative only where
 * the operator allows it; Sardonyx requires them non-negative.
 *
 * @param padTop rows of padding above the first row; likewise left, bottom, right
 */
public record Window(
        int kernelH,
        int kernelW,
        int strideH,
        int strideW,
        int dilationH,
        int dilationW,
        int padTop,
        int padLeft,
        int padBottom,
        int padRight) {

    public Window {
        if (kernelH < 1 || kernelW < 1 || strideH < 1 || strideW < 1 || dilationH < 1 || dilationW < 1) {
            throw new IllegalArgumentException("kernel, strides and dilations must be at least 1");
        }
        if (padTop < 0 || padLeft < 0 || padBottom < 0 || padRight < 0) {
            throw new IllegalArgumentException("pads must not be negative");
        }
    }

    /** A kernel of the given size with stride 1, dilation 1 and no padding. */
    public static Window of(int kernelH, int kernelW) {
        return new Window(kernelH, kernelW, 1, 1, 1, 1, 0, 0, 0, 0);
    }

    public Window withStrides(int h, int w) {
        return new Window(kernelH, kernelW, h, w, dilationH, dilationW, padTop, padLeft, padBottom, padRight);
    }

    public Window withDilations(int h, int w) {
        return new Window(kernelH, kernelW, strideH, strideW, h, w, padTop, padLeft, padBottom, padRight);
    }

    public Window withPads(int top, int left, int bottom, int right) {
        return new Window(kernelH, kernelW, strideH, strideW, dilationH, dilationW, top, left, bottom, right);
    }

    /** Rows that the dilated kernel spans. */
    public int spanH() {
        return Math.addExact(Math.multiplyExact(kernelH - 1, dilationH), 1);
    }

    /** Columns that the dilated kernel spans. */
    public int spanW() {
        return Math.addExact(Math.multiplyExact(kernelW - 1, dilationW), 1);
    }

    public boolean hasPads() {
        return padTop != 0 || padLeft != 0 || padBottom != 0 || padRight != 0;
    }

    /** Output rows for {@code height} input rows, rounding down; less than 1 where the window does not fit. */
    public int outputH(int height) {
        return Math.floorDiv(padded(height, padTop, padBottom) - spanH(), strideH) + 1;
    }

    /** Output columns for {@code width} input columns, rounding down; less than 1 where the window does not fit. */
    public int outputW(int width) {
        return Math.floorDiv(padded(width, padLeft, padRight) - spanW(), strideW) + 1;
    }

    private static int padded(int size, int before, int after) {
        return Math.addExact(size, Math.addExact(before, after));
    }
}
