package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.kernels.StepInfo;
import dev.sardonyx.runtime.kernels.WeightReader;
import java.util.function.Consumer;

/**
 * A convolution of tensors stored as float32 and nothing else, so that no other kernel has to be built. Inputs: the image and the residual, pixel by
 * pixel; output: the image, likewise.
 *
 * @param weights [outChannels, inChannels/groups, kernelHeight, kernelWidth]
 * @param bias [outChannels], or empty where the shape has none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record BareConvolution(ConvolutionShape shape, Precision precision, float[] weights, float[] bias) implements Network {

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

    @Override
    public int[] slotSizes() {
        int out = shape.rows() * shape.outChannels();
        return new int[] {shape.batch() * shape.inHeight() * shape.inWidth() * shape.inChannels(), out, out};
    }

    @Override
    public void forEachStep(WeightReader unused, Consumer<Step> consumer) {
        StepInfo info = new StepInfo("convolution", "", shape.multiplyAccumulates(), 0);
        consumer.accept(new Step.Convolution(info, shape, 0, shape.residual() ? 1 : -1, 2, weights, bias));
    }
}
