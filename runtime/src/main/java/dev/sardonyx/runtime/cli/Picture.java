package dev.sardonyx.runtime.cli;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A decoded PNG or JPEG file, read row by row as 8-bit RGB. Colour profiles and EXIF orientation are not applied; transparent pixels
 * stand on white; 16-bit samples keep their upper half.
 */
final class Picture {

    /** Larger pictures are refused: a few kilobytes of file can claim gigabytes of pixels. */
    static final long MOST_PIXELS = 1L << 26;

    /** Words of the JDK's reader and of libjpeg. */
    private static final Pattern FATAL_WARNING =
            Pattern.compile("premature|truncated|bad Huffman code|inconsistent progression", Pattern.CASE_INSENSITIVE);

    private static final int LONGEST_SIDE = (1 << 16) - 1;

    private final BufferedImage image;
    private final ColorModel colors;
    private final Raster raster;
    private final int[] samples;

    Picture(BufferedImage image) {
        this.image = image;
        colors = image.getColorModel();
        raster = image.getRaster();
        samples = new int[raster.getNumBands() * image.getWidth()];
    }

    /**
     * Decodes {@code file}.
     *
     * @throws UsageException if it is neither PNG nor JPEG, is damaged, or holds more than {@link #MOST_PIXELS}
     */
    static Picture read(Path file) {
        String format = format(file);
        System.setProperty("java.awt.headless", "true"); // before the first class of AWT wants a screen
        ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            if (in == null) {
                throw new IOException("it cannot be opened");
            }
            reader.setInput(in, true, true);
            reader.addIIOReadWarningListener((_, warning) -> checkWarning(file, warning));
            checkSize(file, reader.getWidth(0), reader.getHeight(0));
            return supported(file, new Picture(reader.read(0)));
        } catch (UsageException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // the decoders throw many kinds for damaged files
            String name = format.toUpperCase(Locale.ROOT);
            throw new UsageException(
                    endsEarly(e)
                            ? file + ": is cut off: the " + name + " picture goes on after the file's end"
                            : file + ": is damaged: it cannot be decoded as " + name + " (" + e.getMessage() + ")",
                    e);
        } finally {
            reader.dispose();
        }
    }

    /** The JPEG decoder makes up what is missing and only warns of it. It warns of harmless things, too. */
    private static void checkWarning(Path file, String warning) {
        if (FATAL_WARNING.matcher(warning).find()) {
            throw new UsageException(
                    file + ": is cut off or damaged: part of the picture is missing (" + warning + ")");
        }
    }

    private static boolean endsEarly(@Nullable Throwable failure) {
        return failure != null && (failure instanceof EOFException || endsEarly(failure.getCause()));
    }

    private static String format(Path file) {
        byte[] start = InputFiles.start(file, 8);
        if (start.length == 8 && start[0] == (byte) 0x89 && start[1] == 'P' && start[2] == 'N' && start[3] == 'G') {
            return "png";
        }
        if (start.length >= 3 && start[0] == (byte) 0xff && start[1] == (byte) 0xd8 && start[2] == (byte) 0xff) {
            return "jpeg";
        }
        throw new UsageException(file + ": is neither a PNG nor a JPEG picture");
    }

    private static void checkSize(Path file, int width, int height) {
        if (width > LONGEST_SIDE || height > LONGEST_SIDE || (long) width * height > MOST_PIXELS) {
            throw new UsageException(file + ": is " + width + "x" + height + " pixels; at most " + LONGEST_SIDE
                    + " a side and " + MOST_PIXELS + " in all are read");
        }
    }

    private static Picture supported(Path file, Picture picture) {
        int components = picture.colors.getNumColorComponents();
        if (components != 1 && components != 3) {
            throw new UsageException(file + ": has " + components + " colour components; grey and RGB are read");
        }
        return picture;
    }

    int width() {
        return image.getWidth();
    }

    int height() {
        return image.getHeight();
    }

    /** Stores row {@code y} as red, green, blue bytes. */
    void row(int y, byte[] rgb) {
        if (colors instanceof IndexColorModel) {
            indexedRow(y, rgb);
            return;
        }
        int bands = raster.getNumBands();
        int colorBands = colors.getNumColorComponents();
        raster.getPixels(raster.getMinX(), raster.getMinY() + y, width(), 1, samples);
        for (int x = 0; x < width(); x++) {
            int at = x * bands;
            int alpha = colors.hasAlpha() ? to8Bits(samples[at + colorBands], colorBands) : 255;
            for (int c = 0; c < 3; c++) {
                int band = colorBands == 1 ? 0 : c;
                rgb[3 * x + c] = onWhite(to8Bits(samples[at + band], band), alpha);
            }
        }
    }

    private void indexedRow(int y, byte[] rgb) {
        for (int x = 0; x < width(); x++) {
            int argb = image.getRGB(x, y);
            for (int c = 0; c < 3; c++) {
                rgb[3 * x + c] = onWhite((argb >> (16 - 8 * c)) & 0xff, argb >>> 24);
            }
        }
    }

    private int to8Bits(int sample, int band) {
        int bits = colors.getComponentSize(band);
        return bits >= 8 ? sample >> (bits - 8) : sample * 255 / ((1 << bits) - 1);
    }

    private static byte onWhite(int value, int alpha) {
        return (byte) ((value * alpha + 255 * (255 - alpha) + 127) / 255);
    }
}
