package dev.sardonyx.codegen.opencl;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeSpec;
import dev.sardonyx.codegen.Compilation;
import dev.sardonyx.codegen.Names;
import dev.sardonyx.runtime.kernels.StepInfo;
import dev.sardonyx.runtime.kernels.WeightReader;
import dev.sardonyx.runtime.opencl.Network;
import dev.sardonyx.runtime.opencl.Precision;
import dev.sardonyx.runtime.opencl.Step;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;

/** Writes the class that lists a network's steps. */
final class NetworkWriter {

    /** Steps in one nested class: few enough for its constant pool. */
    private static final int STEPS_PER_PART = 250;

    private final Compilation compilation;
    private final NetworkPlan.Result plan;

    NetworkWriter(Compilation compilation, NetworkPlan.Result plan) {
        this.compilation = compilation;
        this.plan = plan;
    }

    static ClassName className(Compilation compilation) {
        return ClassName.get(compilation.packageName(), compilation.className() + "OpenCl");
    }

    JavaFile write() {
        TypeSpec.Builder type = TypeSpec.classBuilder(className(compilation))
                .addModifiers(Modifier.FINAL)
                .addSuperinterface(Network.class)
                .addJavadoc(
                        "The network on OpenCL devices: $L steps.\n",
                        plan.steps().size())
                .addMethod(number("inputs", compilation.program().inputs().size()))
                .addMethod(number("outputs", compilation.program().outputs().size()))
                .addMethod(number("batch", batch()))
                .addMethod(implementing("precision")
                        .returns(Precision.class)
                        .addStatement(
                                "return $T.$L",
                                Precision.class,
                                compilation.options().precision().name())
                        .build())
                .addMethod(implementing("slotSizes")
                        .returns(int[].class)
                        .addStatement(
                                "return new int[] {$L}",
                                plan.slots().sizes().stream()
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(", ")))
                        .build())
                .addMethod(forEachStep());
        for (int part = 0; part * STEPS_PER_PART < plan.steps().size(); part++) {
            type.addType(part(part));
        }
        return JavaFile.builder(compilation.packageName(), type.build())
                .addFileComment("$L", Names.header(compilation))
                .skipJavaLangImports(true)
                .indent("    ")
                .build();
    }

    private int batch() {
        return compilation.program().inputs().stream()
                .map(port -> port.buffer())
                .filter(buffer -> buffer.rank() > 1)
                .mapToInt(buffer -> buffer.dim(0))
                .max()
                .orElse(1);
    }

    private static MethodSpec number(String name, int value) {
        return implementing(name)
                .returns(int.class)
                .addStatement("return $L", value)
                .build();
    }

    private static MethodSpec.Builder implementing(String name) {
        return MethodSpec.methodBuilder(name).addAnnotation(Override.class).addModifiers(Modifier.PUBLIC);
    }

    private MethodSpec forEachStep() {
        MethodSpec.Builder method = parameters(implementing("forEachStep"));
        for (int part = 0; part * STEPS_PER_PART < plan.steps().size(); part++) {
            method.addStatement("Part$L.forEachStep(weights, consumer)", part);
        }
        return method.build();
    }

    private static MethodSpec.Builder parameters(MethodSpec.Builder method) {
        return method.addParameter(WeightReader.class, "weights")
                .addParameter(ParameterizedTypeName.get(Consumer.class, Step.class), "consumer");
    }

    private TypeSpec part(int part) {
        int first = part * STEPS_PER_PART;
        int end = Math.min(first + STEPS_PER_PART, plan.steps().size());
        TypeSpec.Builder type = TypeSpec.classBuilder("Part" + part)
                .addJavadoc("Steps $L to $L.\n", first, end - 1)
                .addModifiers(Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL);
        MethodSpec.Builder all =
                parameters(MethodSpec.methodBuilder("forEachStep").addModifiers(Modifier.STATIC));
        for (int i = first; i < end; i++) {
            all.addStatement("consumer.accept(step$L(weights))", i);
        }
        type.addMethod(all.build());
        for (int i = first; i < end; i++) {
            type.addMethod(step(i));
        }
        return type.build();
    }

    private MethodSpec step(int index) {
        PlannedStep step = plan.steps().get(index);
        String name = step.name() + Names.origins(step.origins());
        CodeBlock info = CodeBlock.of(
                "new $T($S, $S, $LL, $LL)",
                StepInfo.class,
                name,
                step.algorithm(),
                step.multiplyAccumulates(),
                step.bytes());
        return MethodSpec.methodBuilder("step" + index)
                .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
                .addJavadoc("$L.\n", Names.comment(name))
                .returns(Step.class)
                .addParameter(WeightReader.class, "weights")
                .addStatement("return $L", step.constructor().write(plan.slots(), info))
                .build();
    }
}
