package dev.sardonyx.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureTest {

    @TempDir
    Path folder;

    private Path write(BufferedImage image, String format) throws IOException {
        Path file = folder.resolve("picture"); // the extension does not matter
        ImageIO.write(image, format, file.toFile());
        return file;
    }

    /** A PNG file of one row, with any header and any raw samples. */
    private Path png(int width, int height, int bits, int colorType, byte... row) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(0x89504e470d0a1a0aL);
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        DataOutputStream fields = new DataOutputStream(header);
        fields.writeInt(width);
        fields.writeInt(height);
        fields.write(new byte[] {(byte) bits, (byte) colorType, 0, 0, 0});
        chunk(out, "IHDR", header.toByteArray());
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(data)) {
            deflater.write(0); // no filter
            deflater.write(row);
        }
        chunk(out, "IDAT", data.toByteArray());
        chunk(out, "IEND", new byte[0]);
        return Files.write(folder.resolve("made.png"), bytes.toByteArray());
    }

    private static void chunk(DataOutputStream out, String type, byte[] data) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        out.writeInt(data.length);
        out.write(name);
        out.write(data);
        out.writeInt((int) crc.getValue());
    }

    private static int[] firstRow(Path file) {
        Picture picture = Picture.read(file);
        byte[] rgb = new byte[3 * picture.width()];
        picture.row(0, rgb);
        int[] values = new int[rgb.length];
        Arrays.setAll(values, i -> rgb[i] & 0xff);
        return values;
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                BufferedImage.TYPE_INT_RGB,
                BufferedImage.TYPE_INT_ARGB,
                BufferedImage.TYPE_3BYTE_BGR,
                BufferedImage.TYPE_4BYTE_ABGR
            })
    void readsColourPngs(int type) throws IOException {
        BufferedImage image = new BufferedImage(2, 1, type);
        image.setRGB(0, 0, 0xffc86432);
        image.setRGB(1, 0, 0xff0a141e);

        assertThat(firstRow(write(image, "png"))).containsExactly(200, 100, 50, 10, 20, 30);
    }

    @Test
    void readsJpegs() throws IOException {
        BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 256; i++) {
            image.setRGB(i % 16, i / 16, new Color(200, 100, 50).getRGB());
        }

        int[] row = firstRow(write(image, "jpeg"));

        for (int i = 0; i < row.length; i++) {
            assertThat(row[i]).isCloseTo(List.of(200, 100, 50).get(i % 3), within(2));
        }
    }

    @Test
    void readsPalettes() throws IOException {
        byte[] levels = {(byte) 200, 10};
        IndexColorModel palette = new IndexColorModel(1, 2, levels, new byte[] {100, 20}, new byte[] {50, 30});
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
        image.getRaster().setSample(0, 0, 0, 0);
        image.getRaster().setSample(1, 0, 0, 1);

        assertThat(firstRow(write(image, "png"))).containsExactly(200, 100, 50, 10, 20, 30);
    }

    @ParameterizedTest
    @CsvSource({
        "8, 0, 100, 100 100 100", // grey as stored: no gamma
        "16, 0, 100 255, 100 100 100",
        "1, 0, 128, 255 255 255",
        "2, 0, 64, 85 85 85",
        "4, 0, 80, 85 85 85",
        "16, 2, 200 1 100 2 50 3, 200 100 50",
        "8, 4, 100 255, 100 100 100",
        "8, 4, 100 0, 255 255 255", // transparent: white
        "8, 6, 0 0 0 51, 204 204 204",
        "8, 6, 200 100 50 255, 200 100 50",
    })
    void readsPngSamples(int bits, int colorType, String samples, String expected) throws IOException {
        Path file = png(1, 1, bits, colorType, bytes(samples));

        assertThat(firstRow(file))
                .containsExactly(List.of(expected.split(" ", -1)).stream()
                        .mapToInt(Integer::parseInt)
                        .toArray());
    }

    private static byte[] bytes(String samples) {
        String[] words = samples.split(" ", -1);
        byte[] bytes = new byte[words.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(words[i]);
        }
        return bytes;
    }

    @ParameterizedTest
    @CsvSource({"60000, 60000", "65536, 1", "1, 65536", "2147483647, 2147483647"})
    void refusesBombsBeforeDecoding(int width, int height) throws IOException {
        Path file = png(width, height, 8, 2);

        assertThatThrownBy(() -> Picture.read(file))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(width + "x" + height + " pixels; at most");
    }

    @Test
    void refusesOtherFormats() throws IOException {
        Path gif = write(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB), "gif");
        assertThatThrownBy(() -> Picture.read(gif)).hasMessage(gif + ": is neither a PNG nor a JPEG picture");
        Path empty = Files.write(folder.resolve("empty"), new byte[0]);
        assertThatThrownBy(() -> Picture.read(empty)).hasMessage(empty + ": is empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpeg"})
    void damagedFilesGiveAPictureOrAUsageException(String format) throws IOException {
        Random random = new Random(7);
        BufferedImage image = new BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB);
        byte[] good = Files.readAllBytes(write(image, format));
        for (int i = 0; i < 150; i++) {
            byte[] bad = Arrays.copyOf(good, i % 3 == 0 ? random.nextInt(good.length) : good.length);
            for (int k = 0; k < i % 4 && bad.length > 8; k++) {
                bad[8 + random.nextInt(bad.length - 8)] = (byte) random.nextInt();
            }
            Path file = Files.write(folder.resolve("bad"), bad);
            try {
                assertThat(Picture.read(file).width()).isPositive();
            } catch (UsageException e) {
                assertThat(e.getMessage()).startsWith(file.toString());
            }
        }
    }

    /** Noise in the middle: what is missing cannot be guessed. */
    private Path pictureOfNoise(String format, boolean progressive) throws IOException {
        Random random = new Random(3);
        BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 40 * 30; i++) {
            image.setRGB(i % 40, i / 40, random.nextInt());
        }
        Path file = folder.resolve("noise." + format);
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            if (progressive) {
                parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
            }
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, List.of(), null), parameters);
        } finally {
            writer.dispose();
        }
        return file;
    }

    private static byte[] pixels(Picture picture) {
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        byte[] row = new byte[3 * picture.width()];
        for (int y = 0; y < picture.height(); y++) {
            picture.row(y, row);
            pixels.writeBytes(row);
        }
        return pixels.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({"png, false", "png, true", "jpeg, false", "jpeg, true"})
    void aPictureThatIsCutOffIsWholeOrAnError(String format, boolean progressive) throws IOException {
        Path whole = pictureOfNoise(format, progressive);
        byte[] bytes = Files.readAllBytes(whole);
        byte[] expected = pixels(Picture.read(whole));
        int refused = 0;
        for (int length = 8; length < bytes.length; length += Math.max(1, Math.min(37, bytes.length - length - 8))) {
            Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, length));
            try {
                assertThat(pixels(Picture.read(cut)))
                        .as("%d of %d bytes", length, bytes.length)
                        .isEqualTo(expected);
            } catch (UsageException e) {
                assertThat(e.getMessage())
                        .as("%d of %d bytes", length, bytes.length)
                        .contains("is cut off");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(20);
    }
}
