package dev.sardonyx.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageInputTest {

    @TempDir
    Path folder;

    private Path picture = Path.of("");

    /** A picture of two pixels: (200, 100, 50) and (10, 20, 30). */
    @BeforeEach
    void drawTwoPixels() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, 0xc86432);
        image.setRGB(1, 0, 0x0a141e);
        picture = folder.resolve("p.png");
        ImageIO.write(image, "png", picture.toFile());
    }

    private float[] read(Preset preset, String mean, String std, boolean bgr, Integer... shape) {
        ImageOptions options =
                new ImageOptions(picture, Optional.of(preset), numbers(mean), numbers(std), bgr, OptionalInt.empty());
        return ImageInput.read(options, FakeModel.tensor("x", shape));
    }

    private static List<Float> numbers(String text) {
        return text.isEmpty() ? List.of() : ImageOptions.numbers("--mean", text);
    }

    @Test
    void theLayoutFollowsTheShape() {
        assertThat(read(Preset.NONE, "", "", false, 1, 3, 1, 2)).containsExactly(200, 10, 100, 20, 50, 30);
        assertThat(read(Preset.NONE, "", "", false, 1, 1, 1, 2)).containsExactly(124, 18);
    }

    @Test
    void channelsMayComeLast() throws IOException {
        BufferedImage image = new BufferedImage(5, 4, BufferedImage.TYPE_INT_RGB);
        image.setRGB(1, 2, 0xc86432);
        ImageIO.write(image, "png", picture.toFile());

        float[] values = read(Preset.NONE, "", "", false, 1, 4, 5, 3);

        int at = (2 * 5 + 1) * 3;
        assertThat(new float[] {values[at], values[at + 1], values[at + 2]}).containsExactly(200, 100, 50);
        assertThat(read(Preset.NONE, "", "", false, 1, 4, 5, 1)[2 * 5 + 1]).isEqualTo(124);
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, '', '', false, 200, 100, 50",
        "NONE, '', '', true, 50, 100, 200",
        "UNIT, '', '', false, 0.784314, 0.392157, 0.196078",
        "KERAS_TF, '', '', false, 0.568628, -0.215686, -0.607843",
        "KERAS_CAFFE, '', '', false, -53.939, -16.779, 76.32",
        "KERAS_CAFFE, '1,2,3', '', true, 49, 98, 197",
        "IMAGENET, '', '', false, 1.307047, -0.285014, -0.932985",
        "IMAGENET, '', '', true, -0.932985, -0.285014, 1.307047",
        "CIFAR10, '', '', false, 1.185886, -0.369787, -0.957269",
        "UNIT, '0.5', '0.25', false, 1.137255, -0.431373, -1.215686",
        "UNIT, '0.1,0.2,0.3', '1,2,4', false, 0.684314, 0.096078, -0.02598",
        "NONE, '-1,0,1', '', false, 201, 100, 49",
    })
    void normalises(Preset preset, String mean, String std, boolean bgr, float first, float second, float third) {
        float[] values = read(preset, mean, std, bgr, 1, 3, 1, 2);

        assertThat(new float[] {values[0], values[2], values[4]})
                .containsExactly(new float[] {first, second, third}, within(2e-5f));
    }

    @ParameterizedTest
    @CsvSource({
        "1 3 32 32, CIFAR10",
        "1 64 64 3, CIFAR10",
        "1 3 224 224, IMAGENET",
        "1 3 32 65, IMAGENET",
        "1 1 28 28, UNIT"
    })
    void thePresetFollowsTheModel(String shape, Preset preset) {
        Integer[] dims =
                List.of(shape.split(" ", -1)).stream().map(Integer::valueOf).toArray(Integer[]::new);

        assertThat(ImageInput.read(ImageOptions.of(picture), FakeModel.tensor("x", dims)))
                .isEqualTo(read(preset, "", "", false, dims));
    }

    @ParameterizedTest
    @CsvSource({"10", "1 10", "1 2 8 8", "2 3 8 8", "1 3 8", "1 3 0 8", "1 8 8 4"})
    void refusesModelsThatTakeNoPicture(String shape) {
        Integer[] dims =
                List.of(shape.split(" ", -1)).stream().map(Integer::valueOf).toArray(Integer[]::new);

        assertThatThrownBy(() -> read(Preset.NONE, "", "", false, dims))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("'x' is [");
    }

    @Test
    void refusesColourStatisticsForGreyModels() {
        assertThatThrownBy(() -> read(Preset.IMAGENET, "", "", false, 1, 1, 8, 8))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("the mean has 3 channels");
    }
}
