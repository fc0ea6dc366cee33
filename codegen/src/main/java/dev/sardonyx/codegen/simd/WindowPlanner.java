package dev.sardonyx.codegen.simd;

import com.palantir.javapoet.CodeBlock;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.runtime.kernels.LocalResponseNormalizationStep;
import dev.sardonyx.runtime.kernels.PoolingStep;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

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
        String name = "%sPool %dx%d %s -> %s"
                .formatted(average ? "Average" : "Max", w.kernelH(), w.kernelW(), in.dims(), out.dims());
        add(call, name, average, pooling.countIncludePad(), w, in, out.dim(2), out.dim(3), slots -> out.image(slots));
    }

    /** A reduction over all pixels of an image: one window that covers it. */
    void reducePixels(Call call, Kernel.Reduction reduction) {
        Layout in = plan.in(call, 0);
        Layout out = plan.out(call);
        boolean average = reduction.kind() == Kernel.Reduction.Kind.MEAN;
        String name = "Reduce%s %s -> %s".formatted(average ? "Mean" : "Max", in.dims(), out.dims());
        Window all = Window.of(in.dim(2), in.dim(3));
        add(call, name, average, false, all, in, 1, 1, slots -> out.image(slots, out.offset(), out.stride(0), 0, 0));
    }

    private void add(
            Call call,
            String name,
            boolean average,
            boolean countPadding,
            Window w,
            Layout in,
            int outH,
            int outW,
            Function<Slots, CodeBlock> outImage) {
        plan.add(new PlannedStep(
                name,
                call.origins(),
                "channels innermost",
                0,
                NetworkPlan.bytes(call),
                PlannedStep.of(
                        slots -> CodeBlock.of(
                                """
                                $L, $L,
                                new $T($L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L),
                                $L, $L, kernels\
                                """,
                                average,
                                countPadding,
                                PoolingStep.Geometry.class,
                                in.dim(0),
                                in.dim(1),
                                in.dim(2),
                                in.dim(3),
                                outH,
                                outW,
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
                                outImage.apply(slots)),
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
