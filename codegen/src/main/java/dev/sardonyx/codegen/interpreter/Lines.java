package dev.sardonyx.codegen.interpreter;

import dev.sardonyx.codegen.program.Kernel;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Kernels that combine the elements along some axes. */
final class Lines {

    private Lines() {}

    static void reduction(Kernel.Reduction reduction, Tensor x, Tensor y) {
        List<Integer> kept = IntStream.range(0, x.rank())
                .filter(axis -> !reduction.axes().contains(axis))
                .boxed()
                .toList();
        double[] results = new double[y.values().length];
        Arrays.fill(results, reduction.kind() == Kernel.Reduction.Kind.MAX ? Double.NEGATIVE_INFINITY : 0);
        for (int i = 0; i < x.values().length; i++) {
            int[] at = x.coordinates(i);
            int target = 0;
            for (int axis : kept) {
                target = target * x.dim(axis) + at[axis];
            }
            results[target] = switch (reduction.kind()) {
                case MAX -> Math.max(results[target], x.values()[i]);
                case MEAN -> results[target] + x.values()[i];
            };
        }
        int count = reduction.kind() == Kernel.Reduction.Kind.MAX ? 1 : x.values().length / results.length;
        for (int i = 0; i < results.length; i++) {
            y.values()[i] = (float) (results[i] / count);
        }
    }

    static void softmax(Kernel.Softmax softmax, Tensor x, Tensor y) {
        int outer = x.product(0, softmax.firstAxis());
        int length = x.product(softmax.firstAxis(), softmax.endAxis());
        int inner = x.product(softmax.endAxis(), x.rank());
        for (int line = 0; line < outer * inner; line++) {
            int start = line / inner * length * inner + line % inner;
            double max = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < length; k++) {
                max = Math.max(max, x.values()[start + k * inner]);
            }
            double sum = 0;
            for (int k = 0; k < length; k++) {
                sum += Math.exp(x.values()[start + k * inner] - max);
            }
            for (int k = 0; k < length; k++) {
                double shifted = x.values()[start + k * inner] - max;
                y.values()[start + k * inner] =
                        (float) (softmax.log() ? shifted - Math.log(sum) : Math.exp(shifted) / sum);
            }
        }
    }

    static void localResponseNormalization(Kernel.LocalResponseNormalization norm, Tensor x, Tensor y) {
        int channels = x.dim(1);
        int plane = x.product(2, x.rank());
        for (int i = 0; i < y.values().length; i++) {
            int channel = i / plane % channels;
            double squares = 0;
            for (int k = 0; k < norm.size(); k++) {
                int c = channel - (norm.size() - 1) / 2 + k;
                if (0 <= c && c < channels) {
                    double value = x.values()[i + (c - channel) * plane];
                    squares += value * value;
                }
            }
            double base = norm.bias() + (double) norm.alpha() / norm.size() * squares;
            y.values()[i] = (float) (x.values()[i] / Math.pow(base, norm.beta()));
        }
    }
}
