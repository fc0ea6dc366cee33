package dev.sardonyx.codegen.simd;

import com.palantir.javapoet.CodeBlock;
import dev.sardonyx.codegen.StoredConstant;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.program.Cost;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.codegen.simd.KernelChoice.Algorithm;
import dev.sardonyx.codegen.simd.KernelChoice.WinogradChoice;
import dev.sardonyx.runtime.kernels.Image;
import dev.sardonyx.runtime.kernels.PixelOutput;
import dev.sardonyx.runtime.kernels.Strips;
import dev.sardonyx.runtime.kernels.WinogradInput;
import dev.sardonyx.runtime.kernels.WinogradInputStep;
import dev.sardonyx.runtime.kernels.WinogradOutput;
import dev.sardonyx.runtime.kernels.WinogradOutputStep;
import dev.sardonyx.runtime.kernels.WinogradProductStep;
import dev.sardonyx.runtime.kernels.WinogradStep;
import dev.sardonyx.runtime.kernels.WinogradTiling;
import java.util.List;

/**
 * Plans a 3×3 convolution by Winograd's filtering: the input's tiles are transformed, one matrix product is computed for each of the
 * (m+2)² values of a tile, and the products are transformed back. One step does so for a block of tiles at a time, or three
 * steps do it for all.
 */
final class WinogradPlanner {

    private final NetworkPlan plan;
    private final KernelChoice choice;

    WinogradPlanner(NetworkPlan plan, KernelChoice choice) {
        this.plan = plan;
        this.choice = choice;
    }

    void plan(Call call, Kernel.Convolution convolution, Algorithm algorithm, Layout in, Layout residual, Layout out) {
        int m = algorithm.m();
        WinogradTiling tiling =
                new WinogradTiling(m, out.dim(0), Math.ceilDiv(out.dim(2), m), Math.ceilDiv(out.dim(3), m));
        int tiles = tiling.batch() * tiling.tilesH() * tiling.tilesW();
        WinogradChoice chosen = choice.winograd(tiling.values(), tiles, in.dim(1), out.dim(1));
        if (chosen.stagewise()) {
            new Stages(call, convolution, algorithm.accuracy(), tiling, tiles, in, residual, out).plan();
            return;
        }
        PackedWeights weights = weights(convolution, tiling);
        CodeBlock panels = weights.winograd(plan, tiles, false, tiling.m());
        plan.read(StoredConstant.firstAxisLast(convolution.weights()));
        convolution.bias().map(StoredConstant::rowMajor).ifPresent(plan::read);
        plan.add(new PlannedStep(
                ConvolutionPlanner.name(call, convolution),
                call.origins(),
                algorithm(tiling)
                        + ", tile %d x %d, %d strips at a time"
                                .formatted(choice.stripRows(), weights.panelWidth(), chosen.strips()),
                algorithm.accuracy(),
                Cost.of(call).multiplyAccumulates(),
                NetworkPlan.bytes(call) + weightBytes(tiling, in, out),
                tiling.values() * choice.products(tiles, in.dim(1), out.dim(1))
                        + transforms(tiling, tiles, in.dim(1) + out.dim(1)),
                (slots, info) -> CodeBlock.of(
                        "new $T($L,\n$L,\n$L,\n$L, $L, $L, kernels)",
                        WinogradStep.class,
                        info,
                        input(convolution, tiling, in, weights, slots),
                        panels,
                        output(convolution, tiling, residual, out, weights, slots),
                        chosen.strips(),
                        chosen.cached())));
    }

    private PackedWeights weights(Kernel.Convolution convolution, WinogradTiling tiling) {
        Constant weights = convolution.weights();
        return new PackedWeights(choice, tiling.values(), 1, weights.dim(0), weights.dim(1), 1, 1);
    }

    /** Bytes of the transformed weights. */
    private static long weightBytes(WinogradTiling tiling, Layout in, Layout out) {
        return (long) Float.BYTES * tiling.values() * in.dim(1) * out.dim(1);
    }

    private static double transforms(WinogradTiling tiling, int tiles, int channels) {
        return Roofline.transforms((double) tiling.values() * tiles * channels);
    }

    private static String algorithm(WinogradTiling tiling) {
        return "Winograd F(%1$dx%1$d,3x3)".formatted(tiling.m());
    }

    private static CodeBlock tilingCode(WinogradTiling t) {
        return CodeBlock.of("new $T($L, $L, $L, $L)", WinogradTiling.class, t.m(), t.batch(), t.tilesH(), t.tilesW());
    }

    private static CodeBlock input(
            Kernel.Convolution convolution, WinogradTiling tiling, Layout in, PackedWeights weights, Slots slots) {
        Window window = convolution.window();
        int first = in.offset() - window.padTop() * in.rowStride() - window.padLeft() * in.pixelStride();
        return CodeBlock.of(
                "new $T($L, $L, $L)",
                WinogradInput.class,
                tilingCode(tiling),
                in.image(slots, first, in.batchStride(), in.rowStride(), in.pixelStride()),
                weights.stripsCode());
    }

    private static CodeBlock output(
            Kernel.Convolution convolution,
            WinogradTiling tiling,
            Layout residual,
            Layout out,
            PackedWeights weights,
            Slots slots) {
        return CodeBlock.of(
                "new $T($L, $L, $L, $L,\nnew $T($L, $L, $L, $L, $L, $L, $L))",
                WinogradOutput.class,
                tilingCode(tiling),
                out.dim(2),
                out.dim(3),
                weights.layoutCode(),
                PixelOutput.class,
                out.dim(2),
                out.dim(3),
                out.dim(1),
                out.image(slots),
                residual.image(slots),
                ConvolutionPlanner.epilogue(convolution),
                ConvolutionPlanner.bias(convolution));
    }

    /** The three stages as steps of their own, over all tiles. */
    private final class Stages {
        private final Call call;
        private final Kernel.Convolution convolution;
        private final String accuracy;
        private final WinogradTiling tiling;
        private final int tiles;
        private final Layout in;
        private final Layout residual;
        private final Layout out;
        private final PackedWeights weights;
        private final int strips;
        private final String name;

        Stages(
                Call call,
                Kernel.Convolution convolution,
                String accuracy,
                WinogradTiling tiling,
                int tiles,
                Layout in,
                Layout residual,
                Layout out) {
            this.call = call;
            this.convolution = convolution;
            this.accuracy = accuracy;
            this.tiling = tiling;
            this.tiles = tiles;
            this.in = in;
            this.residual = residual;
            this.out = out;
            weights = weights(convolution, tiling);
            strips = Math.ceilDiv(tiles, choice.stripRows());
            name = ConvolutionPlanner.name(call, convolution);
        }

        void plan() {
            Layout matrices = plan.placePlain(List.of(tiling.values(), inPlane()));
            Layout products =
                    plan.placePlain(List.of(tiling.values(), weights.layout().plane(strips)));
            plan.use(matrices);
            add(
                    "Transform input of " + name,
                    algorithm(tiling) + ", %d tiles".formatted(tiles),
                    in.dim(1),
                    0,
                    transforms(tiling, tiles, in.dim(1)),
                    (slots, info) -> CodeBlock.of(
                            "new $T($L,\n$L, $L, $L, kernels)",
                            WinogradInputStep.class,
                            info,
                            input(convolution, tiling, in, weights, slots),
                            slots.of(matrices.storage()),
                            slots.offset(matrices.storage())));
            plan.use(matrices);
            plan.use(products);
            plan.read(StoredConstant.firstAxisLast(convolution.weights()));
            CodeBlock panels = weights.winograd(plan, tiles, true, tiling.m());
            long multiplied = Cost.of(call).multiplyAccumulates();
            add(
                    name,
                    algorithm(tiling) + ", tile %d x %d".formatted(choice.tileRows(tiles), weights.panelWidth()),
                    in.dim(1) + out.dim(1),
                    multiplied,
                    tiling.values() * choice.products(tiles, in.dim(1), out.dim(1)),
                    (slots, info) -> CodeBlock.of(
                            "new $T($L,\n$L, $L, $L,\n$L, $L, $L)",
                            WinogradProductStep.class,
                            info,
                            input(convolution, tiling, in, weights, slots),
                            slots.of(matrices.storage()),
                            slots.offset(matrices.storage()),
                            panels,
                            slots.of(products.storage()),
                            slots.offset(products.storage())));
            plan.use(products);
            plan.use(out);
            plan.use(residual);
            convolution.bias().map(StoredConstant::rowMajor).ifPresent(plan::read);
            add(
                    "Transform output of " + name,
                    algorithm(tiling) + ", %d tiles".formatted(tiles),
                    out.dim(1),
                    0,
                    transforms(tiling, tiles, out.dim(1)),
                    (slots, info) -> CodeBlock.of(
                            "new $T($L, $L, $L, $L, $L,\n$L, kernels)",
                            WinogradOutputStep.class,
                            info,
                            tilingCode(tiling),
                            slots.of(products.storage()),
                            slots.offset(products.storage()),
                            strips,
                            output(convolution, tiling, residual, out, weights, slots)));
        }

        private int inPlane() {
            Strips packed = new Strips(choice.stripRows(), in.dim(1));
            return new WinogradInput(tiling, new Image(0, 0, 0, 0, 0), packed).plane(strips);
        }

        private void add(
                String step,
                String algorithm,
                int channels,
                long multiplied,
                double computation,
                PlannedStep.Constructor constructor) {
            long weightBytes = multiplied == 0 ? 0 : weightBytes(tiling, in, out);
            plan.add(new PlannedStep(
                    step,
                    call.origins(),
                    algorithm,
                    multiplied == 0 ? "" : accuracy,
                    multiplied,
                    (long) Float.BYTES * tiling.values() * tiles * channels + weightBytes,
                    computation,
                    constructor));
        }
    }
}
