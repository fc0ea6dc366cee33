package dev.sardonyx.codegen.simd;

import com.palantir.javapoet.CodeBlock;
import dev.sardonyx.codegen.StoredConstant;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Kernel.Region;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.codegen.simd.Layout.Halo;
import dev.sardonyx.runtime.kernels.CopyStep;
import dev.sardonyx.runtime.kernels.FillStep;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Plans what only moves elements: copies of boxes, reshapes, changes of layout. */
final class Movement {

    private final NetworkPlan plan;

    Movement(NetworkPlan plan) {
        this.plan = plan;
    }

    /** Copies a whole tensor from layout to layout. */
    void copy(String what, Layout in, Layout out) {
        copy("Copy " + what + " " + in.dims(), List.of(), in, in.offset(), in.strides(), out, out.offset(), in.dims());
    }

    void regions(Call call, Kernel.Copy copy) {
        Layout out = plan.out(call);
        if (!coversAll(call, copy)) {
            fill(call, copy.fill(), out);
        }
        for (Region region : copy.regions()) {
            Layout in = plan.in(call, region.operand());
            if (call.operands().get(region.operand()) instanceof Operand.Fixed(Constant constant)) {
                plan.read(StoredConstant.rowMajor(constant));
            }
            int inOffset = in.offset();
            int outOffset = out.offset();
            List<Integer> inStrides = new ArrayList<>(
                    IntStream.range(0, out.dims().size()).map(axis -> 0).boxed().toList());
            for (int axis = 0; axis < in.dims().size(); axis++) {
                inOffset += region.inStart().get(axis) * in.stride(axis);
                int driver = region.axisMap().get(axis);
                inStrides.set(driver, inStrides.get(driver) + region.inStep().get(axis) * in.stride(axis));
            }
            for (int axis = 0; axis < out.dims().size(); axis++) {
                outOffset += region.outStart().get(axis) * out.stride(axis);
            }
            copy(
                    "Copy " + region.extent() + " to " + out.dims(),
                    call.origins(),
                    in,
                    inOffset,
                    inStrides,
                    out,
                    outOffset,
                    region.extent());
        }
    }

    /** Regions of one copy do not overlap, hence their sizes tell. */
    private static boolean coversAll(Call call, Kernel.Copy copy) {
        long covered = copy.regions().stream()
                .mapToLong(region ->
                        region.extent().stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b))
                .sum();
        return covered == call.output().elements();
    }

    private void fill(Call call, float value, Layout out) {
        IndexSpace space = new IndexSpace(out.dims(), List.of(out.strides())).arranged();
        plan.add(new PlannedStep(
                "Fill " + out.dims(),
                call.origins(),
                "fill",
                0,
                (long) call.output().elements() * Float.BYTES,
                PlannedStep.of(
                        slots -> CodeBlock.of(
                                "$L, $L, $L",
                                out.view(slots, out.offset(), space.strides().getFirst()),
                                Literals.of(value),
                                Literals.list(space.dims())),
                        FillStep.class)));
    }

    private void copy(
            String name,
            List<String> origins,
            Layout in,
            int inOffset,
            List<Integer> inStrides,
            Layout out,
            int outOffset,
            List<Integer> dims) {
        if (!in.isConstant()) {
            plan.use(in);
        }
        plan.use(out);
        plan.storages().require(out.storage(), out.end());
        IndexSpace space =
                new IndexSpace(dims, List.of(trimmed(out.strides(), dims), trimmed(inStrides, dims))).arrangedForCopy();
        long elements = dims.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
        plan.add(new PlannedStep(
                name,
                origins,
                "copy",
                0,
                2 * elements * Float.BYTES,
                PlannedStep.of(
                        slots -> CodeBlock.of(
                                "$L, $L, $L",
                                in.source(slots, inOffset, space.strides().get(1)),
                                out.view(slots, outOffset, space.strides().get(0)),
                                Literals.list(space.dims())),
                        CopyStep.class)));
    }

    private static List<Integer> trimmed(List<Integer> strides, List<Integer> dims) {
        return strides.subList(0, dims.size());
    }

    /**
     * The same elements in row-major order under another shape. Costs nothing where both lie densely and the result needs no
     * halo, which would not be zeros; else one copy, over axes into which both shapes divide, or two.
     */
    void reshape(Call call) {
        Layout in = plan.in(call, 0);
        List<Integer> shape = call.output().shape();
        boolean image = plan.isImage(call.output());
        if (!plan.isPlaced(call.output()) && in.isDense() && !plan.storages().isExternal(in.storage())) {
            if (!image) {
                plan.alias(call.output(), Layout.plain(in.storage(), shape));
                return;
            }
            Halo halo = plan.haloOf(call.output());
            Layout pixels = Layout.image(in.storage(), shape, halo);
            if (halo.equals(Halo.NONE) && pixels.isDense()) {
                plan.alias(call.output(), pixels);
                return;
            }
        }
        Layout out = plan.out(call);
        if (in.isDense()) {
            copy(call, Layout.plain(in.storage(), shape), out);
        } else if (out.isDense()) {
            copy(call, in, Layout.plain(out.storage(), in.dims()));
        } else {
            Layout between = plan.placePlain(in.dims());
            copy(call, in, between);
            copy(call, Layout.plain(between.storage(), shape), out);
        }
    }

    private void copy(Call call, Layout in, Layout out) {
        copy(
                "Reshape to " + call.output().shape(),
                call.origins(),
                in,
                in.offset(),
                in.strides(),
                out,
                out.offset(),
                in.dims());
    }
}
