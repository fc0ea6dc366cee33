package dev.sardonyx.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.codegen.program.Port;
import dev.sardonyx.codegen.program.Program;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.runtime.ElementType;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Convolutions against a direct sum in double, at every vector width and in plain Java, on one thread and on two. */
final class ConvolutionTest {

    /**
     * float32 sums of up to some thousand products in another order: a few rounding errors of the output's scale. Winograd's
     * F(4×4) multiplies by up to 8 and subtracts again, and loses a digit.
     */
    private static final double TOLERANCE = 2e-5;

    @ParameterizedTest(
            name = "{0}x{1}x{2}x{3} -> {4}, kernel {5}x{6}, stride {7}, dilation {8}, pad {9}, groups {10}, {11}")
    @CsvSource({
        "1,  3, 12, 12,  16, 7, 7, 2, 1, 3,  1, RELU",
        "1, 16,  8,  8,  16, 3, 3, 1, 1, 1,  1, RESIDUAL_RELU",
        "2, 32, 14, 13,  48, 3, 3, 1, 1, 1,  1, RESIDUAL_RELU",
        "1, 64,  7,  7,  64, 3, 3, 1, 1, 1,  1, LEAKY",
        "1, 32, 18, 17,  32, 3, 3, 1, 1, 0,  1, NONE",
        "2, 24,  7,  9,  20, 3, 3, 1, 1, 1,  1, RELU",
        "1, 17,  5,  5,  33, 3, 3, 2, 1, 1,  1, CLIP",
        "2, 64,  7,  7,  64, 1, 1, 1, 1, 0,  1, RESIDUAL_RELU",
        "1, 64, 14, 14, 128, 1, 1, 2, 1, 0,  1, NONE",
        "1,  8,  9, 11,   8, 3, 3, 1, 2, 2,  1, LEAKY",
        "1,  8,  5,  5,   8, 1, 1, 1, 1, 0,  1, LEAKY_WITHOUT_SLOPE",
        "1, 32,  6,  6,  32, 3, 3, 1, 1, 1,  8, RELU",
        "1, 32,  6,  6,  64, 3, 3, 1, 1, 1,  2, RESIDUAL_RELU",
        "2, 12,  6,  5,  12, 3, 3, 1, 1, 1, 12, RESIDUAL_RELU",
        "1,  6,  6,  5,  12, 3, 3, 2, 1, 1,  6, CLIP",
        "3, 70,  1,  1,  10, 1, 1, 1, 1, 0,  1, NONE",
        "1, 40,  4,  4,  30, 4, 4, 1, 1, 0,  1, RELU",
        "1,  1,  1,  1,   1, 1, 1, 1, 1, 0,  1, NONE",
        "1,  5, 30, 31,   3, 5, 2, 1, 1, 1,  1, NONE",
        // F(2×2) block by block, F(4×4) and F(2×2) stage by stage, sums piece by piece, weights that do not stay in the
        // cache
        "1,128,  9,  9, 128, 3, 3, 1, 1, 1,  1, RESIDUAL_RELU",
        "1,128, 28, 27, 128, 3, 3, 1, 1, 1,  1, LEAKY",
        "1,256, 13, 14, 256, 3, 3, 1, 1, 1,  1, RESIDUAL_RELU",
        // F(4×4) block by block, with more weights than the cache of a core without AVX-512 holds
        "1, 64, 56, 55,  64, 3, 3, 1, 1, 1,  1, LEAKY",
        "1,256,  9,  9,  64, 3, 3, 2, 1, 1,  1, RELU",
        "1,256, 24, 24,  64, 3, 3, 1, 2, 2,  1, NONE",
        // sums longer than a block of columns: with weights that stay in the cache, with groups, by F(2×2), by a narrow
        // tile
        "1,1100, 24, 24,  20, 1, 1, 1, 1, 0,  1, RELU",
        "2,256,  6,  6,  32, 3, 3, 2, 1, 1,  2, RESIDUAL_RELU",
        "1,1040, 8,  8,  32, 3, 3, 1, 1, 1,  1, RELU",
        "1,2060, 3,  3,  40, 1, 1, 1, 1, 0,  1, NONE",
    })
    void agreesWithTheDirectSum(
            int n,
            int c,
            int h,
            int w,
            int m,
            int kernelH,
            int kernelW,
            int stride,
            int dilation,
            int pad,
            int groups,
            Epilogue epilogue)
            throws Exception {
        Window window = Window.of(kernelH, kernelW)
                .withStrides(stride, stride)
                .withDilations(dilation, dilation)
                .withPads(pad, pad, pad, pad);
        Random random = new Random(42);
        Constant weights = new Constant(
                List.of(m, c / groups, kernelH, kernelW), random(random, m * (c / groups) * kernelH * kernelW));
        Constant bias = new Constant(List.of(m), random(random, m));
        Buffer in = new Buffer(0, List.of(n, c, h, w));
        Buffer residual = new Buffer(1, List.of(n, m, window.outputH(h), window.outputW(w)));
        Buffer out = new Buffer(2, residual.shape());
        boolean adds = epilogue == Epilogue.RESIDUAL_RELU;
        Kernel.Convolution convolution =
                new Kernel.Convolution(window, groups, weights, Optional.of(bias), adds, epilogue.activation());
        Operand.Variable x = new Operand.Variable(in);
        List<Operand> operands = adds ? List.of(x, new Operand.Variable(residual)) : List.of(x);
        Program program = new Program(
                List.of(port("x", in), port("r", residual)),
                List.of(port("y", out)),
                List.of(in, residual, out),
                List.of(new Call(convolution, operands, out, List.of("conv"))));
        float[] input = random(random, in.elements());
        float[] added = random(random, residual.elements());
        double[] expected = reference(convolution, in, out, input, adds ? added : new float[added.length]);
        try (LoadedProgram loaded = new LoadedProgram(program)) {
            for (String simd : List.of("256", "512", "128", "off")) {
                for (int threads = 1; threads <= 2; threads++) {
                    assertClose(loaded.run(simd, threads, input, added)[0], expected, simd);
                }
            }
        }
    }

    enum Epilogue {
        NONE,
        RELU,
        RESIDUAL_RELU,
        CLIP,
        LEAKY,
        LEAKY_WITHOUT_SLOPE;

        Activation activation() {
            return switch (this) {
                case NONE -> Activation.NONE;
                case RELU, RESIDUAL_RELU -> new Activation.Relu();
                case CLIP -> new Activation.Clip(-0.5f, 1.5f);
                case LEAKY -> new Activation.LeakyRelu(0.1f);
                case LEAKY_WITHOUT_SLOPE -> new Activation.LeakyRelu(0);
            };
        }
    }

    private static Port port(String name, Buffer buffer) {
        return new Port(name, ElementType.FLOAT32, buffer);
    }

    private static float[] random(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static void assertClose(float[] actual, double[] expected, String simd) {
        double scale = 0;
        for (double value : expected) {
            scale = Math.max(scale, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i])
                    .as("element %d with sardonyx.simd=%s", i, simd)
                    .isCloseTo(expected[i], org.assertj.core.data.Offset.offset(TOLERANCE * Math.max(scale, 1)));
        }
    }

    private static double[] reference(
            Kernel.Convolution convolution, Buffer in, Buffer out, float[] x, float[] residual) {
        Window window = convolution.window();
        double[] y = new double[out.elements()];
        int groupIn = in.dim(1) / convolution.groups();
        int groupOut = out.dim(1) / convolution.groups();
        int o = 0;
        for (int n = 0; n < out.dim(0); n++) {
            for (int m = 0; m < out.dim(1); m++) {
                for (int h = 0; h < out.dim(2); h++) {
                    for (int w = 0; w < out.dim(3); w++) {
                        double sum = convolution.bias().orElseThrow().values()[m] + residual[o];
                        for (int c = 0; c < groupIn; c++) {
                            for (int i = 0; i < window.kernelH(); i++) {
                                for (int j = 0; j < window.kernelW(); j++) {
                                    int row = h * window.strideH() + i * window.dilationH() - window.padTop();
                                    int column = w * window.strideW() + j * window.dilationW() - window.padLeft();
                                    if (row >= 0 && row < in.dim(2) && column >= 0 && column < in.dim(3)) {
                                        int channel = m / groupOut * groupIn + c;
                                        int xi = ((n * in.dim(1) + channel) * in.dim(2) + row) * in.dim(3) + column;
                                        int wi = ((m * groupIn + c) * window.kernelH() + i) * window.kernelW() + j;
                                        sum += (double) x[xi]
                                                * convolution.weights().values()[wi];
                                    }
                                }
                            }
                        }
                        y[o++] = activate(convolution.activation(), sum);
                    }
                }
            }
        }
        return y;
    }

    private static double activate(Activation activation, double x) {
        return switch (activation) {
            case Activation.Identity identity -> x;
            case Activation.Relu relu -> Math.max(x, 0);
            case Activation.Clip clip -> Math.min(Math.max(x, clip.min()), clip.max());
            case Activation.LeakyRelu leaky -> x < 0 ? leaky.alpha() * x : x;
        };
    }
}
