package dev.sardonyx.compiler.bench;

import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.driver.SardonyxCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What the compiler does to a network for the SIMD target, switched on one after another. */
public final class FusionLadder {

    /**
     * A rung.
     *
     * @param name for people; begins with a plus where it adds to the rung before
     * @param options how the model is compiled
     */
    public record Rung(String name, CompileOptions options) {}

    /** What a rung adds to those before it, by the names that {@code --no-fuse} knows. */
    private record Addition(String name, Set<String> fusions) {}

    private static final List<Addition> ADDITIONS = List.of(
            // All that is computed, or seen to be needless, when compiling.
            new Addition(
                    "+ constants, batch norm",
                    Set.of(
                            "eliminate-dead-code",
                            "fold-constants",
                            "remove-identities",
                            "merge-copies",
                            "simplify-activations",
                            "recognise-global-pools",
                            "fuse-pad",
                            "fold-batch-norm",
                            "fuse-bias",
                            "fold-batch-norm-before",
                            "gemm-to-conv",
                            "merge-reshapes")),
            // The activation after a residual add shares its loop here, and goes into the convolution with it below.
            new Addition("+ activation", Set.of("fuse-activation", "fuse-pointwise")),
            new Addition("+ residual add", Set.of("fuse-residual")),
            new Addition("+ layouts, memory", Set.of("fuse-flatten", "fuse-copies", "plan-layouts", "plan-memory")));

    private FusionLadder() {}

    /**
     * The rungs for a model, from nothing fused to what {@code compile} does unless told otherwise.
     *
     * @param base what all have in common; fuses everything and is not {@linkplain CompileOptions#exact() exact}
     */
    public static List<Rung> rungs(CompileOptions base) {
        Set<String> off = new TreeSet<>(SardonyxCompiler.fusions());
        List<Rung> rungs = new ArrayList<>();
        rungs.add(new Rung("nothing fused", base.withoutFusions(off).withExact(true)));
        for (Addition addition : ADDITIONS) {
            off.removeAll(addition.fusions);
            rungs.add(new Rung(addition.name, base.withoutFusions(off).withExact(true)));
        }
        rungs.add(new Rung("+ Winograd", base));
        return rungs;
    }
}
