package dev.sardonyx.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResamplerTest {

    private static Picture pattern(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int red = (x * 37 + y * 11) % 256;
                int green = (x * 5 + y * 91) % 256;
                int blue = (x * x * 3 + y * y * 7) % 256;
                image.setRGB(x, y, red << 16 | green << 8 | blue);
            }
        }
        return new Picture(image);
    }

    private static byte[] scale(Picture picture, int width, int height) {
        return Resampler.scale(picture, new Framing(width, height, 0, 0), width, height);
    }

    /** The expected bytes are those of {@code Image.resize((w, h), Image.BILINEAR)} in Pillow 9.4. */
    @ParameterizedTest
    @CsvSource({
        "7, 5, 3, 2, 2b53107a5e2ac9695d415b48906662c27195",
        "8, 8, 4, 4, 22450a654e1caf584683607f366834797146bf7b7089839b4c7e918f878cbd91a64c99705f659da26e5fa37877438095",
        "100, 1, 4, 2, 7148737da28589617280a7897148737da28589617280a789",
        "3, 2, 7, 5,"
            + " 00000005010015030225050335070745090b4a0a0c010901060a01160c03260e0436100846120c4b130d062e040b2f041b310"
            + "62b33073b350b4b370f5038100a52060f53061f55082f57093f590d4f5b11545c120b5b07105c07205e0930600a40620e506412556513",
    })
    void agreesWithPil(int width, int height, int newWidth, int newHeight, String expected) {
        byte[] scaled = scale(pattern(width, height), newWidth, newHeight);

        assertThat(HexFormat.of().formatHex(scaled)).isEqualTo(expected);
    }

    @Test
    void aPictureOfTheRightSizeStaysAsItIs() {
        Picture picture = pattern(13, 9);
        byte[] scaled = scale(picture, 13, 9);

        byte[] row = new byte[13 * 3];
        for (int y = 0; y < 9; y++) {
            picture.row(y, row);
            assertThat(HexFormat.of().formatHex(scaled, y * row.length, (y + 1) * row.length))
                    .isEqualTo(HexFormat.of().formatHex(row));
        }
    }

    @Test
    void aCropIsAPartOfTheWhole() {
        Picture picture = pattern(40, 30);
        byte[] whole = scale(picture, 20, 15);
        byte[] part = Resampler.scale(picture, new Framing(20, 15, 6, 4), 5, 3);

        for (int y = 0; y < 3; y++) {
            int from = ((y + 4) * 20 + 6) * 3;
            assertThat(HexFormat.of().formatHex(part, y * 15, (y + 1) * 15))
                    .isEqualTo(HexFormat.of().formatHex(whole, from, from + 15));
        }
    }

    @Test
    void aFineCheckerboardBecomesGrey() {
        BufferedImage board = new BufferedImage(512, 512, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 512 * 512; i++) {
            board.setRGB(i % 512, i / 512, (i % 512 + i / 512) % 2 == 0 ? 0xffffff : 0);
        }

        assertThat(scale(new Picture(board), 4, 4)).containsOnly((byte) 127, (byte) 128);
    }
}
