package dev.sardonyx.runtime.cli;

import java.util.OptionalInt;

/**
 * Which part of the scaled picture a model sees.
 *
 * @param scaledWidth columns of the whole picture after scaling
 * @param scaledHeight rows of the whole picture after scaling
 * @param left first column that the model sees
 * @param top first row that the model sees
 */
record Framing(int scaledWidth, int scaledHeight, int left, int top) {

    /**
     * The middle of the picture, after its shorter side was scaled to {@code resize} pixels, or to what the preset says. A picture that
     * has the model's size is not scaled unless {@code resize} asks for it.
     *
     * @throws UsageException if the scaled picture would be smaller than the model's input
     */
    static Framing of(int width, int height, ImageLayout layout, Preset preset, OptionalInt resize) {
        if (resize.isEmpty() && width == layout.width() && height == layout.height()) {
            return new Framing(width, height, 0, 0);
        }
        int shorter = Math.min(width, height);
        int target = resize.orElseGet(() -> Math.max(
                shorterSideFor(preset.shorterSide(layout.width()), width, shorter),
                shorterSideFor(preset.shorterSide(layout.height()), height, shorter)));
        long scaledWidth = Math.round((double) width * target / shorter);
        long scaledHeight = Math.round((double) height * target / shorter);
        if (scaledWidth < layout.width() || scaledHeight < layout.height()) {
            throw new UsageException("--resize " + target + " makes the picture " + scaledWidth + "x" + scaledHeight
                    + ", smaller than the model's " + layout.width() + "x" + layout.height());
        }
        int left = (int) ((scaledWidth - layout.width()) / 2);
        int top = (int) ((scaledHeight - layout.height()) / 2);
        return new Framing(Math.toIntExact(scaledWidth), Math.toIntExact(scaledHeight), left, top);
    }

    /** The length of the shorter side that makes the side of {@code length} pixels at least {@code wanted}. */
    private static int shorterSideFor(int wanted, int length, int shorter) {
        return (int) Math.ceilDiv((long) wanted * shorter, length);
    }
}
