package dev.sardonyx.codegen.both;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.JavaFile;
import dev.sardonyx.codegen.Compilation;
import dev.sardonyx.codegen.GeneratedCode;
import dev.sardonyx.codegen.Names;
import dev.sardonyx.codegen.RuntimePart;
import dev.sardonyx.codegen.Target;
import dev.sardonyx.codegen.WeightBlob;
import dev.sardonyx.codegen.opencl.OpenClTarget;
import dev.sardonyx.codegen.simd.SimdTarget;
import dev.sardonyx.runtime.FirstEngine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One jar with the code of the SIMD and of the OpenCL target, for machines with and without a device. */
public final class BothTargets implements Target {

    private static final String OWN_WEIGHTS_SUFFIX = ".opencl" + Names.WEIGHTS_SUFFIX;

    @Override
    public String name() {
        return "simd,opencl";
    }

    @Override
    public GeneratedCode generate(Compilation compilation) {
        GeneratedCode simd = new SimdTarget().generate(compilation);
        GeneratedCode sharing = new OpenClTarget().generate(compilation);
        boolean shares =
                sharing.weights().getFirst().hasSameContent(simd.weights().getFirst());
        GeneratedCode openCl = shares ? sharing : new OpenClTarget(OWN_WEIGHTS_SUFFIX).generate(compilation);
        List<JavaFile> sources = new ArrayList<>(simd.sources());
        sources.addAll(openCl.sources());
        List<WeightBlob> weights = new ArrayList<>(simd.weights());
        if (!shares) {
            weights.addAll(openCl.weights());
        }
        Set<RuntimePart> parts = new HashSet<>(simd.parts());
        parts.addAll(openCl.parts());
        CodeBlock engine =
                CodeBlock.of("$T.of(options,\n() -> $L,\n() -> $L)", FirstEngine.class, openCl.engine(), simd.engine());
        return new GeneratedCode(sources, engine, weights, simd.kernels(), simd.memory(), openCl.resources(), parts);
    }
}
