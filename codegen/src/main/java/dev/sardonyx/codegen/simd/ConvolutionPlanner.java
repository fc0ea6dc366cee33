package dev.sardonyx.codegen.simd;

import com.palantir.javapoet.CodeBlock;
import dev.sardonyx.codegen.StoredConstant;
import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Cost;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.codegen.simd.KernelChoice.Algorithm;
import dev.sardonyx.codegen.simd.KernelChoice.ConvolutionChoice;
import dev.sardonyx.runtime.kernels.Clamp;
import dev.sardonyx.runtime.kernels.ConvolutionStep;
import dev.sardonyx.runtime.kernels.DepthwiseStep;
import dev.sardonyx.runtime.kernels.Epilogue;
import dev.sardonyx.runtime.kernels.PanelStep;
import dev.sardonyx.runtime.kernels.PatchStep;
import dev.sardonyx.runtime.kernels.Patches;
import dev.sardonyx.runtime.kernels.PixelOutput;
import dev.sardonyx.runtime.kernels.Strips;
import java.util.List;
import java.util.function.Function;

/** Plans convolutions: what makes the rows of a product, which tiles compute it, how the weights are packed. */
final class ConvolutionPlanner {

    private final NetworkPlan plan;
    private final KernelChoice choice;

    ConvolutionPlanner(NetworkPlan plan, KernelChoice choice) {
        this.plan = plan;
        this.choice = choice;
    }

    /** The loops over pixels: rows of pixels at one distance, for the input (its windows), the output and the residual. */
    private record Pixels(int batch, int height, int width, Steps in, Steps out, Steps residual) {}

    /** Where the first pixel lies, and how far it is to the next image, row and pixel. */
    private record Steps(int offset, int batch, int row, int pixel) {
        static Steps of(Layout image) {
            return new Steps(image.offset(), image.batchStride(), image.rowStride(), image.pixelStride());
        }

        /** All pixels in one row. */
        Steps flattened() {
            return new Steps(offset, batch, 0, pixel);
        }

        /** One pixel an image: the images make the row. */
        Steps acrossImages() {
            return new Steps(offset, batch, 0, batch);
        }
    }

    void plan(Call call, Kernel.Convolution convolution) {
        Layout in = plan.in(call, 0);
        Layout residual = convolution.residual() ? plan.in(call, 1) : in;
        Layout out = plan.out(call);
        boolean residualDies = convolution.residual()
                && residual.storage() != in.storage()
                && residual.offset() == out.offset()
                && residual.strides().equals(out.strides());
        if (residualDies) {
            plan.storages().mayOverwrite(out.storage(), residual.storage());
        }
        int inChannels = in.dim(1);
        if (convolution.groups() == inChannels && convolution.groups() > 1) {
            depthwise(call, convolution, in, residual, out);
            return;
        }
        Algorithm algorithm = choice.algorithm(convolution, NetworkPlan.buffer(call, 0), call.output());
        if (algorithm.m() != 0) {
            new WinogradPlanner(plan, choice).plan(call, convolution, algorithm, in, residual, out);
        } else {
            direct(call, convolution, algorithm.accuracy(), in, residual, out);
        }
    }

    private void direct(
            Call call, Kernel.Convolution convolution, String accuracy, Layout in, Layout residual, Layout out) {
        Pixels pixels = pixels(convolution, in, residual, out);
        Window window = convolution.window();
        int merged = choice.mergedGroups(convolution.groups(), out.dim(1) / convolution.groups());
        int groups = convolution.groups() / merged;
        PackedWeights weights = new PackedWeights(
                choice, groups, merged, out.dim(1) / groups, in.dim(1) / groups, window.kernelH(), window.kernelW());
        int rows = pixels.batch * pixels.height * pixels.width;
        int depth = weights.depth();
        ConvolutionChoice chosen = choice.convolution(groups, rows, depth, weights.outChannels());
        Function<Slots, CodeBlock> patches = slots -> CodeBlock.of(
                "new $T($L, $L, $L, $L, $L, $L, $L, $L, $L)",
                Patches.class,
                pixels.batch,
                pixels.height,
                pixels.width,
                window.kernelH(),
                window.kernelW(),
                image(slots, in, pixels.in),
                window.dilationH() * in.rowStride(),
                window.dilationW() * in.pixelStride(),
                weights.inChannels());
        CodeBlock panels = weights.direct(plan, rows, chosen.panelwise());
        String algorithm = "direct, tile %d x %d, %s"
                .formatted(
                        choice.tileRows(rows),
                        weights.panelWidth(),
                        chosen.panelwise() ? "panel by panel" : chosen.strips() + " strips at a time");
        double packing = Roofline.packing((double) rows * depth * groups);
        double products = groups * choice.products(rows, depth, weights.outChannels());
        if (chosen.panelwise()) {
            Strips strips = weights.layout().strips();
            Layout packed = plan.placePlain(List.of(groups, strips.size(strips.count(rows))));
            plan.use(packed);
            plan.add(new PlannedStep(
                    "Pack " + name(call, convolution),
                    call.origins(),
                    "patches",
                    0,
                    2L * rows * depth * groups * Float.BYTES,
                    packing,
                    (slots, info) -> CodeBlock.of(
                            "new $T($L,\n$L,\n$L, $L, $L, $L)",
                            PatchStep.class,
                            info,
                            patches.apply(slots),
                            weights.stripsCode(),
                            groups,
                            slots.of(packed.storage()),
                            slots.offset(packed.storage()))));
            plan.use(packed);
            plan.use(out);
            plan.use(residual);
            readWeights(convolution);
            add(
                    call,
                    convolution,
                    algorithm,
                    accuracy,
                    products,
                    (slots, info) -> CodeBlock.of(
                            "new $T($L, $L, $L, $L,\n$L,\n$L, kernels)",
                            PanelStep.class,
                            info,
                            rows,
                            slots.of(packed.storage()),
                            slots.offset(packed.storage()),
                            panels,
                            output(convolution, weights, pixels, out, residual, slots)));
            return;
        }
        readWeights(convolution);
        add(
                call,
                convolution,
                algorithm,
                accuracy,
                packing + products,
                (slots, info) -> CodeBlock.of(
                        "new $T($L,\n$L,\n$L,\n$L, $L, $L, kernels)",
                        ConvolutionStep.class,
                        info,
                        patches.apply(slots),
                        panels,
                        output(convolution, weights, pixels, out, residual, slots),
                        chosen.strips(),
                        chosen.cached()));
    }

    private void add(
            Call call,
            Kernel.Convolution convolution,
            String algorithm,
            String accuracy,
            double computation,
            PlannedStep.Constructor constructor) {
        plan.add(new PlannedStep(
                name(call, convolution),
                call.origins(),
                algorithm,
                accuracy,
                Cost.of(call).multiplyAccumulates(),
                bytes(call, convolution),
                computation,
                constructor));
    }

    private CodeBlock output(
            Kernel.Convolution convolution,
            PackedWeights weights,
            Pixels pixels,
            Layout out,
            Layout residual,
            Slots slots) {
        return CodeBlock.of(
                "new $T($L, $L, $L, $L, $L, $L, $L)",
                PixelOutput.class,
                pixels.height,
                pixels.width,
                weights.outChannels(),
                image(slots, out, pixels.out),
                image(slots, residual, pixels.residual),
                epilogue(convolution),
                bias(convolution));
    }

    /** The biases' array; zeros where there are none. */
    static CodeBlock bias(Kernel.Convolution convolution) {
        return convolution.bias().isPresent()
                ? CodeBlock.of("weights.next($L)", convolution.bias().get().values().length)
                : CodeBlock.of("new float[$L]", convolution.weights().dim(0));
    }

    private static CodeBlock image(Slots slots, Layout layout, Steps steps) {
        return layout.image(slots, steps.offset, steps.batch, steps.row, steps.pixel);
    }

    private Pixels pixels(Kernel.Convolution convolution, Layout in, Layout residual, Layout out) {
        Window window = convolution.window();
        Steps windows = new Steps(
                in.offset() - window.padTop() * in.rowStride() - window.padLeft() * in.pixelStride(),
                in.batchStride(),
                in.rowStride() * window.strideH(),
                in.pixelStride() * window.strideW());
        int batch = out.dim(0);
        int height = out.dim(2);
        int width = out.dim(3);
        if (height == 1 && width == 1) {
            return new Pixels(
                    1,
                    1,
                    batch,
                    windows.acrossImages(),
                    Steps.of(out).acrossImages(),
                    Steps.of(residual).acrossImages());
        }
        boolean pointwise = window.equals(Window.of(1, 1));
        if (pointwise && in.isPixelDense() && out.isPixelDense() && residual.isPixelDense()) {
            return new Pixels(
                    1,
                    1,
                    batch * height * width,
                    windows.flattened(),
                    Steps.of(out).flattened(),
                    Steps.of(residual).flattened());
        }
        return new Pixels(batch, height, width, windows, Steps.of(out), Steps.of(residual));
    }

    private void depthwise(Call call, Kernel.Convolution convolution, Layout in, Layout residual, Layout out) {
        Window window = convolution.window();
        int channels = out.dim(1);
        Steps windows = new Steps(
                in.offset() - window.padTop() * in.rowStride() - window.padLeft() * in.pixelStride(),
                in.batchStride(),
                in.rowStride() * window.strideH(),
                in.pixelStride() * window.strideW());
        readWeights(convolution);
        plan.add(new PlannedStep(
                name(call, convolution),
                call.origins(),
                "depthwise",
                Cost.of(call).multiplyAccumulates(),
                bytes(call, convolution),
                PlannedStep.of(
                        slots -> CodeBlock.of(
                                "\n" + """
                                    new $T($L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L),
                                    $T.pack(weights.next($L), weights.next($L), $L)\
                                    """,
                                DepthwiseStep.Geometry.class,
                                out.dim(0),
                                out.dim(2),
                                out.dim(3),
                                channels,
                                channels / in.dim(1),
                                window.kernelH(),
                                window.kernelW(),
                                image(slots, in, windows),
                                window.dilationH() * in.rowStride(),
                                window.dilationW() * in.pixelStride(),
                                out.image(slots),
                                residual.image(slots),
                                epilogue(convolution),
                                DepthwiseStep.class,
                                convolution.weights().values().length,
                                convolution.bias().map(b -> b.values().length).orElse(0),
                                channels),
                        DepthwiseStep.class)));
    }

    private static Clamp clamp(Kernel.Convolution convolution) {
        return switch (convolution.activation()) {
            case Activation.Identity identity -> Clamp.NONE;
            case Activation.Relu relu -> Clamp.RELU;
            case Activation.Clip clip -> new Clamp(clip.min(), clip.max(), 0);
            case Activation.LeakyRelu leaky -> leaky.alpha() == 0 ? Clamp.RELU : new Clamp(0, 0, leaky.alpha());
        };
    }

    private void readWeights(Kernel.Convolution convolution) {
        plan.read(StoredConstant.firstAxisLast(convolution.weights()));
        readBias(convolution);
    }

    private void readBias(Kernel.Convolution convolution) {
        convolution.bias().map(StoredConstant::rowMajor).ifPresent(plan::read);
    }

    static CodeBlock epilogue(Kernel.Convolution convolution) {
        return CodeBlock.of("new $T($L, $L)", Epilogue.class, convolution.residual(), Literals.of(clamp(convolution)));
    }

    static long bytes(Call call, Kernel.Convolution convolution) {
        return NetworkPlan.bytes(call) + (long) convolution.weights().values().length * Float.BYTES;
    }

    static String name(Call call, Kernel.Convolution convolution) {
        Window w = convolution.window();
        Buffer in = NetworkPlan.buffer(call, 0);
        StringBuilder name = new StringBuilder("Conv %dx%d".formatted(w.kernelH(), w.kernelW()));
        if (w.strideH() != 1 || w.strideW() != 1) {
            name.append(" stride %dx%d".formatted(w.strideH(), w.strideW()));
        }
        if (w.dilationH() != 1 || w.dilationW() != 1) {
            name.append(" dilation %dx%d".formatted(w.dilationH(), w.dilationW()));
        }
        if (convolution.groups() != 1) {
            name.append(" groups ").append(convolution.groups());
        }
        name.append(" %s -> %s".formatted(in.shape(), call.output().shape()));
        if (convolution.residual()) {
            name.append(" + residual");
        }
        if (!(convolution.activation() instanceof Activation.Identity)) {
            name.append(" + ").append(convolution.activation().getClass().getSimpleName());
        }
        return name.toString();
    }
}
