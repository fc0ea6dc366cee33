package dev.sardonyx.codegen.simd;

import com.palantir.javapoet.CodeBlock;
import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.runtime.kernels.Image;
import dev.sardonyx.runtime.kernels.Source;
import dev.sardonyx.runtime.kernels.View;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the elements of a buffer lie.
 *
 * @param storage the memory that holds it; −1 for trained values, which lie in the step that reads them
 * @param offset of its first element
 * @param dims its logical dimensions; images have the axes [N, C, H, W]
 * @param strides by axis, in floats
 */
record Layout(int storage, int offset, List<Integer> dims, List<Integer> strides) {

    private static final int CONSTANT = -1;

    Layout {
        dims = List.copyOf(dims);
        strides = List.copyOf(strides);
    }

    /** Trained values, row-major. */
    static Layout constant(Constant constant) {
        return plain(CONSTANT, constant.shape());
    }

    boolean isConstant() {
        return storage == CONSTANT;
    }

    /** Row-major from the storage's beginning. */
    static Layout plain(int storage, List<Integer> dims) {
        List<Integer> strides = new ArrayList<>();
        int stride = 1;
        for (int axis = dims.size() - 1; axis >= 0; axis--) {
            strides.addFirst(stride);
            stride *= dims.get(axis);
        }
        return new Layout(storage, 0, dims, strides);
    }

    /** Pixel by pixel (NHWC), with a halo. */
    static Layout image(int storage, List<Integer> dims, Halo halo) {
        int pixelStride = dims.get(1);
        int rowStride = Math.multiplyExact(dims.get(3) + halo.left() + halo.right(), pixelStride);
        int batchStride = Math.multiplyExact(dims.get(2) + halo.top() + halo.bottom(), rowStride);
        Math.multiplyExact(dims.get(0), batchStride);
        int offset = halo.top() * rowStride + halo.left() * pixelStride;
        return new Layout(storage, offset, dims, List.of(batchStride, 1, rowStride, pixelStride));
    }

    /** Zeros around an image: what the convolutions that read it find beyond its border. */
    record Halo(int top, int left, int bottom, int right) {
        static final Halo NONE = new Halo(0, 0, 0, 0);

        Halo max(Halo other) {
            return new Halo(
                    Math.max(top, other.top),
                    Math.max(left, other.left),
                    Math.max(bottom, other.bottom),
                    Math.max(right, other.right));
        }
    }

    /** The first image of a batch; the stride leads to the others. */
    Layout firstImage() {
        return oneImage(batchStride());
    }

    /** One image, whose memory each image of a batch takes in turn. */
    Layout forEachImage() {
        return oneImage(0);
    }

    private Layout oneImage(int batchStride) {
        return new Layout(
                storage,
                offset,
                List.of(1, dim(1), dim(2), dim(3)),
                List.of(batchStride, stride(1), rowStride(), pixelStride()));
    }

    int dim(int axis) {
        return dims.get(axis);
    }

    int stride(int axis) {
        return strides.get(axis);
    }

    int batchStride() {
        return strides.get(0);
    }

    int rowStride() {
        return strides.get(2);
    }

    int pixelStride() {
        return strides.get(3);
    }

    /** Elements in row-major order, one after another: any shape can view them. */
    boolean isDense() {
        int expected = 1;
        for (int axis = dims.size() - 1; axis >= 0; axis--) {
            if (dims.get(axis) != 1 && strides.get(axis) != expected) {
                return false;
            }
            expected *= dims.get(axis);
        }
        return offset == 0;
    }

    /** Whether pixels follow each other at one distance through all rows and images: nothing lies between. */
    boolean isPixelDense() {
        return (dim(2) == 1 || rowStride() == dim(3) * pixelStride())
                && (dim(0) == 1 || batchStride() == dim(2) * dim(3) * pixelStride());
    }

    /** One more than the largest offset of an element. */
    int end() {
        int last = offset;
        for (int axis = 0; axis < dims.size(); axis++) {
            last = Math.addExact(last, Math.multiplyExact(Math.max(dims.get(axis) - 1, 0), strides.get(axis)));
        }
        return last + 1;
    }

    /** The constructor of this layout's {@link Image}. */
    CodeBlock image(Slots slots) {
        return image(slots, offset, batchStride(), rowStride(), pixelStride());
    }

    /** The constructor of an {@link Image} with other numbers in this layout's storage. */
    CodeBlock image(Slots slots, int offset, int batchStride, int rowStride, int pixelStride) {
        return CodeBlock.of(
                "new $T($L, $L, $L, $L, $L)",
                Image.class,
                slots.of(storage),
                slots.offset(storage) + offset,
                batchStride,
                rowStride,
                pixelStride);
    }

    /** The expression of a {@link Source} that views this layout's storage, or the constant, which it reads from the weights. */
    CodeBlock source(Slots slots, int offset, List<Integer> strides) {
        return isConstant()
                ? CodeBlock.of(
                        "$T.constant(weights.next($L), $L, $L)", Source.class, end(), offset, Literals.list(strides))
                : CodeBlock.of("$T.variable($L)", Source.class, view(slots, offset, strides));
    }

    /** The expression of a {@link View} that only tells distances, to be added to where another view begins. */
    CodeBlock distances(Slots slots, List<Integer> strides) {
        return view(slots.of(storage), 0, strides);
    }

    /** The expression of a {@link View} of this layout's storage. */
    CodeBlock view(Slots slots, int offset, List<Integer> strides) {
        return view(slots.of(storage), slots.offset(storage) + offset, strides);
    }

    private static CodeBlock view(int slot, int offset, List<Integer> strides) {
        CodeBlock.Builder code = CodeBlock.builder().add("$T.of($L, $L", View.class, slot, offset);
        strides.forEach(stride -> code.add(", $L", stride));
        return code.add(")").build();
    }
}
