package dev.sardonyx.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FramingTest {

    private static Framing framing(int width, int height, int cropWidth, int cropHeight, Preset preset, int resize) {
        ImageLayout layout = new ImageLayout(true, 3, cropHeight, cropWidth);
        OptionalInt wanted = resize > 0 ? OptionalInt.of(resize) : OptionalInt.empty();
        return Framing.of(width, height, layout, preset, wanted);
    }

    @ParameterizedTest
    @CsvSource({
        "224, 224, 224, 224, IMAGENET, 0, 224, 224, 0, 0", // as it is
        "224, 224, 224, 224, IMAGENET, 256, 256, 256, 16, 16", // unless asked
        "451, 300, 224, 224, IMAGENET, 0, 385, 256, 80, 16",
        "300, 451, 224, 224, KERAS_CAFFE, 0, 256, 385, 16, 80",
        "451, 300, 224, 224, NONE, 0, 337, 224, 56, 0",
        "451, 300, 32, 32, CIFAR10, 0, 48, 32, 8, 0",
        "600, 600, 299, 299, IMAGENET, 0, 342, 342, 21, 21",
        "100, 100, 20, 40, UNIT, 0, 40, 40, 10, 0", // covers a model that is not square
        "400, 100, 80, 40, UNIT, 0, 160, 40, 40, 0",
        "1, 60000, 32, 32, CIFAR10, 0, 32, 1920000, 0, 959984",
    })
    void takesTheMiddle(
            int width,
            int height,
            int cropWidth,
            int cropHeight,
            Preset preset,
            int resize,
            int scaledWidth,
            int scaledHeight,
            int left,
            int top) {
        assertThat(framing(width, height, cropWidth, cropHeight, preset, resize))
                .isEqualTo(new Framing(scaledWidth, scaledHeight, left, top));
    }

    @Test
    void refusesAResizeBelowTheModelsSize() {
        assertThatThrownBy(() -> framing(400, 300, 224, 224, Preset.IMAGENET, 200))
                .isInstanceOf(UsageException.class)
                .hasMessage("--resize 200 makes the picture 267x200, smaller than the model's 224x224");
    }
}
