package dev.sardonyx.codegen.simd;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A space of indices with the strides of several tensors in it: the loops of an element-wise kernel. The order of its axes does
 * not matter to what is computed, so they are arranged for speed.
 *
 * @param dims extent of each axis, outermost loop first
 * @param strides by tensor, then by axis; the first tensor is the output
 */
record IndexSpace(List<Integer> dims, List<List<Integer>> strides) {

    /** Longest row that axes are merged to, so that several threads find rows to share. */
    private static final int MAX_ROW = 1 << 14;

    IndexSpace {
        dims = List.copyOf(dims);
        strides = strides.stream().map(List::copyOf).toList();
    }

    int rank() {
        return dims.size();
    }

    /** The strides of the last axis, by tensor. */
    List<Integer> innerStrides() {
        return strides.stream().map(List::getLast).toList();
    }

    /** Axes sorted so that the output is written in order, and neighbouring axes that every tensor passes evenly made one. */
    IndexSpace arranged() {
        return permuted(axesBy(Comparator.comparingInt(
                        (Integer axis) -> -strides.getFirst().get(axis))))
                .merged();
    }

    /** As {@link #arranged()}, but the longest axis that some tensor passes element by element becomes the inner loop. */
    IndexSpace arrangedForCopy() {
        IndexSpace arranged = arranged();
        int inner = IntStream.range(0, arranged.rank())
                .filter(axis -> arranged.strides.stream().anyMatch(s -> s.get(axis) == 1))
                .boxed()
                .max(Comparator.comparingInt(arranged.dims::get))
                .orElse(arranged.rank() - 1);
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, arranged.rank()).boxed().toList());
        order.remove((Object) inner);
        order.add(inner);
        return arranged.permuted(order);
    }

    private List<Integer> axesBy(Comparator<Integer> order) {
        return IntStream.range(0, rank())
                .boxed()
                .filter(axis -> dims.get(axis) != 1)
                .sorted(order)
                .toList();
    }

    private IndexSpace permuted(List<Integer> axes) {
        return new IndexSpace(
                axes.stream().map(dims::get).toList(),
                strides.stream().map(s -> axes.stream().map(s::get).toList()).toList());
    }

    private IndexSpace merged() {
        List<Integer> newDims = new ArrayList<>();
        List<List<Integer>> newStrides = strides.stream()
                .map(s -> (List<Integer>) new ArrayList<Integer>())
                .toList();
        for (int axis = rank() - 1; axis >= 0; axis--) {
            if (!newDims.isEmpty() && mergesInto(axis, newDims.getFirst(), newStrides)) {
                newDims.set(0, newDims.getFirst() * dims.get(axis));
            } else {
                newDims.addFirst(dims.get(axis));
                for (int tensor = 0; tensor < strides.size(); tensor++) {
                    newStrides.get(tensor).addFirst(strides.get(tensor).get(axis));
                }
            }
        }
        if (newDims.isEmpty()) {
            newDims.add(1);
            newStrides.forEach(s -> s.add(1));
        }
        return new IndexSpace(newDims, newStrides);
    }

    private boolean mergesInto(int axis, int innerDim, List<List<Integer>> innerStrides) {
        if ((long) innerDim * dims.get(axis) > MAX_ROW) {
            return false;
        }
        for (int tensor = 0; tensor < strides.size(); tensor++) {
            if (strides.get(tensor).get(axis) != innerStrides.get(tensor).getFirst() * innerDim) {
                return false;
            }
        }
        return true;
    }
}
