package dev.sardonyx.codegen.simd;

import com.palantir.javapoet.CodeBlock;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Cost;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.codegen.simd.KernelChoice.ConvolutionChoice;
import dev.sardonyx.runtime.kernels.ConvolutionPacking;
import dev.sardonyx.runtime.kernels.ConvolutionStep;
import dev.sardonyx.runtime.kernels.TileShape;
import dev.sardonyx.runtime.kernels.WinogradInputStep;
import dev.sardonyx.runtime.kernels.WinogradMatrices;
import dev.sardonyx.runtime.kernels.WinogradOutputStep;
import dev.sardonyx.runtime.kernels.WinogradTiling;
import java.util.List;

/**
 * Plans a 3×3 convolution as three steps: the input's tiles are transformed, one matrix product for each of the (m+2)² values of a
 * tile runs as a grouped 1×1 convolution on the tiles of all others, and the products are transformed back.
 */
final class WinogradPlanner {

    private final NetworkPlan plan;
    private final KernelChoice choice;

    WinogradPlanner(NetworkPlan plan, KernelChoice choice) {
        this.plan = plan;
        this.choice = choice;
    }

    void plan(Call call, Kernel.Convolution convolution, int m, Layout in, Layout residual, Layout out) {
        int values = (m + 2) * (m + 2);
        int tilesH = Math.ceilDiv(out.dim(2), m);
        int tilesW = Math.ceilDiv(out.dim(3), m);
        int tiles = out.dim(0) * tilesH * tilesW;
        Tiles input = tiles(values, tiles, in.dim(1));
        Tiles product = tiles(values, tiles, out.dim(1));
        String name = ConvolutionPlanner.name(call, convolution);
        Window window = convolution.window();
        int first = in.offset() - window.padTop() * in.rowStride() - window.padLeft() * in.pixelStride();

        plan.use(input.layout);
        plan.add(new PlannedStep(
                "Transform input of " + name,
                call.origins(),
                "Winograd F(%dx%d,3x3), %d tiles".formatted(m, m, tiles),
                0,
                4L * tiles * values * in.dim(1),
                (slots, info) -> CodeBlock.of(
                        "new $T($L, $L,\n$L, $L, kernels.winograd())",
                        WinogradInputStep.class,
                        info,
                        tiling(m, out, tilesH, tilesW, in.dim(1), input),
                        in.image(slots, first, in.batchStride(), in.rowStride(), in.pixelStride()),
                        slots.of(input.layout.storage()))));

        plan.use(input.layout);
        plan.use(product.layout);
        multiply(call, convolution, m, tiles, input, product);

        plan.use(product.layout);
        plan.use(out);
        plan.use(residual);
        convolution.bias().ifPresent(plan::read);
        plan.add(new PlannedStep(
                "Transform output of " + name,
                call.origins(),
                "Winograd F(%dx%d,3x3)".formatted(m, m),
                0,
                4L * tiles * values * out.dim(1),
                (slots, info) -> CodeBlock.of(
                        "new $T($L, $L, $L,\nnew $T($L, $L, $L, $L, $L, $L),\nweights.next($L), kernels.winograd())",
                        WinogradOutputStep.class,
                        info,
                        tiling(m, out, tilesH, tilesW, out.dim(1), product),
                        slots.of(product.layout.storage()),
                        WinogradOutputStep.Result.class,
                        out.dim(2),
                        out.dim(3),
                        out.image(slots),
                        residual.image(slots),
                        ConvolutionPlanner.epilogue(convolution),
                        Literals.of(ConvolutionPlanner.clamp(convolution)),
                        convolution.bias().map(b -> b.values().length).orElse(0))));
    }

    /** Transformed tiles in memory. */
    private record Tiles(Layout layout, int stride, int plane) {}

    private Tiles tiles(int values, int tiles, int channels) {
        int stride = choice.pixelStride(channels, tiles, true);
        // The values of one tile are written together: an odd number of cache lines apart, they fall into different
        // sets.
        int plane = Math.addExact(Math.multiplyExact(tiles, stride), choice.lanes());
        return new Tiles(plan.placePlain(List.of(values, plane)), stride, plane);
    }

    private static CodeBlock tiling(int m, Layout out, int tilesH, int tilesW, int channels, Tiles tiles) {
        return CodeBlock.of(
                "new $T($L, $L, $L, $L, $L, $L, $L)",
                WinogradTiling.class,
                m,
                out.dim(0),
                tilesH,
                tilesW,
                channels,
                tiles.stride,
                tiles.plane);
    }

    private void multiply(Call call, Kernel.Convolution convolution, int m, int tiles, Tiles input, Tiles product) {
        int values = (m + 2) * (m + 2);
        int inChannels = convolution.weights().dim(1);
        int outChannels = convolution.weights().dim(0);
        int width = choice.flattenedWidth(tiles, (long) input.stride * Float.BYTES);
        int rows = Math.ceilDiv(tiles, width);
        int groupVectors = outChannels / choice.lanes();
        ConvolutionChoice chosen = choice.convolution(
                values,
                rows,
                width,
                groupVectors,
                (long) inChannels * choice.lanes() * Float.BYTES,
                (long) width * inChannels * Float.BYTES);
        ConvolutionPacking packing = new ConvolutionPacking(
                values, 1, outChannels, inChannels, 1, 1, input.stride, choice.lanes(), chosen.vectors());
        int tile = plan.tile(tileShape(packing, chosen, 0, input));
        int narrow = plan.tile(tileShape(packing, chosen, packing.panels() - 1, input));
        int tiled = Math.ceilDiv(width, chosen.pixels()) * chosen.pixels();
        plan.storages()
                .require(
                        input.layout.storage(),
                        (values - 1) * input.plane + ((rows - 1) * width + tiled) * input.stride);
        plan.read(convolution.weights());
        plan.add(new PlannedStep(
                ConvolutionPlanner.name(call, convolution),
                call.origins(),
                "Winograd F(%dx%d,3x3), %d products, tile %d x %d"
                        .formatted(m, m, values, chosen.pixels(), packing.panelChannels(0)),
                Cost.of(call).multiplyAccumulates(),
                4L * values * ((long) tiles * (inChannels + outChannels) + (long) inChannels * outChannels),
                (slots, info) -> CodeBlock.of(
                        """
                        new $T($L,
                        new $T(1, $L, $L, $L, $L, 0, 0, $L, $L, $L, $L, 0),
                        new $T($L, $L, $L, $L, $L),
                        new $T($L, 1, $L, $L, 1, 1, $L, $L, $L),
                        $T.transformWeights($L, weights.next($L)), weights.next(0), kernels.tiles())\
                        """,
                        ConvolutionStep.class,
                        info,
                        ConvolutionStep.Geometry.class,
                        rows,
                        width,
                        tiles - (rows - 1) * width,
                        input.layout.image(slots, 0, 0, width * input.stride, input.stride),
                        input.plane,
                        product.plane,
                        product.layout.image(slots, 0, 0, width * product.stride, product.stride),
                        product.layout.image(slots, 0, 0, width * product.stride, product.stride),
                        ConvolutionStep.Blocking.class,
                        tile,
                        narrow,
                        chosen.pixels(),
                        chosen.rowBlock(),
                        chosen.panelBlock(),
                        ConvolutionPacking.class,
                        values,
                        outChannels,
                        inChannels,
                        input.stride,
                        choice.lanes(),
                        chosen.vectors(),
                        WinogradMatrices.class,
                        m,
                        convolution.weights().values().length)));
    }

    private static TileShape tileShape(ConvolutionPacking packing, ConvolutionChoice chosen, int panel, Tiles input) {
        return new TileShape(chosen.pixels(), packing.panelChannels(panel), 1, 1, input.stride, TileShape.Clamp.RELU);
    }
}
