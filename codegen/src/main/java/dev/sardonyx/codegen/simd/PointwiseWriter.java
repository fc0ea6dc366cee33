package dev.sardonyx.codegen.simd;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import dev.sardonyx.runtime.kernels.PointwiseKernels;
import dev.sardonyx.runtime.kernels.PointwiseStep;
import java.util.List;
import javax.lang.model.element.Modifier;

/** Writes the element-wise loops, once in plain Java and once with the Vector API. */
final class PointwiseWriter {

    private final List<PointwiseLoop> loops;

    PointwiseWriter(List<PointwiseLoop> loops) {
        this.loops = loops;
    }

    /** The class {@code PlainExpressions}, to be nested in the network's. */
    TypeSpec plain() {
        TypeSpec.Builder type = type("PlainExpressions", "The element-wise loops in plain Java.\n");
        for (int i = 0; i < loops.size(); i++) {
            type.addMethod(loop(i, CodeBlock.builder().add("int i = 0;\n")));
        }
        return type.build();
    }

    /** The class {@code VectorExpressions}, to be nested in the network's. */
    TypeSpec vector(int bits) {
        TypeSpec.Builder type = type("VectorExpressions", "The element-wise loops on vectors.\n")
                .addField(VectorNames.species("FLOATS", VectorNames.FLOAT_VECTOR, Float.class, bits))
                .addMethod(VectorExpressionWriter.leaky());
        int lanes = bits / Float.SIZE;
        for (int i = 0; i < loops.size(); i++) {
            CodeBlock.Builder head = CodeBlock.builder().add("int i = 0;\n");
            PointwiseLoop loop = loops.get(i);
            if (VectorExpressionWriter.canWrite(loop)) {
                head.beginControlFlow("for (; i <= length - $1L; i += $1L)", lanes)
                        .addStatement("$L.intoArray(out, o + i)", VectorExpressionWriter.write(loop))
                        .endControlFlow();
            }
            type.addMethod(loop(i, head));
        }
        return type.build();
    }

    private TypeSpec.Builder type(String name, String comment) {
        return TypeSpec.classBuilder(name)
                .addJavadoc(comment)
                .addModifiers(Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                .addSuperinterface(PointwiseKernels.class)
                .addMethod(dispatch())
                .addMethod(leaky());
    }

    private MethodSpec dispatch() {
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

    /** A loop that begins with {@code head} and computes element by element what that leaves. */
    private MethodSpec loop(int number, CodeBlock.Builder head) {
        PointwiseLoop loop = loops.get(number);
        MethodSpec.Builder method = MethodSpec.methodBuilder("expression" + number)
                .addJavadoc("$L.\n", ExpressionWriter.describe(loop.expression()))
                .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
                .addParameter(int.class, "length")
                .addParameter(float[].class, "out")
                .addParameter(int.class, "o");
        for (int k = 0; k < loop.strides().size(); k++) {
            method.addParameter(float[].class, "a" + k).addParameter(int.class, "o" + k);
        }
        return method.addCode(head.build())
                .beginControlFlow("for (; i < length; i++)")
                .addStatement("out[o + i] = $L", ExpressionWriter.write(loop.expression(), loop.strides()))
                .endControlFlow()
                .build();
    }
}
