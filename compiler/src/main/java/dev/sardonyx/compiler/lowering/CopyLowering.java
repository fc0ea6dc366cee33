package dev.sardonyx.compiler.lowering;

import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Kernel.Region;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.lowering.Regions.Part;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Operators that move elements, as Copy. */
final class CopyLowering {

    private final ProgramBuilder builder;

    CopyLowering(ProgramBuilder builder) {
        this.builder = builder;
    }

    /** Where the axes of more than one element keep their order, nothing moves. */
    Operand transpose(Op.Transpose transpose, Node node) {
        Operand x = builder.operand(node.input(0));
        List<Integer> shape = node.output().shape().dims();
        List<Integer> moved = transpose.permutation().stream()
                .filter(axis -> x.shape().get(axis) > 1)
                .toList();
        return moved.equals(moved.stream().sorted().toList())
                ? builder.reshape(x, shape)
                : builder.emit(Regions.transpose(transpose.permutation(), shape), List.of(x), shape);
    }

    Operand slice(Op.Slice slice, Node node) {
        Operand x = builder.operand(node.input(0));
        if (slice.sizes().equals(x.shape()) && slice.steps().stream().allMatch(step -> step == 1)) {
            return x;
        }
        List<List<Part>> parts = new ArrayList<>();
        for (int axis = 0; axis < slice.sizes().size(); axis++) {
            parts.add(List.of(new Part(
                    slice.sizes().get(axis),
                    0,
                    slice.starts().get(axis),
                    slice.steps().get(axis))));
        }
        return emit(Regions.product(0, parts), 0, x, slice.sizes());
    }

    Operand pad(Op.Pad pad, Node node) {
        Operand x = builder.operand(node.input(0));
        List<List<Part>> parts = new ArrayList<>();
        for (int axis = 0; axis < x.shape().size(); axis++) {
            parts.add(padParts(
                    pad.mode(),
                    x.shape().get(axis),
                    pad.before().get(axis),
                    pad.after().get(axis)));
        }
        return emit(
                Regions.product(0, parts), pad.value(), x, node.output().shape().dims());
    }

    /** The input, and what repeats it before and after. */
    private static List<Part> padParts(Op.Pad.Mode mode, int size, int before, int after) {
        List<Part> parts = new ArrayList<>();
        parts.add(new Part(size, before, 0, 1));
        switch (mode) {
            case CONSTANT -> {}
            case EDGE -> {
                parts.add(new Part(before, 0, 0, 0));
                parts.add(new Part(after, before + size, size - 1, 0));
            }
            case REFLECT -> {
                parts.add(new Part(before, 0, before, -1));
                parts.add(new Part(after, before + size, size - 2, -1));
            }
        }
        parts.removeIf(part -> part.extent() == 0);
        return parts;
    }

    Operand concat(Op.Concat concat, Node node) {
        Operands operands = new Operands();
        List<Region> regions = new ArrayList<>();
        int position = 0;
        for (var input : node.inputs()) {
            Operand x = builder.operand(input);
            List<Integer> corner = new ArrayList<>(Collections.nCopies(x.shape().size(), 0));
            corner.set(concat.axis(), position);
            if (x.shape().get(concat.axis()) > 0) {
                regions.add(Regions.at(operands.position(x), x.shape(), corner));
            }
            position += x.shape().get(concat.axis());
        }
        List<Integer> shape = node.output().shape().dims();
        return builder.emit(new Kernel.Copy(regions, 0), operands.list(), shape);
    }

    /** Gathers along one axis, a box for each run of indices; a Reshape then gives that axis the indices' shape. */
    Operand gather(Op.Gather gather, Node node) {
        Operand x = builder.operand(node.input(0));
        long[] indices = builder.indices(node.input(1));
        List<Region> regions = new ArrayList<>();
        for (IndexRun run : IndexRun.of(indices, x.shape().get(gather.axis()))) {
            List<List<Part>> parts = new ArrayList<>();
            for (int axis = 0; axis < x.shape().size(); axis++) {
                parts.add(List.of(
                        axis == gather.axis()
                                ? new Part(run.length(), run.position(), run.first(), run.step())
                                : new Part(x.shape().get(axis), 0, 0, 1)));
            }
            regions.addAll(Regions.product(0, parts));
        }
        List<Integer> shape = new ArrayList<>(x.shape());
        shape.set(gather.axis(), indices.length);
        return builder.reshape(emit(regions, 0, x, shape), node.output().shape().dims());
    }

    private Operand emit(List<Region> regions, float fill, Operand x, List<Integer> shape) {
        return builder.emit(new Kernel.Copy(regions, fill), List.of(x), shape);
    }
}
