package dev.sardonyx.runtime.cli;

import java.util.List;
import java.util.Locale;

/**
 * How a family of models wants its pictures: each value is {@code (pixel / divisor - mean) / std}, channel by channel, with pixels of
 * 0 to 255.
 */
@SuppressWarnings("ImmutableEnumChecker") // the lists come from List.of
public enum Preset {
    /** torchvision's classifiers. */
    IMAGENET(255, List.of(0.485f, 0.456f, 0.406f), List.of(0.229f, 0.224f, 0.225f), false, 256),
    /** Networks trained with the channel statistics of CIFAR-10. */
    CIFAR10(255, List.of(0.4914f, 0.4822f, 0.4465f), List.of(0.2470f, 0.2435f, 0.2616f), false, 224),
    /** Keras's ResNet and VGG, as Caffe had them: BGR, mean subtracted. */
    KERAS_CAFFE(1, List.of(103.939f, 116.779f, 123.68f), List.of(), true, 256),
    /** Keras's ResNetV2: -1 to 1. */
    KERAS_TF(127.5f, List.of(1f, 1f, 1f), List.of(), false, 224),
    /** 0 to 1. */
    UNIT(255, List.of(), List.of(), false, 224),
    /** 0 to 255, as in the file. */
    NONE(1, List.of(), List.of(), false, 224);

    private final float divisor;
    private final List<Float> mean;
    private final List<Float> std;
    private final boolean bgr;
    private final int shorterSide;

    Preset(float divisor, List<Float> mean, List<Float> std, boolean bgr, int shorterSide) {
        this.divisor = divisor;
        this.mean = mean;
        this.std = std;
        this.bgr = bgr;
        this.shorterSide = shorterSide;
    }

    /** What pixels are divided by before the mean is subtracted. */
    float divisor() {
        return divisor;
    }

    /** The mean of each channel, in the preset's channel order; empty for zero. */
    List<Float> mean() {
        return mean;
    }

    /** The standard deviation of each channel, in the preset's channel order; empty for one. */
    List<Float> std() {
        return std;
    }

    /** Whether the channels are blue, green, red. */
    boolean bgr() {
        return bgr;
    }

    /** What the shorter side is scaled to before {@code crop} pixels are cut from the centre: 256 for 224 with the ImageNet habit. */
    int shorterSide(int crop) {
        return Math.round(crop * (shorterSide / 224f));
    }

    /** The name on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The preset called {@code name}.
     *
     * @throws UsageException if there is none
     */
    public static Preset parse(String name) {
        StringBuilder names = new StringBuilder();
        for (Preset preset : values()) {
            if (preset.toString().equals(name)) {
                return preset;
            }
            names.append(names.isEmpty() ? "" : ", ").append(preset);
        }
        throw new UsageException("--preset " + name + ": there is no such preset; there are " + names);
    }

    /** The preset for a model where none is asked for. */
    static Preset defaultFor(ImageLayout layout) {
        if (layout.channels() == 1) {
            return UNIT;
        }
        return Math.max(layout.height(), layout.width()) <= 64 ? CIFAR10 : IMAGENET;
    }
}
