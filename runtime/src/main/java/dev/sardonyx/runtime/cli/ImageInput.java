package dev.sardonyx.runtime.cli;

import dev.sardonyx.runtime.TensorInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Makes a model's input from a picture: scale, cut out the middle, normalise. */
public final class ImageInput {

    private ImageInput() {}

    /** Whether a model with these inputs takes a picture. */
    public static boolean isTakenBy(List<TensorInfo> inputs) {
        return inputs.size() == 1 && ImageLayout.find(inputs.getFirst()).isPresent();
    }

    /**
     * The picture as values for {@code input}, in its layout.
     *
     * @throws UsageException if the file is no readable picture, or the options or the input's shape do not fit it
     */
    public static float[] read(ImageOptions options, TensorInfo input) {
        ImageLayout layout = ImageLayout.of(input);
        Preset preset = options.preset()
                .orElseGet(() -> input.elementType().isFloatingPoint() ? Preset.defaultFor(layout) : Preset.NONE);
        Normalisation normalisation = Normalisation.of(options, preset, layout.channels());
        Picture picture = Picture.read(options.file());
        Framing framing = Framing.of(picture.width(), picture.height(), layout, preset, options.resize());
        byte[] rgb = Resampler.scale(picture, framing, layout.width(), layout.height());
        return normalisation.apply(rgb, layout);
    }

    /** How one channel's pixels become values: {@code (pixel / divisor - mean) / std}, in the model's channel order. */
    private record Normalisation(float divisor, List<Float> mean, List<Float> std, boolean bgr) {

        static Normalisation of(ImageOptions options, Preset preset, int channels) {
            boolean bgr = options.bgr() || preset.bgr();
            boolean reversed = bgr != preset.bgr();
            List<Float> mean = options.mean().isEmpty() ? ordered(preset.mean(), reversed) : options.mean();
            List<Float> std = options.std().isEmpty() ? ordered(preset.std(), reversed) : options.std();
            return new Normalisation(
                    preset.divisor(),
                    spread("mean", mean, 0, channels, preset),
                    spread("std", std, 1, channels, preset),
                    bgr);
        }

        private static List<Float> ordered(List<Float> values, boolean reversed) {
            List<Float> ordered = new ArrayList<>(values);
            if (reversed) {
                Collections.reverse(ordered);
            }
            return ordered;
        }

        private static List<Float> spread(String what, List<Float> values, float missing, int channels, Preset preset) {
            if (values.size() <= 1) {
                return Collections.nCopies(channels, values.isEmpty() ? missing : values.getFirst());
            }
            if (values.size() != channels) {
                throw new UsageException("the model's input is grey, but the " + what + " has " + values.size()
                        + " channels; give --mean and --std with one number, or another preset than " + preset);
            }
            return values;
        }

        float[] apply(byte[] rgb, ImageLayout layout) {
            float[] values = new float[layout.channels() * layout.height() * layout.width()];
            for (int y = 0; y < layout.height(); y++) {
                for (int x = 0; x < layout.width(); x++) {
                    int at = 3 * (y * layout.width() + x);
                    for (int c = 0; c < layout.channels(); c++) {
                        int pixel = layout.channels() == 1 ? luma(rgb, at) : rgb[at + (bgr ? 2 - c : c)] & 0xff;
                        values[layout.index(c, y, x)] = (pixel / divisor - mean.get(c)) / std.get(c);
                    }
                }
            }
            return values;
        }

        /** ITU-R BT.601 luma, rounded. */
        private static int luma(byte[] rgb, int at) {
            return (299 * (rgb[at] & 0xff) + 587 * (rgb[at + 1] & 0xff) + 114 * (rgb[at + 2] & 0xff) + 500) / 1000;
        }
    }
}
