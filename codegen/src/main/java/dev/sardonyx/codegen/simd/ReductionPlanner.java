package dev.sardonyx.codegen.simd;

import com.palantir.javapoet.CodeBlock;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.runtime.kernels.MatrixProductStep;
import dev.sardonyx.runtime.kernels.ReductionStep;
import dev.sardonyx.runtime.kernels.SoftmaxStep;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Plans what sums over axes at run time: reductions, softmax, products of two computed matrices. */
final class ReductionPlanner {

    private final NetworkPlan plan;

    ReductionPlanner(NetworkPlan plan) {
        this.plan = plan;
    }

    void reduce(Call call, Kernel.Reduction reduction) {
        Layout in = plan.in(call, 0);
        Layout out = plan.out(call);
        List<Integer> outStrides = stridesByInputAxis(in, out, reduction);
        List<Integer> kept = new ArrayList<>(axes(in).stream()
                .filter(axis -> !reduction.axes().contains(axis))
                .sorted(Comparator.comparingInt(axis -> -in.stride(axis)))
                .toList());
        List<Integer> keptDims = select(in.dims(), kept);
        List<Integer> inStrides = select(in.strides(), kept);
        List<Integer> keptOut = select(outStrides, kept);
        if (kept.isEmpty()) {
            keptDims = List.of(1);
            inStrides = List.of(0);
            keptOut = List.of(0);
        }
        boolean mean = reduction.kind() == Kernel.Reduction.Kind.MEAN;
        CodeBlock sizes =
                CodeBlock.of("$L, $L", Literals.of(keptDims), Literals.of(select(in.dims(), reduction.axes())));
        List<Integer> inner = inStrides;
        List<Integer> outer = keptOut;
        plan.add(new PlannedStep(
                "Reduce%s %s -> %s".formatted(mean ? "Mean" : "Max", in.dims(), out.dims()),
                call.origins(),
                "kept axes innermost",
                0,
                NetworkPlan.bytes(call),
                PlannedStep.of(
                        slots -> CodeBlock.of(
                                "$L, $L, $L, $L, $L",
                                mean,
                                in.view(slots, in.offset(), inner),
                                Literals.of(select(in.strides(), reduction.axes())),
                                out.view(slots, out.offset(), outer),
                                sizes),
                        ReductionStep.class)));
    }

    /** The output may have dropped the reduced axes. */
    private static List<Integer> stridesByInputAxis(Layout in, Layout out, Kernel.Reduction reduction) {
        boolean dropped = out.dims().size() != in.dims().size();
        List<Integer> strides = new ArrayList<>();
        int next = 0;
        for (int axis = 0; axis < in.dims().size(); axis++) {
            if (reduction.axes().contains(axis)) {
                strides.add(0);
                next += dropped ? 0 : 1;
            } else {
                strides.add(out.stride(next++));
            }
        }
        return strides;
    }

    void softmax(Call call, Kernel.Softmax softmax) {
        Layout in = plan.in(call, 0);
        Layout out = plan.out(call);
        List<Integer> set =
                IntStream.range(softmax.firstAxis(), softmax.endAxis()).boxed().toList();
        List<Integer> outer =
                axes(in).stream().filter(axis -> !set.contains(axis)).toList();
        plan.add(new PlannedStep(
                (softmax.log() ? "LogSoftmax " : "Softmax ") + in.dims(),
                call.origins(),
                "maximum subtracted, sum in double",
                0,
                NetworkPlan.bytes(call),
                PlannedStep.of(
                        slots -> CodeBlock.of(
                                "$L,\n$L, $L,\n$L, $L,\n$L, $L",
                                softmax.log(),
                                in.view(slots, in.offset(), select(in.strides(), outer)),
                                in.distances(slots, select(in.strides(), set)),
                                out.view(slots, out.offset(), select(out.strides(), outer)),
                                out.distances(slots, select(out.strides(), set)),
                                Literals.of(select(in.dims(), outer)),
                                Literals.of(select(in.dims(), set))),
                        SoftmaxStep.class)));
    }

    void product(Call call) {
        Layout a = plan.in(call, 0);
        Layout b = plan.in(call, 1);
        Layout out = plan.out(call);
        int rank = out.dims().size();
        List<Integer> batch = out.dims().subList(0, rank - 2);
        int depth = a.dim(a.dims().size() - 1);
        plan.add(new PlannedStep(
                "MatMul %s x %s".formatted(a.dims(), b.dims()),
                call.origins(),
                "row times matrix",
                (long) call.output().elements() * depth,
                NetworkPlan.bytes(call),
                PlannedStep.of(
                        slots -> CodeBlock.of(
                                "$L, $L, $L, $L, $L, $L, $L",
                                a.view(slots, a.offset(), matrixStrides(a, rank)),
                                b.view(slots, b.offset(), matrixStrides(b, rank)),
                                out.view(slots, out.offset(), out.strides()),
                                Literals.of(batch),
                                out.dim(rank - 2),
                                out.dim(rank - 1),
                                depth),
                        MatrixProductStep.class)));
    }

    /** Strides by output axis, 0 where a leading axis broadcasts. */
    private static List<Integer> matrixStrides(Layout matrix, int rank) {
        List<Integer> strides = new ArrayList<>();
        int missing = rank - matrix.dims().size();
        for (int axis = 0; axis < rank; axis++) {
            boolean repeats = axis < missing || (axis < rank - 2 && matrix.dim(axis - missing) == 1);
            strides.add(repeats ? 0 : matrix.stride(axis - missing));
        }
        return strides;
    }

    private static List<Integer> axes(Layout layout) {
        return IntStream.range(0, layout.dims().size()).boxed().toList();
    }

    private static List<Integer> select(List<Integer> values, List<Integer> axes) {
        return axes.stream().map(values::get).toList();
    }
}
