package dev.sardonyx.compiler.interpreter;

import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import java.util.List;

/** ONNX BatchNormalization, LRN, Softmax and LogSoftmax. */
final class Normalizations {

    private Normalizations() {}

    static Tensor batch(Op.BatchNormalization norm, List<Tensor> inputs, TensorType type) {
        Shape shape = type.shape();
        float[] x = Results.floats(inputs.get(0));
        float[] scale = Results.floats(inputs.get(1));
        float[] shift = Results.floats(inputs.get(2));
        float[] mean = Results.floats(inputs.get(3));
        float[] variance = Results.floats(inputs.get(4));
        int plane = shape.product(2, shape.rank());
        return Results.floats(type, i -> {
            int c = i / plane % shape.dim(1);
            return ((double) x[i] - mean[c]) / Math.sqrt((double) variance[c] + norm.epsilon()) * scale[c] + shift[c];
        });
    }

    static Tensor localResponse(Op.LRN lrn, Tensor input, TensorType type) {
        Shape shape = type.shape();
        float[] x = Results.floats(input);
        int channels = shape.dim(1);
        int plane = shape.product(2, shape.rank());
        int before = (lrn.size() - 1) / 2;
        int after = lrn.size() - 1 - before;
        return Results.floats(type, i -> {
            int channel = i / plane % channels;
            double squares = 0;
            for (int c = Math.max(channel - before, 0); c <= Math.min((long) channel + after, channels - 1); c++) {
                double value = x[i + (c - channel) * plane];
                squares += value * value;
            }
            return x[i] / Math.pow(lrn.bias() + (double) lrn.alpha() / lrn.size() * squares, lrn.beta());
        });
    }

    static Tensor softmax(Op.Softmax softmax, Tensor input, TensorType type) {
        Lines lines = new Lines(type.shape(), softmax.axis(), softmax.endAxis());
        float[] x = Results.floats(input);
        double[] logSums = lines.logSums(x);
        return Results.floats(type, i -> Math.exp(x[i] - logSums[lines.line(i)]));
    }

    static Tensor logSoftmax(Op.LogSoftmax softmax, Tensor input, TensorType type) {
        Lines lines = new Lines(type.shape(), softmax.axis(), softmax.endAxis());
        float[] x = Results.floats(input);
        double[] logSums = lines.logSums(x);
        return Results.floats(type, i -> x[i] - logSums[lines.line(i)]);
    }

    /** The lines of a tensor along some of its axes taken as one. */
    private record Lines(int outer, int length, int inner) {

        Lines(Shape shape, int axis, int endAxis) {
            this(shape.product(0, axis), shape.product(axis, endAxis), shape.product(endAxis, shape.rank()));
        }

        /** The line on which an element lies. */
        int line(int index) {
            return index / (length * inner) * inner + index % inner;
        }

        /** log Σ exp x of each line, without overflow. */
        double[] logSums(float[] x) {
            double[] results = new double[outer * inner];
            for (int line = 0; line < results.length; line++) {
                int start = line / inner * length * inner + line % inner;
                double max = Double.NEGATIVE_INFINITY;
                for (int k = 0; k < length; k++) {
                    max = Math.max(max, x[start + k * inner]);
                }
                double sum = 0;
                for (int k = 0; k < length; k++) {
                    sum += Math.exp(x[start + k * inner] - max);
                }
                results[line] = max + Math.log(sum);
            }
            return results;
        }
    }
}
