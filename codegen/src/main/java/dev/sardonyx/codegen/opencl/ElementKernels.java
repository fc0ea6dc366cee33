package dev.sardonyx.codegen.opencl;

import dev.sardonyx.codegen.opencl.KernelSource.Parameter;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Kernel.Region;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Kernels with a work-item for each element: expressions, and what only moves elements. */
final class ElementKernels {

    private final NetworkPlan plan;

    ElementKernels(NetworkPlan plan) {
        this.plan = plan;
    }

    void pointwise(Call call, Kernel.Pointwise pointwise) {
        Layout out = plan.out(call);
        GeneratedKernel kernel = GeneratedKernel.writing(plan, "pointwise", out);
        List<List<Integer>> strides = new ArrayList<>(List.of(out.strides()));
        List<Parameter> operands = new ArrayList<>();
        for (int i = 0; i < call.operands().size(); i++) {
            operands.add(kernel.reading(call, i));
            strides.add(plan.in(call, i).broadcastTo(out.dims()));
        }
        IndexSpace space = IndexSpace.of(out.dims(), strides);
        StringBuilder body = new StringBuilder(space.coordinates("i", "a"));
        List<String> values = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            body.append("const float v%d = %s;\n".formatted(i, operands.get(i).load(space.offset(i + 1, "a"))));
            values.add("v" + i);
        }
        body.append(
                kernel.output().store(ExpressionWriter.write(pointwise.expression(), values), space.offset(0, "a")));
        kernel.forEach(space.size(), body + "\n", "Pointwise " + out.dims(), call, "element-wise");
    }

    /** Copies a whole tensor from layout to layout. */
    void copy(String name, List<String> origins, Layout in, Layout out) {
        copy(name, origins, in, 0, in.strides(), out, 0, in.dims());
    }

    void regions(Call call, Kernel.Copy copy) {
        Layout out = plan.out(call);
        if (!coversAll(call, copy)) {
            GeneratedKernel fill = GeneratedKernel.writing(plan, "fill", out);
            String body = fill.output().store(ExpressionWriter.literal(copy.fill()), "i") + "\n";
            fill.forEach(
                    out.elements(), body, "Fill " + out.dims(), call.origins(), "fill", 0, plan.bytes(out.elements()));
        }
        for (Region region : copy.regions()) {
            Layout in = plan.in(call, region.operand());
            int inOffset = 0;
            int outOffset = 0;
            List<Integer> inStrides =
                    new ArrayList<>(Collections.nCopies(out.dims().size(), 0));
            for (int axis = 0; axis < in.dims().size(); axis++) {
                inOffset += region.inStart().get(axis) * in.stride(axis);
                int driver = region.axisMap().get(axis);
                inStrides.set(driver, inStrides.get(driver) + region.inStep().get(axis) * in.stride(axis));
            }
            for (int axis = 0; axis < out.dims().size(); axis++) {
                outOffset += region.outStart().get(axis) * out.stride(axis);
            }
            GeneratedKernel kernel = GeneratedKernel.writing(plan, "copy", out);
            Parameter x = kernel.reading(call, region.operand());
            String name = "Copy " + region.extent() + " to " + out.dims();
            finishCopy(kernel, x, name, call.origins(), inOffset, inStrides, out, outOffset, region.extent());
        }
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
        GeneratedKernel kernel = GeneratedKernel.writing(plan, "copy", out);
        finishCopy(kernel, kernel.reading(in), name, origins, inOffset, inStrides, out, outOffset, dims);
    }

    private void finishCopy(
            GeneratedKernel kernel,
            Parameter x,
            String name,
            List<String> origins,
            int inOffset,
            List<Integer> inStrides,
            Layout out,
            int outOffset,
            List<Integer> dims) {
        IndexSpace space = IndexSpace.of(dims, List.of(out.strides().subList(0, dims.size()), inStrides));
        String from = space.offset(1, "a") + plus(inOffset);
        String to = space.offset(0, "a") + plus(outOffset);
        String body = space.coordinates("i", "a") + kernel.output().store(x.load(from), to) + "\n";
        kernel.forEach(space.size(), body, name, origins, "copy", 0, plan.bytes(2L * space.size()));
    }

    private static String plus(int offset) {
        return offset == 0 ? "" : " + " + IndexSpace.unsigned(offset);
    }

    /** Regions of one copy do not overlap, hence their sizes tell. */
    private static boolean coversAll(Call call, Kernel.Copy copy) {
        long covered = copy.regions().stream()
                .mapToLong(region ->
                        region.extent().stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b))
                .sum();
        return covered == call.output().elements();
    }

    /** The same elements in row-major order under another shape: nothing where both lie so, else a copy or two. */
    void reshape(Call call) {
        Layout in = plan.in(call, 0);
        String name = "Reshape to " + call.output().shape();
        if (!plan.isPlaced(call.output()) && in.isRowMajor() && !plan.storages().isExternal(in.storage())) {
            Layout view = NetworkPlan.natural(in.storage(), call.output());
            if (view.isRowMajor()) {
                plan.alias(call.output(), view);
                return;
            }
        }
        Layout out = plan.out(call);
        if (in.isRowMajor()) {
            copy(name, call.origins(), Layout.rowMajor(in.storage(), out.dims()), out);
        } else if (out.isRowMajor()) {
            copy(name, call.origins(), in, Layout.rowMajor(out.storage(), in.dims()));
        } else {
            Layout between = plan.placeRowMajor(in.dims());
            copy(name, call.origins(), in, between);
            copy(name, call.origins(), Layout.rowMajor(between.storage(), out.dims()), out);
        }
    }
}
