package dev.sardonyx.codegen.opencl;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the elements of a buffer lie, without gaps.
 *
 * @param storage the memory that holds it; {@link #VALUES} for trained values
 * @param dims its logical dimensions; images have the axes [N, C, H, W]
 * @param strides by axis, in elements
 */
record Layout(int storage, List<Integer> dims, List<Integer> strides) {

    /** Stands for memory that holds trained values. */
    static final int VALUES = -1;

    Layout {
        dims = List.copyOf(dims);
        strides = List.copyOf(strides);
    }

    static Layout rowMajor(int storage, List<Integer> dims) {
        List<Integer> strides = new ArrayList<>();
        int stride = 1;
        for (int axis = dims.size() - 1; axis >= 0; axis--) {
            strides.addFirst(stride);
            stride *= dims.get(axis);
        }
        return new Layout(storage, dims, strides);
    }

    /** Pixel by pixel: NHWC. */
    static Layout image(int storage, List<Integer> dims) {
        int channels = dims.get(1);
        int row = channels * dims.get(3);
        return new Layout(storage, dims, List.of(row * dims.get(2), 1, row, channels));
    }

    int stride(int axis) {
        return strides.get(axis);
    }

    int elements() {
        return dims.stream().reduce(1, Math::multiplyExact);
    }

    /** Whether the elements lie in row-major order, so that any shape can view them. */
    boolean isRowMajor() {
        List<Integer> expected = rowMajor(storage, dims).strides;
        for (int axis = 0; axis < dims.size(); axis++) {
            if (dims.get(axis) != 1 && !strides.get(axis).equals(expected.get(axis))) {
                return false;
            }
        }
        return true;
    }

    /** The strides that broadcast this tensor to {@code shape}: 0 where it repeats. */
    List<Integer> broadcastTo(List<Integer> shape) {
        List<Integer> result = new ArrayList<>();
        int missing = shape.size() - dims.size();
        for (int axis = 0; axis < shape.size(); axis++) {
            boolean repeats = axis < missing || dims.get(axis - missing) == 1;
            result.add(repeats ? 0 : strides.get(axis - missing));
        }
        return result;
    }
}
