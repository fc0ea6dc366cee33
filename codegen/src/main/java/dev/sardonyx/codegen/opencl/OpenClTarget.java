package dev.sardonyx.codegen.opencl;

import com.palantir.javapoet.CodeBlock;
import dev.sardonyx.codegen.Compilation;
import dev.sardonyx.codegen.GeneratedCode;
import dev.sardonyx.codegen.KernelReport;
import dev.sardonyx.codegen.Names;
import dev.sardonyx.codegen.Resource;
import dev.sardonyx.codegen.RuntimePart;
import dev.sardonyx.codegen.Target;
import dev.sardonyx.codegen.WeightBlob;
import dev.sardonyx.runtime.opencl.OpenClEngine;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/** OpenCL C 1.2 for any device, run by JOCL. */
public final class OpenClTarget implements Target {

    private final String weightsSuffix;

    public OpenClTarget() {
        this(Names.WEIGHTS_SUFFIX);
    }

    /** @param weightsSuffix ends the name of the resource that holds the weights */
    public OpenClTarget(String weightsSuffix) {
        this.weightsSuffix = weightsSuffix;
    }

    @Override
    public String name() {
        return "opencl";
    }

    @Override
    public GeneratedCode generate(Compilation compilation) {
        NetworkPlan.Result plan = NetworkPlan.plan(compilation.program(), compilation.options());
        String source = compilation.className() + ".cl";
        String text = "// " + Names.header(compilation).replace("\n", "\n// ") + "\n\n" + plan.source();
        WeightBlob weights = new WeightBlob(compilation.className() + weightsSuffix, plan.weights());
        CodeBlock engine = CodeBlock.of(
                "$T.load($L.class, $S, $LL, $S, new $T(), options)",
                OpenClEngine.class,
                compilation.className(),
                weights.name(),
                weights.crc(),
                source,
                NetworkWriter.className(compilation));
        return new GeneratedCode(
                List.of(new NetworkWriter(compilation, plan).write()),
                engine,
                List.of(weights),
                plan.steps().stream().map(OpenClTarget::report).toList(),
                plan.slots().memory(),
                List.of(new Resource(source, text.getBytes(StandardCharsets.UTF_8))),
                Set.of(RuntimePart.OPENCL));
    }

    private static KernelReport report(PlannedStep step) {
        return new KernelReport(
                step.name() + Names.origins(step.origins()),
                step.algorithm(),
                step.multiplyAccumulates(),
                step.bytes(),
                OptionalDouble.empty(),
                step.accuracy());
    }
}
