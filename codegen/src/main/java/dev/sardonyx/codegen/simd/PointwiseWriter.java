package dev.sardonyx.codegen.simd;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import dev.sardonyx.runtime.kernels.PointwiseKernels;
import dev.sardonyx.runtime.kernels.PointwiseStep;
import java.util.List;
import javax.lang.model.element.Modifier;

/** Writes the element-wise loops: plain Java, which the JVM vectorises. */
final class PointwiseWriter {

    private PointwiseWriter() {}

    /** The class {@code Expressions}, to be nested in the network's. */
    static TypeSpec write(List<PointwiseLoop> loops) {
        TypeSpec.Builder type = TypeSpec.classBuilder("Expressions")
                .addJavadoc("The element-wise loops.\n")
                .addModifiers(Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                .addSuperinterface(PointwiseKernels.class)
                .addMethod(dispatch(loops))
                .addMethod(leaky());
        for (int i = 0; i < loops.size(); i++) {
            type.addMethod(loop(i, loops.get(i)));
        }
        return type.build();
    }

    private static MethodSpec dispatch(List<PointwiseLoop> loops) {
        CodeBlock.Builder code = CodeBlock.builder();
        code.beginControlFlow("for (int row = from; row < to; row++)");
        code.beginControlFlow("switch (kernel)");
        for (int i = 0; i < loops.size(); i++) {
            code.add("case $L -> expression$L(step.length(), step.output(slots), step.outputOffset(row)", i, i);
            for (int k = 0; k < loops.get(i).strides().size(); k++) {
                code.add(", step.operand(slots, $L), step.operandOffset($L, row)", k, k);
            }
            code.add(");\n");
        }
        code.add("default -> throw new $T(\"no expression \" + kernel);\n", IllegalArgumentException.class);
        code.endControlFlow().endControlFlow();
        return MethodSpec.methodBuilder("run")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .addParameter(int.class, "kernel")
                .addParameter(PointwiseStep.class, "step")
                .addParameter(float[][].class, "slots")
                .addParameter(int.class, "from")
                .addParameter(int.class, "to")
                .addCode(code.build())
                .build();
    }

    private static MethodSpec leaky() {
        return MethodSpec.methodBuilder("leaky")
                .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
                .returns(float.class)
                .addParameter(float.class, "x")
                .addParameter(float.class, "slope")
                .addStatement("return x < 0 ? slope * x : x")
                .build();
    }

    private static MethodSpec loop(int number, PointwiseLoop loop) {
        MethodSpec.Builder method = MethodSpec.methodBuilder("expression" + number)
                .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
                .addParameter(int.class, "length")
                .addParameter(float[].class, "out")
                .addParameter(int.class, "o");
        for (int k = 0; k < loop.strides().size(); k++) {
            method.addParameter(float[].class, "a" + k).addParameter(int.class, "o" + k);
        }
        return method.beginControlFlow("for (int i = 0; i < length; i++)")
                .addStatement("out[o + i] = $L", ExpressionWriter.write(loop.expression(), loop.strides()))
                .endControlFlow()
                .build();
    }
}
