package dev.sardonyx.compiler.interpreter;

import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** ONNX Gemm and MatMul. */
final class Products {

    private Products() {}

    static Tensor gemm(Op.Gemm gemm, List<Tensor> inputs, TensorType type) {
        float[] a = Results.floats(inputs.get(0));
        float[] b = Results.floats(inputs.get(1));
        int rows = type.shape().dim(0);
        int columns = type.shape().dim(1);
        int inner = inputs.getFirst().shape().dim(gemm.transA() ? 0 : 1);
        return Results.floats(type, i -> {
            int row = i / columns;
            int column = i % columns;
            double sum = 0;
            for (int k = 0; k < inner; k++) {
                double left = gemm.transA() ? a[k * rows + row] : a[row * inner + k];
                double right = gemm.transB() ? b[column * inner + k] : b[k * columns + column];
                sum += left * right;
            }
            double scaled = gemm.alpha() * sum;
            return inputs.size() < 3 ? scaled : scaled + gemm.beta() * broadcast(inputs.get(2), type.shape(), i);
        });
    }

    private static double broadcast(Tensor tensor, Shape to, int index) {
        return Results.floats(tensor)[Indexing.broadcast(tensor.shape(), to).applyAsInt(index)];
    }

    /** A vector is a matrix of one row (left) or one column (right), whose axis the output lacks. */
    static Tensor matMul(Tensor left, Tensor right, TensorType type) {
        Shape aMatrices = left.shape();
        Shape bMatrices = right.shape();
        int rows = aMatrices.rank() > 1 ? aMatrices.dim(aMatrices.rank() - 2) : 1;
        int inner = aMatrices.dim(aMatrices.rank() - 1);
        int columns = bMatrices.rank() > 1 ? bMatrices.dim(bMatrices.rank() - 1) : 1;
        Shape aBatch = batch(aMatrices);
        Shape bBatch = batch(bMatrices);
        Shape yBatch = Shape.broadcast(aBatch, bBatch);
        IntUnaryOperator aMatrix = Indexing.broadcast(aBatch, yBatch);
        IntUnaryOperator bMatrix = Indexing.broadcast(bBatch, yBatch);
        float[] a = Results.floats(left);
        float[] b = Results.floats(right);
        return Results.floats(type, i -> {
            int matrix = i / (rows * columns);
            int row = i / columns % rows;
            int column = i % columns;
            int aStart = (aMatrix.applyAsInt(matrix) * rows + row) * inner;
            int bStart = bMatrix.applyAsInt(matrix) * inner * columns + column;
            double sum = 0;
            for (int k = 0; k < inner; k++) {
                sum += (double) a[aStart + k] * b[bStart + k * columns];
            }
            return sum;
        });
    }

    private static Shape batch(Shape shape) {
        return new Shape(shape.dims().subList(0, Math.max(shape.rank() - 2, 0)));
    }
}
