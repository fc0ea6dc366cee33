package dev.sardonyx.codegen.simd;

import com.palantir.javapoet.CodeBlock;
import dev.sardonyx.runtime.kernels.ConvolutionPacking;
import dev.sardonyx.runtime.kernels.MatrixTile;
import dev.sardonyx.runtime.kernels.PanelLayout;
import dev.sardonyx.runtime.kernels.Panels;
import dev.sardonyx.runtime.kernels.Strips;

/** The right matrix of a convolution's product, packed for a vector width, and the tiles that multiply with it. */
record PackedWeights(KernelChoice choice, ConvolutionPacking packing) {

    PackedWeights(
            KernelChoice choice, int groups, int merged, int outChannels, int inChannels, int kernelH, int kernelW) {
        this(
                choice,
                new ConvolutionPacking(
                        groups,
                        merged,
                        outChannels,
                        inChannels,
                        kernelH,
                        kernelW,
                        choice.lanes(),
                        Math.min(choice.panelVectors(), Math.ceilDiv(outChannels, choice.lanes()))));
    }

    int depth() {
        return packing.depth();
    }

    int panelWidth() {
        return packing.panelWidth();
    }

    int inChannels() {
        return packing.inChannels();
    }

    int outChannels() {
        return packing.outChannels();
    }

    private Strips strips() {
        return new Strips(choice.stripRows(), Strips.filled(depth()));
    }

    /** The constructor of the {@link Strips}. */
    CodeBlock stripsCode() {
        return CodeBlock.of("new $T($L, $L)", Strips.class, strips().rows(), strips().depth());
    }

    PanelLayout layout() {
        return new PanelLayout(strips(), packing);
    }

    /** The constructor of the {@link PanelLayout}. */
    CodeBlock layoutCode() {
        return CodeBlock.of(
                "new $T($L, new $T($L, $L, $L, $L, $L, $L, $L, $L))",
                PanelLayout.class,
                stripsCode(),
                ConvolutionPacking.class,
                packing.groups(),
                packing.merged(),
                packing.outChannels(),
                packing.inChannels(),
                packing.kernelH(),
                packing.kernelW(),
                packing.vector(),
                packing.vectors());
    }

    /**
     * Makes the {@link Panels} of a direct convolution of {@code rows} rows; notes the tiles and the memory that they need.
     *
     * @param panelwise whether one panel after the other comes from memory and is multiplied with all rows
     */
    CodeBlock direct(NetworkPlan plan, int rows, boolean panelwise) {
        plan.pack(packing.size());
        return CodeBlock.of(
                "$T.direct($L,\n$L, weights, kernels)", Panels.class, layoutCode(), bothNumbers(plan, rows, panelwise));
    }

    /** As {@link #direct}, for Winograd tiles of {@code m} × {@code m} outputs. */
    CodeBlock winograd(NetworkPlan plan, int rows, boolean panelwise, int m) {
        plan.pack(packing.size());
        return CodeBlock.of(
                "$T.winograd($L, $L,\n$L, weights, kernels)",
                Panels.class,
                m,
                layoutCode(),
                bothNumbers(plan, rows, panelwise));
    }

    /** The tiles that begin sums and those that add to them, which are the same where none adds. */
    private CodeBlock bothNumbers(NetworkPlan plan, int rows, boolean panelwise) {
        CodeBlock first = numbers(plan, rows, panelwise && choice.readsAhead(rows), false);
        return CodeBlock.of("$L,\n$L", first, depth() > Strips.BLOCK ? numbers(plan, rows, false, true) : first);
    }

    private CodeBlock numbers(NetworkPlan plan, int rows, boolean readsAhead, boolean adds) {
        int largest = choice.tileRows().getFirst();
        int last = rows % largest == 0 ? largest : rows % largest;
        int low = choice.tileRows(last);
        int high = rows < largest ? low : largest;
        int narrow = packing.panelChannels(packing.panels() - 1);
        return CodeBlock.of(
                "new $T($L, $L, $L, $L, $L, $L, $L)",
                Panels.Numbers.class,
                high,
                low,
                tile(plan, high, panelWidth(), adds),
                tile(plan, low, panelWidth(), adds),
                tile(plan, high, narrow, adds),
                tile(plan, low, narrow, adds),
                plan.tile(new MatrixTile(high, panelWidth(), panelWidth(), adds, readsAhead)));
    }

    private int tile(NetworkPlan plan, int rows, int channels, boolean adds) {
        return plan.tile(new MatrixTile(rows, channels, panelWidth(), adds, false));
    }
}
