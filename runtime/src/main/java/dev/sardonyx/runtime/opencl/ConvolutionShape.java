package dev.sardonyx.runtime.opencl;

import java.util.Locale;

/**
 * Everything that a convolution's kernel is specialised for. Images are stored pixel by pixel (NHWC), without gaps.
 *
 * @param batch number of images
 * @param inHeight rows of an input image; likewise the others
 * @param padTop rows of zeros above the first; likewise {@code padLeft}. Where the input ends below and right, zeros follow.
 * @param groups number of groups; divides both channel counts
 * @param bias whether a bias is added
 * @param residual whether an image of the output's shape is added before the activation
 * @param winograd output pixels, in each direction, of the largest tiles by which Winograd's filtering may compute it: 4, 2, or 0
 *     where it must not
 */
public record ConvolutionShape(
        int batch,
        int inHeight,
        int inWidth,
        int inChannels,
        int outHeight,
        int outWidth,
        int outChannels,
        int kernelHeight,
        int kernelWidth,
        int strideHeight,
        int strideWidth,
        int dilationHeight,
        int dilationWidth,
        int padTop,
        int padLeft,
        int groups,
        boolean bias,
        boolean residual,
        Activation activation,
        int winograd) {

    /**
     * What ends the kernel: y = max(min(x, high), low) for x ≥ 0, slope · x below.
     *
     * @param kind which of the numbers matter
     * @param low lower bound of {@link Kind#CLIP}
     * @param high upper bound of {@link Kind#CLIP}
     * @param slope factor of {@link Kind#LEAKY}
     */
    public record Activation(Kind kind, float low, float high, float slope) {

        /** The functions. */
        public enum Kind {
            NONE,
            RELU,
            CLIP,
            LEAKY
        }

        public static Activation of(Kind kind) {
            return new Activation(kind, 0, 0, 0);
        }

        public static Activation clip(float low, float high) {
            return new Activation(Kind.CLIP, low, high, 0);
        }

        public static Activation leaky(float slope) {
            return new Activation(Kind.LEAKY, 0, 0, slope);
        }

        private String options() {
            return switch (kind) {
                case NONE -> "";
                case RELU -> " -DRELU";
                case CLIP -> " -DCLIP_LOW=" + literal(low) + " -DCLIP_HIGH=" + literal(high);
                case LEAKY -> " -DLEAKY_SLOPE=" + literal(slope);
            };
        }

        private static String literal(float value) {
            if (Float.isNaN(value)) {
                return "NAN";
            }
            if (Float.isInfinite(value)) {
                return value > 0 ? "INFINITY" : "(-INFINITY)";
            }
            return "(" + value + "f)";
        }
    }

    /** Rows of the matrix product that it is: output pixels of all images. */
    int rows() {
        return batch * outHeight * outWidth;
    }

    /** Columns of the product: output channels of one group. */
    int columns() {
        return outChannels / groups;
    }

    int groupInChannels() {
        return inChannels / groups;
    }

    /** Length of the product's sums: taps times the input channels of one group. */
    int depth() {
        return kernelHeight * kernelWidth * groupInChannels();
    }

    /** Whether output pixel i is made of input pixel i alone. */
    boolean isPixelwise() {
        return kernelHeight == 1
                && kernelWidth == 1
                && padTop == 0
                && padLeft == 0
                && outHeight == inHeight
                && outWidth == inWidth
                && strideHeight == 1
                && strideWidth == 1;
    }

    /** Elements of the input. */
    long inputs() {
        return (long) batch * inHeight * inWidth * inChannels;
    }

    /** Elements of the output. */
    long outputs() {
        return (long) rows() * outChannels;
    }

    long multiplyAccumulates() {
        return (long) rows() * outChannels * depth();
    }

    /** What tells it from others where tuning keeps what it found. */
    String key() {
        return options() + (winograd == 0 ? "" : " winograd " + winograd);
    }

    /** The definitions that specialise the kernels for it. */
    String options() {
        return String.format(
                Locale.ROOT,
                "-DBATCH=%d -DIN_H=%d -DIN_W=%d -DIN_C=%d -DOUT_H=%d -DOUT_W=%d -DOUT_C=%d -DKERNEL_H=%d -DKERNEL_W=%d"
                        + " -DSTRIDE_H=%d -DSTRIDE_W=%d -DDILATION_H=%d -DDILATION_W=%d -DPAD_TOP=%d -DPAD_LEFT=%d"
                        + " -DGROUPS=%d%s%s%s",
                batch,
                inHeight,
                inWidth,
                inChannels,
                outHeight,
                outWidth,
                outChannels,
                kernelHeight,
                kernelWidth,
                strideHeight,
                strideWidth,
                dilationHeight,
                dilationWidth,
                padTop,
                padLeft,
                groups,
                bias ? " -DBIAS" : "",
                residual ? " -DRESIDUAL" : "",
                activation.options());
    }
}
