package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.kernels.StepInfo;
import dev.sardonyx.runtime.kernels.WeightReader;
import java.util.List;
import java.util.function.Consumer;

/**
 * A network of one convolution, to try its kernels with. Inputs: the image and the residual, pixel by pixel, as float32; output: the
 * image, likewise. They are copied to and from slots that are stored as the precision says.
 *
 * @param weights [outChannels, inChannels/groups, kernelHeight, kernelWidth]
 * @param bias [outChannels], or empty where the shape has none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ConvolutionNetwork(ConvolutionShape shape, Precision precision, float[] weights, float[] bias)
        implements Network {

    /** The name of the convolution's steps. */
    static final String CONVOLUTION = "convolution";

    private static final int GROUP = 64;

    @Override
    public int inputs() {
        return 2;
    }

    @Override
    public int outputs() {
        return 1;
    }

    @Override
    public int batch() {
        return shape.batch();
    }

    /** Elements of the input image. */
    int imageSize() {
        return shape.batch() * shape.inHeight() * shape.inWidth() * shape.inChannels();
    }

    /** Elements of the output image, and of the residual. */
    int outputSize() {
        return shape.rows() * shape.outChannels();
    }

    @Override
    public int[] slotSizes() {
        return new int[] {imageSize(), outputSize(), outputSize(), imageSize(), outputSize(), outputSize()};
    }

    /** The source of the copies. */
    String source() {
        return """
            __kernel void take_image(__global storage *restrict y, __global const float *restrict x) {
                if (get_global_id(0) < %1$d) {
                    STORE(x[get_global_id(0)], y, get_global_id(0));
                }
            }

            __kernel void take_residual(__global storage *restrict y, __global const float *restrict x) {
                if (get_global_id(0) < %2$d) {
                    STORE(x[get_global_id(0)], y, get_global_id(0));
                }
            }

            __kernel void give(__global float *restrict y, __global const storage *restrict x) {
                if (get_global_id(0) < %2$d) {
                    y[get_global_id(0)] = LOAD(x, get_global_id(0));
                }
            }
            """.formatted(imageSize(), outputSize());
    }

    @Override
    public void forEachStep(WeightReader unused, Consumer<Step> consumer) {
        consumer.accept(copy("take_image", 0, 3, imageSize()));
        consumer.accept(copy("take_residual", 1, 4, outputSize()));
        StepInfo info = new StepInfo(CONVOLUTION, "", shape.multiplyAccumulates(), 0);
        consumer.accept(new Step.Convolution(info, shape, 3, shape.residual() ? 4 : -1, 5, weights, bias));
        consumer.accept(copy("give", 5, 2, outputSize()));
    }

    private static Step copy(String kernel, int from, int to, int size) {
        return new Step.Generated(
                new StepInfo(kernel, "", 0, 0),
                kernel,
                List.of(Step.Argument.slot(to), Step.Argument.slot(from)),
                Math.ceilDiv((long) size, (long) GROUP) * GROUP,
                GROUP);
    }
}
