package dev.sardonyx.codegen.simd;

import com.palantir.javapoet.CodeBlock;
import dev.sardonyx.codegen.StoredConstant;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.runtime.kernels.PointwiseStep;
import dev.sardonyx.runtime.kernels.Source;
import java.util.ArrayList;
import java.util.List;

/** Plans element-wise expressions: one index space for all operands, broadcast ones with stride 0. */
final class PointwisePlanner {

    private final NetworkPlan plan;

    PointwisePlanner(NetworkPlan plan) {
        this.plan = plan;
    }

    void plan(Call call, Kernel.Pointwise pointwise) {
        List<Layout> layouts = new ArrayList<>();
        for (int i = 0; i < call.operands().size(); i++) {
            layouts.add(plan.in(call, i));
        }
        Layout out = plan.out(call);
        for (Layout layout : layouts) {
            if (!layout.isConstant() && readsInStep(layout.storage(), layouts, out)) {
                plan.storages().mayOverwrite(out.storage(), layout.storage());
            }
        }
        IndexSpace space = space(out, layouts);
        List<Integer> operandStrides = space.innerStrides().subList(1, layouts.size() + 1);
        int kernel = plan.expression(new PointwiseLoop(pointwise.expression(), operandStrides));
        for (Operand operand : call.operands()) {
            if (operand instanceof Operand.Fixed(Constant constant)) {
                plan.read(StoredConstant.rowMajor(constant));
            }
        }
        plan.add(new PlannedStep(
                "Pointwise " + ExpressionWriter.describe(pointwise.expression()) + " " + out.dims(),
                call.origins(),
                "loop of " + space.dims().getLast(),
                0,
                NetworkPlan.bytes(call),
                PlannedStep.of(
                        slots -> CodeBlock.of(
                                "$L, kernels.expressions(), $L,\nnew $T[] {$L},\n$L",
                                kernel,
                                out.view(slots, out.offset(), space.strides().getFirst()),
                                Source.class,
                                operands(layouts, space, slots),
                                Literals.list(space.dims())),
                        PointwiseStep.class)));
    }

    /** Whether every operand in this storage is read exactly where the output is written, element by element. */
    private static boolean readsInStep(int storage, List<Layout> layouts, Layout out) {
        return layouts.stream()
                .filter(layout -> layout.storage() == storage)
                .allMatch(layout -> layout.offset() == out.offset()
                        && layout.dims().equals(out.dims())
                        && layout.strides().equals(out.strides()));
    }

    /** Rows must be contiguous in the output; where its last axis is not, a row is a single element. */
    private static IndexSpace space(Layout out, List<Layout> layouts) {
        List<List<Integer>> strides = new ArrayList<>();
        strides.add(out.strides());
        layouts.forEach(layout -> strides.add(broadcast(layout, out.dims())));
        IndexSpace arranged = new IndexSpace(out.dims(), strides).arranged();
        if (arranged.strides().getFirst().getLast() == 1) {
            return arranged;
        }
        return new IndexSpace(
                append(arranged.dims()),
                arranged.strides().stream().map(PointwisePlanner::append).toList());
    }

    private static List<Integer> append(List<Integer> values) {
        List<Integer> longer = new ArrayList<>(values);
        longer.add(1);
        return longer;
    }

    private static List<Integer> broadcast(Layout layout, List<Integer> dims) {
        List<Integer> strides = new ArrayList<>();
        int missing = dims.size() - layout.dims().size();
        for (int axis = 0; axis < dims.size(); axis++) {
            boolean repeats = axis < missing || layout.dim(axis - missing) == 1;
            strides.add(repeats ? 0 : layout.stride(axis - missing));
        }
        return strides;
    }

    private static CodeBlock operands(List<Layout> layouts, IndexSpace space, Slots slots) {
        List<CodeBlock> operands = new ArrayList<>();
        for (int i = 0; i < layouts.size(); i++) {
            Layout layout = layouts.get(i);
            operands.add(layout.source(slots, layout.offset(), space.strides().get(i + 1)));
        }
        return CodeBlock.join(operands, ", ");
    }
}
