package dev.sardonyx.codegen.simd;

import com.palantir.javapoet.CodeBlock;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.runtime.kernels.LocalResponseNormalizationStep;
import dev.sardonyx.runtime.kernels.PoolingStep;
import java.util.ArrayList;
import java.util.List;

/** Plans poolings and local response normalisation. */
final class WindowPlanner {

    private final NetworkPlan plan;

    WindowPlanner(NetworkPlan plan) {
        this.plan = plan;
    }

    void pool(Call call, Kernel.Pooling pooling) {
        Layout in = plan.in(call, 0);
        Layout out = plan.out(call);
        Window w = pooling.window();
        boolean average = pooling.kind() == Kernel.Pooling.Kind.AVERAGE;
        plan.add(new PlannedStep(
                "%sPool %dx%d %s -> %s"
                        .formatted(average ? "Average" : "Max", w.kernelH(), w.kernelW(), in.dims(), out.dims()),
                call.origins(),
                "channels innermost",
                0,
                NetworkPlan.bytes(call),
                PlannedStep.of(
                        slots -> CodeBlock.of(
                                "$L, $L,\nnew $T($L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L),\n$L, $L",
                                average,
                                pooling.countIncludePad(),
                                PoolingStep.Geometry.class,
                                in.dim(0),
                                in.dim(1),
                                in.dim(2),
                                in.dim(3),
                                out.dim(2),
                                out.dim(3),
                                w.kernelH(),
                                w.kernelW(),
                                w.strideH(),
                                w.strideW(),
                                w.dilationH(),
                                w.dilationW(),
                                w.padTop(),
                                w.padLeft(),
                                in.dim(2) + w.padBottom(),
                                in.dim(3) + w.padRight(),
                                in.image(slots),
                                out.image(slots)),
                        PoolingStep.class)));
    }

    void normalise(Call call, Kernel.LocalResponseNormalization lrn) {
        Layout in = plan.in(call, 0);
        Layout out = plan.out(call);
        plan.add(new PlannedStep(
                "LRN " + in.dims(),
                call.origins(),
                "across channels",
                0,
                NetworkPlan.bytes(call),
                PlannedStep.of(
                        slots -> CodeBlock.of(
                                "$L, $L, $L, $L, $L, $L, $L, $L",
                                in.view(slots, in.offset(), channelsLast(in.strides())),
                                out.view(slots, out.offset(), channelsLast(out.strides())),
                                Literals.of(pixels(in.dims())),
                                in.dim(1),
                                lrn.size(),
                                Literals.of(lrn.alpha()),
                                Literals.of(lrn.beta()),
                                Literals.of(lrn.bias())),
                        LocalResponseNormalizationStep.class)));
    }

    private static List<Integer> pixels(List<Integer> axes) {
        List<Integer> pixels = new ArrayList<>(axes);
        pixels.remove(/* index */ 1);
        return pixels;
    }

    private static List<Integer> channelsLast(List<Integer> axes) {
        List<Integer> moved = pixels(axes);
        moved.add(axes.get(1));
        return moved;
    }
}
