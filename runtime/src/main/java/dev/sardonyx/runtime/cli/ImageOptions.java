package dev.sardonyx.runtime.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A picture as input.
 *
 * @param file a PNG or JPEG file
 * @param preset how to normalise; where empty, {@code cifar10} for models up to 64 pixels, {@code unit} for grey ones, else {@code
 *     imagenet}
 * @param mean replaces the preset's mean; in the model's channel order, on the preset's scale; empty: the preset's
 * @param std likewise
 * @param bgr whether the model wants blue first, whatever the preset says
 * @param resize what the shorter side is scaled to before cropping; where empty, as the preset says
 */
public record ImageOptions(
        Path file, Optional<Preset> preset, List<Float> mean, List<Float> std, boolean bgr, OptionalInt resize) {

    private static final int LARGEST_RESIZE = 1 << 15;

    /**
     * @throws UsageException if a number makes no sense
     */
    public ImageOptions {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        checkCount("--mean", mean);
        checkCount("--std", std);
        if (std.contains(0f)) {
            throw new UsageException("--std must not be 0");
        }
        if (resize.isPresent() && (resize.getAsInt() < 1 || resize.getAsInt() > LARGEST_RESIZE)) {
            throw new UsageException(
                    "--resize must lie between 1 and " + LARGEST_RESIZE + ", not " + resize.getAsInt());
        }
    }

    /** {@code file} as the preset that fits the model wants it. */
    public static ImageOptions of(Path file) {
        return new ImageOptions(file, Optional.empty(), List.of(), List.of(), false, OptionalInt.empty());
    }

    private static void checkCount(String option, List<Float> values) {
        if (values.size() == 2 || values.size() > 3) {
            throw new UsageException(option + " takes one number a channel, 1 or 3, not " + values.size());
        }
    }

    /**
     * Numbers with commas between them.
     *
     * @param option the option that they belong to, for the message
     * @throws UsageException if one of them is no finite number
     */
    public static List<Float> numbers(String option, String text) {
        List<Float> numbers = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            numbers.add(number(option, part.strip()));
        }
        return numbers;
    }

    private static float number(String option, String text) {
        try {
            float value = Float.parseFloat(text);
            if (Float.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw new UsageException(option + ": '" + text + "' is no number");
    }
}
