package dev.sardonyx.runtime.cli;

import dev.sardonyx.runtime.TensorInfo;
import java.util.List;
import java.util.Optional;

/**
 * How an input holds one picture.
 *
 * @param channelsFirst NCHW rather than NHWC
 * @param channels 3 for colour, 1 for grey
 * @param height rows
 * @param width columns
 */
record ImageLayout(boolean channelsFirst, int channels, int height, int width) {

    /**
     * As {@link #find}.
     *
     * @throws UsageException if the input holds no picture
     */
    static ImageLayout of(TensorInfo input) {
        return find(input)
                .orElseThrow(() -> new UsageException(
                        "--image needs an input of shape [1, C, H, W] or [1, H, W, C] with C = 3 or 1; '" + input.name()
                                + "' is " + input.shape()));
    }

    /** Reads the layout from the shape: {@code [1, C, H, W]} or {@code [1, H, W, C]} with C = 3 or 1; empty if it is neither. */
    static Optional<ImageLayout> find(TensorInfo input) {
        List<Integer> shape = input.shape();
        if (shape.size() == 4 && shape.get(0) == 1 && input.elements() > 0) {
            if (isChannels(shape.get(1))) {
                return Optional.of(new ImageLayout(true, shape.get(1), shape.get(2), shape.get(3)));
            }
            if (isChannels(shape.get(3))) {
                return Optional.of(new ImageLayout(false, shape.get(3), shape.get(1), shape.get(2)));
            }
        }
        return Optional.empty();
    }

    private static boolean isChannels(int dim) {
        return dim == 1 || dim == 3;
    }

    /** Where the value of a pixel's channel lies in the input. */
    int index(int channel, int y, int x) {
        return channelsFirst ? (channel * height + y) * width + x : (y * width + x) * channels + channel;
    }
}
