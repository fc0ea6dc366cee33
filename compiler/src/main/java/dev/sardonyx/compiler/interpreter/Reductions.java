package dev.sardonyx.compiler.interpreter;

import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/** ONNX ReduceMean and the global poolings. */
final class Reductions {

    private Reductions() {}

    static Tensor mean(Tensor input, List<Integer> axes, TensorType type) {
        double[] sums = reduce(input, axes, 0, Double::sum);
        int count = axes.stream().mapToInt(input.shape()::dim).reduce(1, (a, b) -> a * b);
        return Results.floats(type, i -> sums[i] / count);
    }

    static Tensor globalAverage(Tensor input, TensorType type) {
        return mean(input, spatialAxes(input), type);
    }

    static Tensor globalMax(Tensor input, TensorType type) {
        double[] maxima = reduce(input, spatialAxes(input), Double.NEGATIVE_INFINITY, Math::max);
        return Results.floats(type, i -> maxima[i]);
    }

    private static List<Integer> spatialAxes(Tensor input) {
        return IntStream.range(2, input.shape().rank()).boxed().toList();
    }

    /** Combines the elements that differ only along {@code axes}; row-major over the other axes. */
    private static double[] reduce(Tensor input, List<Integer> axes, double start, DoubleBinaryOperator combine) {
        Shape from = input.shape();
        Shape to = new Shape(IntStream.range(0, from.rank())
                .mapToObj(axis -> axes.contains(axis) ? 1 : from.dim(axis))
                .toList());
        double[] results = new double[to.elements()];
        Arrays.fill(results, start);
        float[] x = Results.floats(input);
        for (int i = 0; i < x.length; i++) {
            int[] coordinates = Indexing.coordinates(from, i);
            axes.forEach(axis -> coordinates[axis] = 0);
            int target = Indexing.index(to, coordinates);
            results[target] = combine.applyAsDouble(results[target], x[i]);
        }
        return results;
    }
}
