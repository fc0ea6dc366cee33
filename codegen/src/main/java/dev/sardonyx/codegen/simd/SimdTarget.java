package dev.sardonyx.codegen.simd;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.JavaFile;
import dev.sardonyx.codegen.Compilation;
import dev.sardonyx.codegen.GeneratedCode;
import dev.sardonyx.codegen.KernelReport;
import dev.sardonyx.codegen.Names;
import dev.sardonyx.codegen.PlanOptions;
import dev.sardonyx.codegen.Planning;
import dev.sardonyx.codegen.RuntimePart;
import dev.sardonyx.codegen.StoredConstant;
import dev.sardonyx.codegen.Target;
import dev.sardonyx.codegen.WeightBlob;
import dev.sardonyx.codegen.program.Program;
import dev.sardonyx.codegen.winograd.ErrorBudget;
import dev.sardonyx.runtime.kernels.SimdEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/** Java with the Vector API: one network class per vector width, of which a JVM loads the one that fits it. */
public final class SimdTarget implements Target {

    /** Vector widths in bits, the widest first: reports are of that one. */
    public static final List<Integer> WIDTHS = List.of(512, 256, 128);

    private final IntUnaryOperator cacheBytes;

    /** For caches of the usual sizes. */
    public SimdTarget() {
        cacheBytes = KernelChoice::usualCacheBytes;
    }

    /** For cores whose second-level caches have this many bytes for a kernel. */
    public SimdTarget(int cacheBytes) {
        this.cacheBytes = bits -> cacheBytes;
    }

    @Override
    public String name() {
        return "simd";
    }

    @Override
    public GeneratedCode generate(Compilation compilation) {
        List<JavaFile> sources = new ArrayList<>();
        List<NetworkPlan.Result> plans = new ArrayList<>();
        PlanOptions options = compilation.options();
        Program program = options.plans(Planning.LAYOUTS)
                ? compilation.program()
                : LayoutConversions.insert(compilation.program());
        ErrorBudget budget = ErrorBudget.of(program, ErrorBudget.Products.FLOAT32);
        for (int bits : WIDTHS) {
            NetworkPlan.Result plan = NetworkPlan.plan(
                    program,
                    new KernelChoice(bits, options.exact(), budget, cacheBytes.applyAsInt(bits)),
                    new Storages(options.plans(Planning.MEMORY)));
            plans.add(plan);
            sources.add(new NetworkWriter(compilation, bits, plan).write());
        }
        NetworkPlan.Result widest = plans.getFirst();
        WeightBlob weights = new WeightBlob(compilation.className() + Names.WEIGHTS_SUFFIX, weights(plans));
        return new GeneratedCode(
                sources,
                engine(compilation, weights.crc()),
                List.of(weights),
                reports(widest, Roofline.of(WIDTHS.getFirst())),
                widest.slots().memoryPlan(),
                List.of(),
                Set.of(RuntimePart.SIMD));
    }

    /** All widths read the same constants in the same order, so that one blob serves them. */
    private static List<StoredConstant> weights(List<NetworkPlan.Result> plans) {
        List<StoredConstant> weights = plans.getFirst().weights();
        if (!plans.stream().allMatch(plan -> plan.weights().equals(weights))) {
            throw new IllegalStateException("the vector widths read different weights");
        }
        return weights;
    }

    private static CodeBlock engine(Compilation compilation, long weightsCrc) {
        CodeBlock.Builder code = CodeBlock.builder()
                .add(
                        "$T.load($L.class, $S, $LL, options.warmUp(), INFO.multiplyAccumulates(), bits -> switch"
                                + " (bits) {$>\n",
                        SimdEngine.class,
                        compilation.className(),
                        compilation.className() + Names.WEIGHTS_SUFFIX,
                        weightsCrc);
        for (int bits : WIDTHS) {
            code.add(
                    "$L -> new $T();\n",
                    bits == WIDTHS.getLast() ? "default" : "case " + bits,
                    NetworkWriter.className(compilation, bits));
        }
        return code.add("$<})").build();
    }

    private static List<KernelReport> reports(NetworkPlan.Result plan, Roofline roofline) {
        return plan.steps().stream()
                .map(step -> new KernelReport(
                        step.name() + Names.origins(step.origins()),
                        step.algorithm(),
                        step.multiplyAccumulates(),
                        step.bytes(),
                        OptionalDouble.of(step.time(roofline)),
                        step.accuracy()))
                .toList();
    }
}
