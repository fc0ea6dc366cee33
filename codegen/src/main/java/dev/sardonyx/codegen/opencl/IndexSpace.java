package dev.sardonyx.codegen.opencl;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A space of indices with the strides of several tensors in it, as the C text that turns one number into offsets. Neighbouring
 * numbers are neighbours in the first tensor.
 *
 * @param dims extent of each axis, slowest first; at least one axis
 * @param strides by tensor, then by axis
 */
record IndexSpace(List<Integer> dims, List<List<Integer>> strides) {

    IndexSpace {
        dims = List.copyOf(dims);
        strides = strides.stream().map(List::copyOf).toList();
    }

    /** The space of {@code dims}, its axes sorted for the first tensor, and made one where every tensor passes them evenly. */
    static IndexSpace of(List<Integer> dims, List<List<Integer>> strides) {
        List<Integer> axes = IntStream.range(0, dims.size())
                .boxed()
                .filter(axis -> dims.get(axis) != 1)
                .sorted(Comparator.comparingInt(
                        (Integer axis) -> -Math.abs(strides.getFirst().get(axis))))
                .toList();
        List<Integer> newDims = new ArrayList<>();
        List<List<Integer>> newStrides = new ArrayList<>();
        strides.forEach(_ -> newStrides.add(new ArrayList<>()));
        for (int axis : axes.reversed()) {
            boolean merges = !newDims.isEmpty();
            for (int t = 0; merges && t < strides.size(); t++) {
                merges = strides.get(t).get(axis) == newStrides.get(t).getFirst() * newDims.getFirst();
            }
            if (merges) {
                newDims.set(0, newDims.getFirst() * dims.get(axis));
            } else {
                newDims.addFirst(dims.get(axis));
                for (int t = 0; t < strides.size(); t++) {
                    newStrides.get(t).addFirst(strides.get(t).get(axis));
                }
            }
        }
        if (newDims.isEmpty()) {
            newDims.add(1);
            newStrides.forEach(s -> s.add(0));
        }
        return new IndexSpace(newDims, newStrides);
    }

    int size() {
        return dims.stream().reduce(1, Math::multiplyExact);
    }

    /** Declarations of the coordinates of {@code index}, all unsigned: {@code prefix} and the number of the axis. */
    String coordinates(String index, String prefix) {
        StringBuilder text = new StringBuilder();
        long inner = size();
        for (int axis = 0; axis < dims.size(); axis++) {
            inner /= dims.get(axis);
            String value = inner == 1 ? index : index + " / " + inner;
            text.append("const uint %s%d = %s;\n"
                    .formatted(prefix, axis, axis == 0 ? value : value + " % " + dims.get(axis)));
        }
        return text.toString();
    }

    /** The offset of tensor {@code tensor} at the coordinates; unsigned, so that negative steps wrap around and back. */
    String offset(int tensor, String prefix) {
        List<String> terms = new ArrayList<>();
        for (int axis = 0; axis < dims.size(); axis++) {
            int stride = strides.get(tensor).get(axis);
            if (stride != 0 && dims.get(axis) != 1) {
                terms.add(stride == 1 ? prefix + axis : prefix + axis + " * " + unsigned(stride));
            }
        }
        return terms.isEmpty() ? "0u" : String.join(" + ", terms);
    }

    /** A number as C's unsigned arithmetic takes it. */
    static String unsigned(int value) {
        return Integer.toUnsignedString(value) + "u";
    }
}
