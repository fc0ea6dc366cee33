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
            type.addMethod(loop(i, CodeBlock.of("")));
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
            CodeBlock.Builder vectors = CodeBlock.builder();
            if (VectorExpressionWriter.canWrite(loops.get(i))) {
                vectors.beginControlFlow("for (; i <= length - $1L; i += $1L)", lanes)
                        .addStatement("$L.intoArray(out, o + i)", VectorExpressionWriter.write(loops.get(i)))
                        .endControlFlow();
            }
            type.addMethod(loop(i, vectors.build()));
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
        code.beginControlFlow("for (int row = from, rows; row < to; row += rows)");
        code.addStatement("rows = step.rows(row, to)");
        code.beginControlFlow("switch (kernel)");
        for (int i = 0; i < loops.size(); i++) {
            code.add(
                    "case $L -> expression$L(rows, step.length(),\n"
                            + "step.output(slots), step.outputOffset(row), step.outputPitch()",
                    i,
                    i);
            for (int k = 0; k < loops.get(i).strides().size(); k++) {
                code.add(",\nstep.operand(slots, $1L), step.operandOffset($1L, row), step.operandPitch($1L)", k);
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

    /** A loop over rows, each of which {@code vectors} begins; element by element it computes what they leave. */
    private MethodSpec loop(int number, CodeBlock vectors) {
        PointwiseLoop loop = loops.get(number);
        StringBuilder next = new StringBuilder("row++, o += pitch");
        MethodSpec.Builder method = MethodSpec.methodBuilder("expression" + number)
                .addJavadoc("$L.\n", ExpressionWriter.describe(loop.expression()))
                .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
                .addParameter(int.class, "rows")
                .addParameter(int.class, "length")
                .addParameter(float[].class, "out")
                .addParameter(int.class, "o")
                .addParameter(int.class, "pitch");
        for (int k = 0; k < loop.strides().size(); k++) {
            method.addParameter(float[].class, "a" + k)
                    .addParameter(int.class, "o" + k)
                    .addParameter(int.class, "pitch" + k);
            next.append(", o%1$d += pitch%1$d".formatted(k));
        }
        return method.beginControlFlow("for (int row = 0; row < rows; $L)", next)
                .addStatement("int i = 0")
                .addCode(vectors)
                .beginControlFlow("for (; i < length; i++)")
                .addStatement("out[o + i] = $L", ExpressionWriter.write(loop.expression(), loop.strides()))
                .endControlFlow()
                .endControlFlow()
                .build();
    }
}
