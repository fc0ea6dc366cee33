package dev.sardonyx.compiler.interpreter;

import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import java.util.List;

/** ONNX Conv, with the epilogue that passes fuse into it. */
final class Convolutions {

    private Convolutions() {}

    static Tensor conv(Op.Conv conv, List<Tensor> inputs, TensorType type) {
        float[] bias = conv.bias() ? Results.floats(inputs.get(2)) : new float[0];
        float[] residual = conv.residual() ? Results.floats(inputs.getLast()) : new float[0];
        Shape y = type.shape();
        return Results.floats(type, i -> {
            int column = i % y.dim(3);
            int row = i / y.dim(3) % y.dim(2);
            int channel = i / y.product(2, 4) % y.dim(1);
            int image = i / y.product(1, 4);
            double sum = sum(conv, inputs.get(0), inputs.get(1), image, channel, row, column);
            if (conv.bias()) {
                sum += bias[channel];
            }
            if (conv.residual()) {
                sum += residual[i];
            }
            return activate(conv.activation(), sum);
        });
    }

    /** The sum over one window; padding contributes nothing. */
    private static double sum(Op.Conv conv, Tensor input, Tensor weights, int image, int channel, int row, int column) {
        float[] x = Results.floats(input);
        float[] w = Results.floats(weights);
        Window window = conv.window();
        int channels = input.shape().dim(1);
        int height = input.shape().dim(2);
        int width = input.shape().dim(3);
        int groupChannels = weights.shape().dim(1);
        int group = channel / (weights.shape().dim(0) / conv.group());
        int top = row * window.strideH() - window.padTop();
        int left = column * window.strideW() - window.padLeft();
        double sum = 0;
        for (int c = 0; c < groupChannels; c++) {
            int plane = image * channels + group * groupChannels + c;
            int filter = channel * groupChannels + c;
            for (int kh = 0; kh < window.kernelH(); kh++) {
                int h = top + kh * window.dilationH();
                if (h < 0 || h >= height) {
                    continue;
                }
                for (int kw = 0; kw < window.kernelW(); kw++) {
                    int v = left + kw * window.dilationW();
                    if (v >= 0 && v < width) {
                        sum += (double) x[(plane * height + h) * width + v]
                                * w[(filter * window.kernelH() + kh) * window.kernelW() + kw];
                    }
                }
            }
        }
        return sum;
    }

    private static double activate(Activation activation, double x) {
        return switch (activation) {
            case Activation.Identity _ -> x;
            case Activation.Relu _ -> Math.max(x, 0);
            case Activation.Clip clip -> Math.min(Math.max(x, clip.min()), clip.max());
            case Activation.LeakyRelu leaky -> x >= 0 ? x : leaky.alpha() * x;
        };
    }
}
