package dev.sardonyx.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.runtime.ElementType;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads spoiled tensors, pictures and labels. Whatever a file holds, it is read or refused in a line that begins with its name:
 * there is no other exception and no exhausted memory.
 *
 * <p>A case is told by its number: {@code -Dfuzz.seed=N -Dfuzz.seconds=0 -Pcampaign -Dtest=ReaderFuzzTest} runs case N alone.
 */
class ReaderFuzzTest {

    /** What an NPY header may hold where it should hold something else. */
    private static final List<String> WORDS = List.of(
            "-1",
            "0",
            "99999999999",
            "2147483647",
            "1, 2, 3",
            "(",
            ")",
            "'",
            "{",
            "}",
            ",",
            ":",
            "<f8",
            "<f2",
            ">f4",
            "|b1",
            "<U3",
            "[('a', '<f4')]",
            "True",
            "1L",
            "\n",
            "\0",
            "é");

    @TempDir
    private Path folder;

    private final List<Path> bases = new ArrayList<>();

    @BeforeEach
    void writeBases() throws IOException {
        for (ElementType type : ElementType.values()) {
            Path npy = folder.resolve(type + ".npy");
            Npy.write(npy, new TensorData("", type, List.of(2, 3), new float[] {0, 1, 0, 1, 1, 0}));
            bases.add(npy);
        }
        HexFormat hex = HexFormat.of();
        for (String proto : List.of(
                "08021001220800000000000080 3f 420178", // packed float_data, and a name
                "080210014a08000000000000803f",
                "0802100738013802",
                "080110064a0401000000",
                "08011009 2a01 01",
                "0801100b 5208 000000000000f03f")) {
            Path file = folder.resolve(bases.size() + ".pb");
            Files.write(file, hex.parseHex(proto.replace(" ", "")));
            bases.add(file);
        }
        Random random = new Random(1);
        for (String format : List.of("png", "jpeg")) {
            for (int type : List.of(
                    BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_BYTE_INDEXED)) {
                BufferedImage image = new BufferedImage(19, 23, type);
                for (int i = 0; i < 19 * 23; i++) {
                    image.setRGB(i % 19, i / 19, random.nextInt());
                }
                Path file = folder.resolve(bases.size() + "." + format);
                ImageIO.write(image, format, file.toFile());
                bases.add(file);
            }
        }
        bases.add(Files.writeString(folder.resolve("labels.txt"), "cat\ndog\n\nzebra finch\n"));
    }

    @Test
    void the_bases_are_read() {
        bases.forEach(ReaderFuzzTest::read);
    }

    @Test
    @Timeout(60)
    void a_few_spoiled_files() throws IOException {
        for (long seed = 1; seed <= 2000; seed++) {
            check(seed);
        }
    }

    @Test
    @Tag("campaign")
    void many_spoiled_files() throws IOException {
        long start = Long.getLong("fuzz.seed", System.nanoTime() >>> 20 << 20);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong("fuzz.seconds", 300));
        System.out.println("cases from " + start);
        long seed = start;
        do {
            check(seed++);
        } while (System.nanoTime() < end);
        System.out.println("cases to " + (seed - 1));
    }

    private void check(long seed) throws IOException {
        Random random = new Random(seed);
        Path base = bases.get(random.nextInt(bases.size()));
        String name = base.getFileName().toString();
        Path file = folder.resolve("spoiled" + name.substring(name.lastIndexOf('.')));
        Files.write(file, spoil(Files.readAllBytes(base), random));
        try {
            read(file);
        } catch (UsageException refusal) {
            assertThat(refusal.getMessage())
                    .as("case %d", seed)
                    .startsWith(file + ": ")
                    .doesNotContain("null");
        } catch (Throwable finding) {
            throw new AssertionError("case " + seed + ", " + name, finding);
        }
    }

    private static void read(Path file) {
        String name = file.toString();
        if (name.endsWith(".npy") || name.endsWith(".pb")) {
            TensorData tensor = TensorFiles.read(file);
            assertThat(tensor.values()).hasSize(TensorData.elements(tensor.shape()));
        } else if (name.endsWith(".txt")) {
            Labels.read(file);
        } else {
            Picture picture = Picture.read(file);
            byte[] row = new byte[3 * picture.width()];
            for (int y = 0; y < picture.height(); y++) {
                picture.row(y, row);
            }
        }
    }

    private static byte[] spoil(byte[] bytes, Random random) {
        byte[] result = bytes;
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int at = random.nextInt(result.length + 1);
            int until = Math.min(result.length, at + random.nextInt(1, 20));
            result = switch (random.nextInt(8)) {
                case 0 -> Arrays.copyOf(result, at);
                case 1 -> joined(result, at, new byte[0], until);
                case 2 -> joined(result, until, Arrays.copyOfRange(result, at, until), until);
                case 3 -> joined(result, at, random(random), at);
                case 4 ->
                    joined(
                            result,
                            at,
                            WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8),
                            Math.min(result.length, at + random.nextInt(4)));
                default -> flipped(result, random);
            };
        }
        return result;
    }

    /** What stands before {@code to}, then {@code middle}, then what stands from {@code from} on. */
    private static byte[] joined(byte[] bytes, int to, byte[] middle, int from) {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        result.write(bytes, 0, to);
        result.writeBytes(middle);
        result.write(bytes, from, bytes.length - from);
        return result.toByteArray();
    }

    private static byte[] random(Random random) {
        byte[] bytes = new byte[random.nextInt(1, 12)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] flipped(byte[] bytes, Random random) {
        byte[] result = bytes.clone();
        if (result.length > 0) {
            result[random.nextInt(result.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return result;
    }
}
