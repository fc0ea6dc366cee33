package dev.sardonyx.codegen.simd;

import com.palantir.javapoet.CodeBlock;
import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Cost;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.codegen.simd.KernelChoice.ConvolutionChoice;
import dev.sardonyx.runtime.kernels.ConvolutionPacking;
import dev.sardonyx.runtime.kernels.ConvolutionStep;
import dev.sardonyx.runtime.kernels.ConvolutionTiles;
import dev.sardonyx.runtime.kernels.DepthwiseStep;
import dev.sardonyx.runtime.kernels.TileShape;
import dev.sardonyx.runtime.kernels.TileShape.Clamp;

/** Plans convolutions: which pixels make a row, which tile computes them, how the weights are packed. */
final class ConvolutionPlanner {

    /** The activation of tiles that do not activate: that of most others, so that they share one tile. */
    private static final Clamp DEFAULT = Clamp.RELU;

    private final NetworkPlan plan;
    private final KernelChoice choice;

    ConvolutionPlanner(NetworkPlan plan, KernelChoice choice) {
        this.plan = plan;
        this.choice = choice;
    }

    /** The loops over pixels: rows of pixels at one distance, for the input (its windows), the output and the residual. */
    private record Pixels(int batch, int rows, int width, int lastWidth, Steps in, Steps out, Steps residual) {}

    /** Where the first pixel lies, and how far it is to the next image, row and pixel. */
    private record Steps(int offset, int batch, int row, int pixel) {
        static Steps of(Layout image) {
            return new Steps(image.offset(), image.batchStride(), image.rowStride(), image.pixelStride());
        }

        /** All pixels in rows of another width. */
        Steps flattened(int width) {
            return new Steps(offset, 0, width * pixel, pixel);
        }

        /** One pixel an image: the images make the row. */
        Steps acrossImages() {
            return new Steps(offset, 0, 0, batch);
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
        int m = choice.winogradTile(convolution, NetworkPlan.buffer(call, 0), call.output());
        if (m != 0) {
            new WinogradPlanner(plan, choice).plan(call, convolution, m, in, residual, out);
        } else {
            direct(call, convolution, in, residual, out);
        }
    }

    private void direct(Call call, Kernel.Convolution convolution, Layout in, Layout residual, Layout out) {
        Window window = convolution.window();
        Pixels pixels = pixels(convolution, in, residual, out);
        int merged = choice.mergedGroups(convolution.groups(), out.dim(1) / convolution.groups());
        int groups = convolution.groups() / merged;
        int inChannels = in.dim(1) / groups;
        int outChannels = out.dim(1) / groups;
        boolean gathers = choice.gathers(window.kernelW(), window.dilationW(), inChannels, in.pixelStride());
        int gather = gathers ? in.pixelStride() : 0;
        int groupVectors = Math.ceilDiv(outChannels, choice.lanes());
        long taps = (long) window.kernelH() * window.kernelW();
        ConvolutionChoice chosen = choice.convolution(
                groups,
                pixels.batch * pixels.rows,
                pixels.width,
                groupVectors,
                taps * inChannels * choice.lanes() * Float.BYTES,
                (long) pixels.width * window.strideW() * window.strideH() * inChannels * Float.BYTES);
        ConvolutionPacking packing = new ConvolutionPacking(
                groups,
                merged,
                outChannels,
                inChannels,
                window.kernelH(),
                window.kernelW(),
                gather,
                choice.lanes(),
                chosen.vectors());
        int tile = plan.tile(shape(convolution, packing, chosen, packing.panelChannels(0), pixels.in.pixel));
        int narrow = plan.tile(
                shape(convolution, packing, chosen, packing.panelChannels(packing.panels() - 1), pixels.in.pixel));
        requireMemory(pixels, chosen, packing, window, in, residual, out);
        int epilogue = epilogue(convolution);
        readWeights(convolution);
        String algorithm = "direct, tile %d x %d, rows in blocks of %d, panels of %d"
                .formatted(chosen.pixels(), packing.panelChannels(0), chosen.rowBlock(), chosen.panelBlock());
        plan.add(new PlannedStep(
                name(call, convolution),
                call.origins(),
                algorithm,
                Cost.of(call).multiplyAccumulates(),
                bytes(call, convolution),
                (slots, info) -> CodeBlock.of(
                        """
                        new $T($L,
                        new $T($L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L),
                        new $T($L, $L, $L, $L, $L),
                        $L, kernels.tiles())\
                        """,
                        ConvolutionStep.class,
                        info,
                        ConvolutionStep.Geometry.class,
                        pixels.batch,
                        pixels.rows,
                        pixels.width,
                        pixels.lastWidth,
                        image(slots, in, pixels.in),
                        window.dilationH() * in.rowStride(),
                        window.dilationW() * in.pixelStride(),
                        inChannels,
                        outChannels,
                        image(slots, out, pixels.out),
                        image(slots, residual, pixels.residual),
                        epilogue,
                        ConvolutionStep.Blocking.class,
                        tile,
                        narrow,
                        chosen.pixels(),
                        chosen.rowBlock(),
                        chosen.panelBlock(),
                        packed(convolution, packing))));
    }

    private static CodeBlock image(Slots slots, Layout layout, Steps steps) {
        return layout.image(slots, steps.offset, steps.batch, steps.row, steps.pixel);
    }

    private static CodeBlock packed(Kernel.Convolution convolution, ConvolutionPacking p) {
        return CodeBlock.of(
                "new $T($L, $L, $L, $L, $L, $L, $L, $L, $L), weights.next($L), weights.next($L)",
                ConvolutionPacking.class,
                p.groups(),
                p.merged(),
                p.outChannels(),
                p.inChannels(),
                p.kernelH(),
                p.kernelW(),
                p.gather(),
                p.vector(),
                p.vectors(),
                convolution.weights().values().length,
                convolution.bias().map(b -> b.values().length).orElse(0));
    }

    private Pixels pixels(Kernel.Convolution convolution, Layout in, Layout residual, Layout out) {
        Window window = convolution.window();
        Steps windows = new Steps(
                in.offset() - window.padTop() * in.rowStride() - window.padLeft() * in.pixelStride(),
                in.batchStride(),
                in.rowStride() * window.strideH(),
                in.pixelStride() * window.strideW());
        int batch = out.dim(0);
        int rows = out.dim(2);
        int width = out.dim(3);
        if (rows == 1 && width == 1) {
            return new Pixels(
                    1,
                    1,
                    batch,
                    batch,
                    windows.acrossImages(),
                    Steps.of(out).acrossImages(),
                    Steps.of(residual).acrossImages());
        }
        boolean pointwise = window.equals(Window.of(1, 1));
        if (pointwise && in.isPixelDense() && out.isPixelDense() && residual.isPixelDense()) {
            int pixels = batch * rows * width;
            int flatWidth = choice.flattenedWidth(pixels, (long) in.pixelStride() * Float.BYTES);
            int flatRows = Math.ceilDiv(pixels, flatWidth);
            return new Pixels(
                    1,
                    flatRows,
                    flatWidth,
                    pixels - (flatRows - 1) * flatWidth,
                    windows.flattened(flatWidth),
                    Steps.of(out).flattened(flatWidth),
                    Steps.of(residual).flattened(flatWidth));
        }
        return new Pixels(batch, rows, width, width, windows, Steps.of(out), Steps.of(residual));
    }

    private TileShape shape(
            Kernel.Convolution convolution,
            ConvolutionPacking packing,
            ConvolutionChoice chosen,
            int panelChannels,
            int pitch) {
        int columns = packing.gather() == 0 ? packing.kernelW() : 1;
        return new TileShape(chosen.pixels(), panelChannels, packing.kernelH(), columns, pitch, clamp(convolution));
    }

    /** Tiles read whole tiles of pixels and whole panels of residuals, also where they store fewer. */
    private void requireMemory(
            Pixels pixels,
            ConvolutionChoice chosen,
            ConvolutionPacking packing,
            Window window,
            Layout in,
            Layout residual,
            Layout out) {
        int tiled = Math.ceilDiv(pixels.width, chosen.pixels()) * chosen.pixels();
        int taps = (window.kernelH() - 1) * window.dilationH() * in.rowStride()
                + (packing.gather() == 0 ? (window.kernelW() - 1) * window.dilationW() * in.pixelStride() : 0);
        plan.storages().require(in.storage(), end(pixels, pixels.in, tiled) + taps + in.dim(1) + packing.depth());
        int channels = packing.groups() * packing.outChannels() + choice.lanes();
        plan.storages().require(out.storage(), end(pixels, pixels.out, pixels.width) + channels);
        plan.storages().require(residual.storage(), end(pixels, pixels.residual, pixels.width) + channels);
    }

    private static int end(Pixels pixels, Steps steps, int width) {
        return steps.offset
                + (pixels.batch - 1) * steps.batch
                + (pixels.rows - 1) * steps.row
                + (width - 1) * steps.pixel;
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
                                    new $T($L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L),
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
                                Literals.of(clamp(convolution)),
                                DepthwiseStep.class,
                                convolution.weights().values().length,
                                convolution.bias().map(b -> b.values().length).orElse(0),
                                channels),
                        DepthwiseStep.class)));
    }

    static Clamp clamp(Kernel.Convolution convolution) {
        return switch (convolution.activation()) {
            case Activation.Identity identity -> DEFAULT;
            case Activation.Relu relu -> Clamp.RELU;
            case Activation.Clip clip -> new Clamp(clip.min(), clip.max(), 0);
            case Activation.LeakyRelu leaky -> leaky.alpha() == 0 ? Clamp.RELU : new Clamp(0, 0, leaky.alpha());
        };
    }

    private void readWeights(Kernel.Convolution convolution) {
        plan.read(convolution.weights());
        convolution.bias().ifPresent(plan::read);
    }

    static int epilogue(Kernel.Convolution convolution) {
        boolean activates = !(convolution.activation() instanceof Activation.Identity);
        return (convolution.residual() ? ConvolutionTiles.RESIDUAL : 0) + (activates ? ConvolutionTiles.ACTIVATE : 0);
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
