package dev.sardonyx.compiler.lowering;

import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Kernel.Region;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Boxes of a {@link Kernel.Copy}. */
final class Regions {

    private Regions() {}

    /** All of an operand, to the start of the output. */
    static Region whole(int operand, List<Integer> shape) {
        return at(operand, shape, Collections.nCopies(shape.size(), 0));
    }

    /** All of an operand, to a box of the output whose corner is given. */
    static Region at(int operand, List<Integer> shape, List<Integer> corner) {
        int rank = shape.size();
        return new Region(
                operand, shape, corner, Collections.nCopies(rank, 0), Collections.nCopies(rank, 1), axes(rank));
    }

    /** Output axis i is the operand's axis {@code permutation[i]}. */
    static Kernel.Copy transpose(List<Integer> permutation, List<Integer> outputShape) {
        int rank = permutation.size();
        List<Integer> zeros = Collections.nCopies(rank, 0);
        List<Integer> ones = Collections.nCopies(rank, 1);
        List<Integer> axisMap = list(rank, permutation::indexOf);
        return new Kernel.Copy(List.of(new Region(0, outputShape, zeros, zeros, ones, axisMap)), 0);
    }

    static Region withOperand(Region region, int operand) {
        return new Region(
                operand, region.extent(), region.outStart(), region.inStart(), region.inStep(), region.axisMap());
    }

    static List<Integer> axes(int rank) {
        return IntStream.range(0, rank).boxed().toList();
    }

    static List<Integer> list(int size, IntUnaryOperator element) {
        return IntStream.range(0, size).map(element).boxed().toList();
    }

    /** The number of elements in the boxes. They do not overlap in any program that lowering makes. */
    static long covered(Kernel.Copy copy) {
        return copy.regions().stream()
                .mapToLong(region ->
                        region.extent().stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b))
                .sum();
    }

    /**
     * What {@code outer} reads through {@code inner}: the part of its box whose elements {@code inner} has written, read from
     * {@code inner}'s operand. Empty if it reads nothing of it.
     *
     * @param outer a box filled from a tensor
     * @param inner a box of that tensor
     * @param operand what the result calls {@code inner}'s operand
     */
    static Optional<Region> compose(Region outer, Region inner, int operand) {
        int rank = outer.extent().size();
        int[] first = new int[rank];
        int[] end = outer.extent().stream().mapToInt(Integer::intValue).toArray();
        for (int axis = 0; axis < inner.extent().size(); axis++) {
            int driver = outer.axisMap().get(axis);
            int start = outer.inStart().get(axis) - inner.outStart().get(axis);
            int step = outer.inStep().get(axis);
            int last = inner.extent().get(axis) - 1;
            // 0 ≤ start + step·i ≤ last
            if (step == 0 || end[driver] == 1) {
                if (start < 0 || start > last) {
                    return Optional.empty();
                }
            } else {
                int near = step > 0 ? -start : start - last;
                int far = step > 0 ? last - start : start;
                first[driver] = Math.max(first[driver], Math.ceilDiv(near, Math.abs(step)));
                end[driver] = Math.min(end[driver], Math.floorDiv(far, Math.abs(step)) + 1);
            }
        }
        if (IntStream.range(0, rank).anyMatch(axis -> first[axis] >= end[axis])) {
            return Optional.empty();
        }
        int operandRank = inner.inStart().size();
        int[] inStart = new int[operandRank];
        int[] inStep = new int[operandRank];
        int[] axisMap = new int[operandRank];
        for (int axis = 0; axis < operandRank; axis++) {
            int between = inner.axisMap().get(axis);
            int driver = outer.axisMap().get(between);
            int corner = outer.inStart().get(between)
                    + outer.inStep().get(between) * first[driver]
                    - inner.outStart().get(between);
            inStart[axis] = inner.inStart().get(axis) + inner.inStep().get(axis) * corner;
            inStep[axis] = inner.inStep().get(axis) * outer.inStep().get(between);
            axisMap[axis] = driver;
        }
        return Optional.of(new Region(
                operand,
                list(rank, axis -> end[axis] - first[axis]),
                list(rank, axis -> outer.outStart().get(axis) + first[axis]),
                list(inStart),
                list(inStep),
                list(axisMap)));
    }

    private static List<Integer> list(int[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    /** All boxes made of one part by axis. */
    static List<Region> product(int operand, List<List<Part>> partsByAxis) {
        List<List<Part>> boxes = List.of(List.of());
        for (List<Part> parts : partsByAxis) {
            List<List<Part>> longer = new ArrayList<>();
            for (List<Part> box : boxes) {
                for (Part part : parts) {
                    List<Part> extended = new ArrayList<>(box);
                    extended.add(part);
                    longer.add(extended);
                }
            }
            boxes = longer;
        }
        return boxes.stream()
                .map(box -> new Region(
                        operand,
                        box.stream().map(Part::extent).toList(),
                        box.stream().map(Part::outStart).toList(),
                        box.stream().map(Part::inStart).toList(),
                        box.stream().map(Part::inStep).toList(),
                        axes(box.size())))
                .toList();
    }

    /**
     * A box's extent on one axis.
     *
     * @param extent number of elements
     * @param outStart where it begins in the output
     * @param inStart where it begins in the operand
     * @param inStep step in the operand; 1 where there is but one element
     */
    record Part(int extent, int outStart, int inStart, int inStep) {
        Part {
            inStep = extent == 1 ? 1 : inStep;
        }
    }
}
