package dev.sardonyx.compiler.lowering;

import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.program.Expression;
import dev.sardonyx.codegen.program.Expression.BinaryFunction;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gemm and MatMul. With a constant right side they are convolutions of as many 1×1 images as the left side has rows:
 *
 * <pre>
 *   a[…, K] ─→ Reshape[rows, K, 1, 1] ─→ Convolution, weights b'[M, K, 1, 1] ─→ Reshape[…, M]
 * </pre>
 *
 * <p>Else they are a MatrixProduct, after Copies that transpose and before a Pointwise that scales and adds.
 */
final class ProductLowering {

    private final ProgramBuilder builder;

    ProductLowering(ProgramBuilder builder) {
        this.builder = builder;
    }

    Operand gemm(Op.Gemm gemm, Node node) {
        List<Integer> shape = node.output().shape().dims();
        Operand a = gemm.transA() ? transpose(builder.operand(node.input(0))) : builder.operand(node.input(0));
        Operand b = builder.operand(node.input(1));
        Optional<Operand> c = node.inputs().size() == 3 && gemm.beta() != 0
                ? Optional.of(builder.operand(node.input(2)))
                : Optional.empty();
        if (b instanceof Operand.Fixed fixed) {
            Constant weights = weights(fixed.constant(), gemm.transB(), gemm.alpha());
            Optional<Constant> bias = c.flatMap(operand -> bias(operand, gemm.beta(), shape.get(1)));
            Operand product = convolution(a, weights, bias, shape);
            return bias.isPresent() ? product : addScaled(product, 1, c, gemm.beta(), shape);
        }
        List<Operand> factors = List.of(builder.variable(a), builder.variable(gemm.transB() ? transpose(b) : b));
        Operand product = builder.emit(new Kernel.MatrixProduct(), factors, shape);
        return addScaled(product, gemm.alpha(), c, gemm.beta(), shape);
    }

    Operand matMul(Node node) {
        Operand a = builder.operand(node.input(0));
        Operand b = builder.operand(node.input(1));
        Shape shape = node.output().shape();
        if (b instanceof Operand.Fixed fixed && isMatrix(b.shape())) {
            int inner = a.shape().getLast();
            Constant matrix = new Constant(
                    List.of(inner, fixed.constant().values().length / inner),
                    fixed.constant().values());
            return convolution(a, weights(matrix, false, 1), Optional.empty(), shape.dims());
        }
        // A vector is a matrix of one row (left) or one column (right), whose axis the output lacks.
        List<Integer> left = a.shape().size() == 1 ? List.of(1, a.shape().getFirst()) : a.shape();
        List<Integer> right = b.shape().size() == 1 ? List.of(b.shape().getFirst(), 1) : b.shape();
        List<Integer> dims =
                new ArrayList<>(Shape.broadcast(batch(left), batch(right)).dims());
        dims.add(left.get(left.size() - 2));
        dims.add(right.getLast());
        List<Operand> factors =
                List.of(builder.variable(builder.reshape(a, left)), builder.variable(builder.reshape(b, right)));
        return builder.reshape(builder.emit(new Kernel.MatrixProduct(), factors, dims), shape.dims());
    }

    /** Whether all matrices but one are missing: only the last two axes have more than one element. */
    private static boolean isMatrix(List<Integer> shape) {
        return shape.size() < 3 || batch(shape).elements() == 1;
    }

    /** The axes before the matrix. */
    private static Shape batch(List<Integer> shape) {
        return new Shape(shape.subList(0, shape.size() - 2));
    }

    private Operand convolution(Operand a, Constant weights, Optional<Constant> bias, List<Integer> shape) {
        int inner = weights.dim(1);
        int rows = a.shape().stream().reduce(1, (x, y) -> x * y) / inner;
        Operand images = builder.reshape(builder.variable(a), List.of(rows, inner, 1, 1));
        Kernel kernel = new Kernel.Convolution(Window.of(1, 1), 1, weights, bias, false, Activation.NONE);
        Operand result = builder.emit(kernel, List.of(images), List.of(rows, weights.dim(0), 1, 1));
        return builder.reshape(result, shape);
    }

    /** alpha·b' as [M, K, 1, 1], for b of [K, M], or of [M, K] where it is transposed. */
    private static Constant weights(Constant b, boolean transposed, float alpha) {
        int inner = b.dim(transposed ? 1 : 0);
        int columns = b.dim(transposed ? 0 : 1);
        List<Integer> shape = List.of(columns, inner, 1, 1);
        if (transposed && alpha == 1) {
            return new Constant(shape, b.values());
        }
        float[] weights = new float[b.values().length];
        for (int m = 0; m < columns; m++) {
            for (int k = 0; k < inner; k++) {
                weights[m * inner + k] = alpha * b.values()[transposed ? m * inner + k : k * columns + m];
            }
        }
        return new Constant(shape, weights);
    }

    /** beta·c as [M], if it is constant and the same for all rows. */
    private static Optional<Constant> bias(Operand c, float beta, int columns) {
        List<Integer> shape = c.shape();
        boolean sameForAllRows = shape.size() < 2 || shape.getFirst() == 1;
        if (!sameForAllRows || !(c instanceof Operand.Fixed fixed)) {
            return Optional.empty();
        }
        float[] values = fixed.constant().values();
        float[] bias = new float[columns];
        for (int m = 0; m < columns; m++) {
            bias[m] = beta * values[values.length == 1 ? 0 : m];
        }
        return Optional.of(new Constant(List.of(columns), bias));
    }

    /** alpha·product + beta·c. */
    private Operand addScaled(Operand product, float alpha, Optional<Operand> c, float beta, List<Integer> shape) {
        Operands operands = new Operands();
        Expression scaled = scale(operands.expression(product), alpha);
        Expression sum = c.<Expression>map(operand ->
                        new Expression.Binary(BinaryFunction.ADD, scaled, scale(operands.expression(operand), beta)))
                .orElse(scaled);
        return sum instanceof Expression.Input
                ? product
                : builder.emit(new Kernel.Pointwise(sum), operands.list(), shape);
    }

    private static Expression scale(Expression expression, float factor) {
        return factor == 1
                ? expression
                : new Expression.Binary(BinaryFunction.MULTIPLY, expression, new Expression.Literal(factor));
    }

    private Operand transpose(Operand matrix) {
        List<Integer> shape = matrix.shape().reversed();
        return builder.emit(Regions.transpose(List.of(1, 0), shape), List.of(matrix), shape);
    }
}
