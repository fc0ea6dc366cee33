package dev.sardonyx.codegen.opencl;

import dev.sardonyx.codegen.opencl.KernelSource.Parameter;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Window;
import java.util.Locale;

/** Poolings, and normalisation over a window of channels: a work-item for each element. */
final class WindowKernels {

    private final NetworkPlan plan;

    WindowKernels(NetworkPlan plan) {
        this.plan = plan;
    }

    void pool(Call call, Kernel.Pooling pooling) {
        Layout in = plan.in(call, 0);
        Layout out = plan.out(call);
        GeneratedKernel kernel = GeneratedKernel.writing(plan, "pool", out);
        Parameter x = kernel.reading(call, 0);
        Window w = pooling.window();
        boolean max = pooling.kind() == Kernel.Pooling.Kind.MAX;
        String element = x.load("image + (row * %d + column) * %d"
                .formatted(in.dims().get(3), in.dims().get(1)));
        String body = """
            const int c = i %% %d;
            const int q = i / %d %% %d;
            const int p = i / %d %% %d;
            const int image = i / %d * %d + c;
            float value = %s;
            int count = 0;
            for (int kh = 0; kh < %d; kh++) {
                for (int kw = 0; kw < %d; kw++) {
                    const int row = p * %d - %d + kh * %d;
                    const int column = q * %d - %d + kw * %d;
                    if (0 <= row && row < %d && 0 <= column && column < %d) {
                        %s
                        count++;
                    }
                }
            }
            %s
            """.formatted(
                        out.dims().get(1),
                        out.dims().get(1),
                        out.dims().get(3),
                        out.dims().get(1) * out.dims().get(3),
                        out.dims().get(2),
                        out.elements() / out.dims().get(0),
                        in.elements() / in.dims().get(0),
                        max ? "-INFINITY" : "0.0f",
                        w.kernelH(),
                        w.kernelW(),
                        w.strideH(),
                        w.padTop(),
                        w.dilationH(),
                        w.strideW(),
                        w.padLeft(),
                        w.dilationW(),
                        in.dims().get(2),
                        in.dims().get(3),
                        max ? "value = larger(" + element + ", value);" : "value += " + element + ";",
                        kernel.output().store(max ? "value" : average(pooling, in), "i"));
        String name = "%s %dx%d %s".formatted(max ? "MaxPool" : "AveragePool", w.kernelH(), w.kernelW(), out.dims());
        kernel.forEach(out.elements(), body, name, call, "window");
    }

    /** A window that ceil_mode has added may leave the padded input; what is outside of that never counts. */
    private static String average(Kernel.Pooling pooling, Layout in) {
        Window w = pooling.window();
        if (!pooling.countIncludePad()) {
            return "value / count";
        }
        return "value / (min(%d, (%d - p * %d + %d) / %d) * min(%d, (%d - q * %d + %d) / %d))"
                .formatted(
                        w.kernelH(),
                        in.dims().get(2) + w.padTop() + w.padBottom(),
                        w.strideH(),
                        w.dilationH() - 1,
                        w.dilationH(),
                        w.kernelW(),
                        in.dims().get(3) + w.padLeft() + w.padRight(),
                        w.strideW(),
                        w.dilationW() - 1,
                        w.dilationW());
    }

    void normalise(Call call, Kernel.LocalResponseNormalization norm) {
        Layout in = plan.in(call, 0);
        Layout out = plan.out(call);
        GeneratedKernel kernel = GeneratedKernel.writing(plan, "normalise", out);
        Parameter x = kernel.reading(call, 0);
        int channels = in.dims().get(1);
        IndexSpace space = new IndexSpace(out.dims(), java.util.List.of(out.strides(), in.strides()));
        String body = space.coordinates("i", "a")
                + """
                float squares = 0.0f;
                const uint at = %s;
                for (int k = 0; k < %d; k++) {
                    const int c = (int)a1 - %d + k;
                    if (0 <= c && c < %d) {
                        const float v = %s;
                        squares = fma(v, v, squares);
                    }
                }
                %s
                """.formatted(
                                space.offset(1, "a"),
                                norm.size(),
                                (norm.size() - 1) / 2,
                                channels,
                                x.load("at + (uint)(c - (int)a1) * " + IndexSpace.unsigned(in.stride(1))),
                                kernel.output()
                                        .store(
                                                String.format(
                                                        Locale.ROOT,
                                                        "%s / pow(%s + %s * squares, %s)",
                                                        x.load("at"),
                                                        ExpressionWriter.literal(norm.bias()),
                                                        ExpressionWriter.literal(norm.alpha() / norm.size()),
                                                        ExpressionWriter.literal(norm.beta())),
                                                space.offset(0, "a")));
        kernel.forEach(out.elements(), body, "LRN " + out.dims(), call, "channel window");
    }
}
