package dev.sardonyx.codegen.interpreter;

import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Window;
import java.util.List;

/** Kernels that slide a window over images. */
final class Windows {

    private Windows() {}

    static void convolution(Kernel.Convolution convolution, List<Tensor> operands, Tensor y) {
        Tensor x = operands.getFirst();
        Constant weights = convolution.weights();
        Tensor w = new Tensor(weights.shape(), weights.values());
        int groupChannels = w.dim(1);
        int groupFilters = w.dim(0) / convolution.groups();
        for (int i = 0; i < y.values().length; i++) {
            int[] at = y.coordinates(i);
            int filter = at[1];
            int firstChannel = filter / groupFilters * groupChannels;
            double[] sum = {
                convolution.bias().isPresent() ? convolution.bias().get().values()[filter] : 0
            };
            forEachTap(convolution.window(), x, at, (kh, kw, row, column) -> {
                for (int c = 0; c < groupChannels; c++) {
                    sum[0] += (double) x.at(at[0], firstChannel + c, row, column) * w.at(filter, c, kh, kw);
                }
            });
            if (convolution.residual()) {
                sum[0] += operands.get(1).values()[i];
            }
            y.values()[i] = (float) activate(convolution.activation(), sum[0]);
        }
    }

    private static double activate(Activation activation, double x) {
        return switch (activation) {
            case Activation.Identity _ -> x;
            case Activation.Relu _ -> Math.max(x, 0);
            case Activation.Clip clip -> Math.min(Math.max(x, clip.min()), clip.max());
            case Activation.LeakyRelu leaky -> x >= 0 ? x : x * leaky.alpha();
        };
    }

    static void pooling(Kernel.Pooling pooling, Tensor x, Tensor y) {
        for (int i = 0; i < y.values().length; i++) {
            int[] at = y.coordinates(i);
            double[] max = {Double.NEGATIVE_INFINITY};
            double[] sum = {0};
            int[] count = {0};
            forEachTap(pooling.window(), x, at, (_, _, row, column) -> {
                double value = x.at(at[0], at[1], row, column);
                max[0] = Math.max(max[0], value);
                sum[0] += value;
                count[0]++;
            });
            y.values()[i] = switch (pooling.kind()) {
                case MAX -> (float) max[0];
                case AVERAGE ->
                    (float) (sum[0] / (pooling.countIncludePad() ? paddedTaps(pooling.window(), x, at) : count[0]));
            };
        }
    }

    /** One position of a kernel that falls inside the input. */
    private interface Tap {
        void visit(int kernelRow, int kernelColumn, int row, int column);
    }

    private static void forEachTap(Window window, Tensor x, int[] at, Tap tap) {
        for (int kh = 0; kh < window.kernelH(); kh++) {
            for (int kw = 0; kw < window.kernelW(); kw++) {
                int row = at[2] * window.strideH() - window.padTop() + kh * window.dilationH();
                int column = at[3] * window.strideW() - window.padLeft() + kw * window.dilationW();
                if (0 <= row && row < x.dim(2) && 0 <= column && column < x.dim(3)) {
                    tap.visit(kh, kw, row, column);
                }
            }
        }
    }

    /** The taps inside the padded input, which a window that ceil_mode has added may leave. */
    private static int paddedTaps(Window window, Tensor x, int[] at) {
        int rows = x.dim(2) + window.padTop() + window.padBottom() - at[2] * window.strideH();
        int columns = x.dim(3) + window.padLeft() + window.padRight() - at[3] * window.strideW();
        return Math.min(window.kernelH(), Math.ceilDiv(rows, window.dilationH()))
                * Math.min(window.kernelW(), Math.ceilDiv(columns, window.dilationW()));
    }
}
