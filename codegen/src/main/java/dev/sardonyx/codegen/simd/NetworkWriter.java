package dev.sardonyx.codegen.simd;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import dev.sardonyx.codegen.Compilation;
import dev.sardonyx.codegen.Names;
import dev.sardonyx.runtime.kernels.Arena;
import dev.sardonyx.runtime.kernels.ImageByImage;
import dev.sardonyx.runtime.kernels.Kernels;
import dev.sardonyx.runtime.kernels.MatrixTile;
import dev.sardonyx.runtime.kernels.Network;
import dev.sardonyx.runtime.kernels.PlainMatrixTiles;
import dev.sardonyx.runtime.kernels.Step;
import dev.sardonyx.runtime.kernels.StepInfo;
import dev.sardonyx.runtime.kernels.WeightReader;
import java.util.List;
import javax.lang.model.element.Modifier;

/** Writes the class that builds a network's steps for one vector width. */
final class NetworkWriter {

    /** Steps in one nested class: few enough for the constant pool, and for methods below 8000 bytecodes. */
    private static final int STEPS_PER_PART = 250;

    private final Compilation compilation;
    private final int bits;
    private final NetworkPlan.Result plan;

    NetworkWriter(Compilation compilation, int bits, NetworkPlan.Result plan) {
        this.compilation = compilation;
        this.bits = bits;
        this.plan = plan;
    }

    static ClassName className(Compilation compilation, int bits) {
        return ClassName.get(compilation.packageName(), compilation.className() + "Simd" + bits);
    }

    JavaFile write() {
        TypeSpec.Builder type = TypeSpec.classBuilder(className(compilation, bits))
                .addModifiers(Modifier.FINAL)
                .addSuperinterface(Network.class)
                .addJavadoc(
                        "The network on $L-bit vectors: $L steps, $L matrix tiles.\n",
                        bits,
                        plan.steps().size(),
                        plan.tiles().size())
                .addMethod(slotSizes())
                .addMethod(tiles())
                .addMethod(kernels())
                .addMethod(steps());
        for (int part = 0; part * STEPS_PER_PART < plan.steps().size(); part++) {
            type.addType(part(part));
        }
        PointwiseWriter expressions = new PointwiseWriter(plan.expressions());
        type.addType(expressions.vector(bits)).addType(expressions.plain());
        type.addType(new TileWriter(bits).write(plan.tiles()));
        return JavaFile.builder(compilation.packageName(), type.build())
                .addFileComment(Names.header(compilation))
                .skipJavaLangImports(true)
                .indent("    ")
                .build();
    }

    private MethodSpec slotSizes() {
        return MethodSpec.methodBuilder("slotSizes")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .returns(int[].class)
                .addStatement("return $L", Literals.of(plan.slots().slotSizes()))
                .build();
    }

    private MethodSpec tiles() {
        List<CodeBlock> shapes = plan.tiles().stream().map(Literals::of).toList();
        return MethodSpec.methodBuilder("tiles")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .returns(MatrixTile[].class)
                .addStatement("return new $T[] {\n$L}", MatrixTile.class, CodeBlock.join(shapes, ",\n"))
                .build();
    }

    private MethodSpec kernels() {
        return MethodSpec.methodBuilder("kernels")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .returns(Kernels.class)
                .addParameter(Network.TileChoice.class, "choice")
                .addStatement(
                        """
                        $4T arena = new $4T($5L);
                        return choice == $2T.VECTOR
                        ? $1T.vector(arena, new Tiles(), new VectorExpressions())
                        : $1T.plain(arena, new $3T(tiles()), new PlainExpressions())\
                        """,
                        Kernels.class,
                        Network.TileChoice.class,
                        PlainMatrixTiles.class,
                        Arena.class,
                        plan.packedFloats())
                .build();
    }

    private MethodSpec steps() {
        MethodSpec.Builder method = parameters(MethodSpec.methodBuilder("steps")
                        .addAnnotation(Override.class)
                        .addModifiers(Modifier.PUBLIC)
                        .returns(Step[].class))
                .addStatement(
                        "$1T[] steps = new $1T[$2L]", Step.class, plan.steps().size());
        for (int part = 0; part * STEPS_PER_PART < plan.steps().size(); part++) {
            method.addStatement("Part$L.add(steps, weights, kernels)", part);
        }
        CodeBlock all = plan.perImage()
                .map(run -> CodeBlock.of(
                        "$T.order(steps, $L, $L, $L)", ImageByImage.class, run.first(), run.end(), run.images()))
                .orElse(CodeBlock.of("steps"));
        return method.addStatement("return $L", all).build();
    }

    private TypeSpec part(int part) {
        int first = part * STEPS_PER_PART;
        int end = Math.min(first + STEPS_PER_PART, plan.steps().size());
        MethodSpec.Builder add = parameters(
                MethodSpec.methodBuilder("add").addModifiers(Modifier.STATIC).addParameter(Step[].class, "steps"));
        TypeSpec.Builder type = TypeSpec.classBuilder("Part" + part)
                .addJavadoc("Steps $L to $L.\n", first, end - 1)
                .addModifiers(Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL);
        for (int i = first; i < end; i++) {
            add.addStatement("steps[$L] = step$L(weights, kernels)", i, i);
        }
        type.addMethod(add.build());
        for (int i = first; i < end; i++) {
            type.addMethod(step(i));
        }
        return type.build();
    }

    private static MethodSpec.Builder parameters(MethodSpec.Builder method) {
        return method.addParameter(WeightReader.class, "weights").addParameter(Kernels.class, "kernels");
    }

    private MethodSpec step(int index) {
        PlannedStep step = plan.steps().get(index);
        CodeBlock info = CodeBlock.of(
                "new $T($S, $S, $LL, $LL)",
                StepInfo.class,
                step.name() + Names.origins(step.origins()),
                step.algorithm(),
                step.multiplyAccumulates(),
                step.bytes());
        return parameters(MethodSpec.methodBuilder("step" + index).addModifiers(Modifier.PRIVATE, Modifier.STATIC))
                .addJavadoc("$L.\n", Names.comment(step.name() + Names.origins(step.origins())))
                .returns(Step.class)
                .addStatement("return $L", step.constructor().write(plan.slots(), info))
                .build();
    }
}
