package dev.sardonyx.compiler.interpreter;

import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import java.util.function.DoubleBinaryOperator;

/** ONNX MaxPool and AveragePool. */
final class Pooling {

    private Pooling() {}

    static Tensor max(Op.MaxPool pool, Tensor input, TensorType type) {
        return Results.floats(
                type,
                i -> Position.of(pool.window(), type.shape(), i).fold(input, Double.NEGATIVE_INFINITY, Math::max));
    }

    static Tensor average(Op.AveragePool pool, Tensor input, TensorType type) {
        return Results.floats(type, i -> {
            Position position = Position.of(pool.window(), type.shape(), i);
            return position.fold(input, 0, Double::sum) / position.taps(input.shape(), pool.countIncludePad());
        });
    }

    /** Where a window lies: the plane, and its first row and column, negative in the padding. */
    private record Position(Window window, int plane, int top, int left) {

        static Position of(Window window, Shape output, int index) {
            int row = index / output.dim(3) % output.dim(2);
            int column = index % output.dim(3);
            return new Position(
                    window,
                    index / output.product(2, 4),
                    row * window.strideH() - window.padTop(),
                    column * window.strideW() - window.padLeft());
        }

        /** Combines the window's elements inside the input. */
        double fold(Tensor input, double start, DoubleBinaryOperator combine) {
            float[] x = Results.floats(input);
            int height = input.shape().dim(2);
            int width = input.shape().dim(3);
            double result = start;
            for (int kh = 0; kh < window.kernelH(); kh++) {
                for (int kw = 0; kw < window.kernelW(); kw++) {
                    int row = top + kh * window.dilationH();
                    int column = left + kw * window.dilationW();
                    if (row >= 0 && row < height && column >= 0 && column < width) {
                        result = combine.applyAsDouble(result, x[(plane * height + row) * width + column]);
                    }
                }
            }
            return result;
        }

        /**
         * The number of the window's elements inside the input, or inside the padded input. What lies beyond the padding, where
         * ceil_mode lets a window reach, never counts.
         */
        int taps(Shape input, boolean padded) {
            int rows = 0;
            for (int kh = 0; kh < window.kernelH(); kh++) {
                int row = top + kh * window.dilationH();
                boolean inside = padded ? row < input.dim(2) + window.padBottom() : row >= 0 && row < input.dim(2);
                rows += inside ? 1 : 0;
            }
            int columns = 0;
            for (int kw = 0; kw < window.kernelW(); kw++) {
                int column = left + kw * window.dilationW();
                boolean inside =
                        padded ? column < input.dim(3) + window.padRight() : column >= 0 && column < input.dim(3);
                columns += inside ? 1 : 0;
            }
            return rows * columns;
        }
    }
}
