package dev.sardonyx.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sardonyx.runtime.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyTest {

    @TempDir
    Path folder;

    private static byte[] npy(int version, String header, String hexData) {
        byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
        byte[] data = HexFormat.of().parseHex(hexData);
        ByteBuffer file = ByteBuffer.allocate(12 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        if (version == 1) {
            file.putShort((short) text.length);
        } else {
            file.putInt(text.length);
        }
        file.put(text).put(data);
        return Arrays.copyOf(file.array(), file.position());
    }

    private static String header(String descr, String shape) {
        return "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }";
    }

    @ParameterizedTest
    @CsvSource({
        "<f4, FLOAT32, 0000803f000020c0, -2.5",
        "<f8, FLOAT64, 000000000000f03f00000000000004c0, -2.5",
        "<f2, FLOAT16, 003c00c1, -2.5",
        "<i8, INT64, 0100000000000000feffffffffffffff, -2",
        "<i4, INT32, 01000000feffffff, -2",
        "<i2, INT16, 0100feff, -2",
        "|i1, INT8, 01fe, -2",
        "|u1, UINT8, 01fe, 254",
        "|b1, BOOL, 0102, 1",
    })
    void readsOneAndAnotherValueOfEachType(String descr, ElementType type, String data, float second) {
        TensorData tensor = Npy.parse(npy(1, header(descr, "(2,)"), data));

        assertThat(tensor.elementType()).isEqualTo(type);
        assertThat(tensor.shape()).containsExactly(2);
        assertThat(tensor.values()).containsExactly(1, second);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"(); 1", "(1,); 1", "(1, 1); 1", "(1L, 1L); 1", "(0,); 0", "(0, 2147483647, 2147483647); 0"})
    void readsEachKindOfShape(String shape, int elements) {
        TensorData tensor = Npy.parse(npy(1, header("|u1", shape), "07".repeat(elements)));

        assertThat(tensor.values()).hasSize(elements);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void readsEachFormatVersion(int version) {
        assertThat(Npy.parse(npy(version, header("|u1", "(1,)"), "07")).values())
                .containsExactly(7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "{'descr': '>f4', 'fortran_order': False, 'shape': (1,)}; 00000000; big-endian",
                "{'descr': '<f4', 'fortran_order': True, 'shape': (1,)}; 00000000; Fortran order",
                "{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}; 0000000000000000; '<c8' is not supported",
                "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}; 00000000; structured",
                "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}; 00; '|O' is not supported",
                "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,)}; 00000000; neither True nor False",
                "{'descr': '<f4', 'fortran_order': False}; 00000000; needs descr, fortran_order and shape",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}; 00000000; unknown key 'x'",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}; 00000000; does not agree with the 4 bytes",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}; 0000000000; does not agree with the 5 bytes",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}; 00000000; '-1' is no dimension",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999,)}; 00; '9999999999' is no dimension",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647)}; 00; does not agree",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536, 65536, 65536, 0x1)}; 00; malformed",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (1; 00000000; malformed NPY header",
                "{'descr: 00000000; 00; malformed NPY header",
                "hello; 00; '{' expected",
            })
    void refusesHeader(String header, String data, String message) {
        assertThatThrownBy(() -> Npy.parse(npy(1, header, data)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "'', does not begin with",
        "504b0304, does not begin with",
        "934e554d5059, truncated within its header",
        "934e554d50590100, truncated within its header",
        "934e554d505901000500, truncated within its header",
        "934e554d50590200ffffffff, claims 4294967295 bytes",
        "934e554d505909000000, version 9 is unknown",
    })
    void refusesFile(String hex, String message) {
        assertThatThrownBy(() -> Npy.parse(HexFormat.of().parseHex(hex)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesTooManyDimensions() {
        String shape = "(" + "1, ".repeat(65) + ")";

        assertThatThrownBy(() -> Npy.parse(npy(1, header("|u1", shape), "07")))
                .hasMessageContaining("more than 64 dimensions");
    }

    @Property(tries = 500)
    void anyHeaderGivesATensorOrAUsageException(
            @ForAll
                    @Chars({'{', '}', '(', ')', '\'', ',', ':', '1', '9', 'd', 's', ' ', '[', '-', 'L'})
                    @StringLength(max = 40)
                    String text) {
        for (String header : List.of(text, "{'descr': '|u1', 'fortran_order': False, 'shape': " + text)) {
            try {
                assertThat(Npy.parse(npy(1, header, "00")).values()).hasSizeLessThanOrEqualTo(1);
            } catch (UsageException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ElementType.class)
    void readsWhatItWrites(ElementType type) {
        Path file = folder.resolve("x.npy");
        TensorData tensor = new TensorData("", type, List.of(2, 1, 2), new float[] {0, 1, 1, 0});

        Npy.write(file, tensor);

        assertThat(Npy.read(file)).usingRecursiveComparison().isEqualTo(tensor);
    }

    @ParameterizedTest
    @CsvSource({"INT8, -128, 127", "UINT8, 0, 255", "INT16, -32768, 32767"})
    void saturatesIntegers(ElementType type, float least, float largest) {
        Path file = folder.resolve("x.npy");

        Npy.write(file, new TensorData("", type, List.of(3), new float[] {-1e9f, 1e9f, Float.NaN}));

        assertThat(Npy.read(file).values()).containsExactly(least, largest, 0);
    }

    @Test
    void writesTheHeaderAsNumPyDoes() throws IOException {
        Path file = folder.resolve("x.npy");

        Npy.write(file, new TensorData("", ElementType.FLOAT32, List.of(1, 10), new float[10]));

        byte[] bytes = Files.readAllBytes(file);
        String start = "\u0093NUMPY\u0001\u0000v\u0000{'descr': '<f4', 'fortran_order': False, 'shape': (1, 10), }";
        assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).startsWith(start);
        assertThat(bytes).hasSize(128 + 40);
        assertThat(bytes[127]).isEqualTo((byte) '\n');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"''; ()", "5; (5,)", "5 6; (5, 6)", "5 6 7; (5, 6, 7)"})
    void writesTuplesAsPythonDoes(String dims, String tuple) throws IOException {
        List<Integer> shape = dims.isEmpty()
                ? List.of()
                : List.of(dims.split(" ", -1)).stream().map(Integer::valueOf).toList();
        Path file = folder.resolve("x.npy");

        Npy.write(file, new TensorData("", ElementType.UINT8, shape, new float[TensorData.elements(shape)]));

        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).contains("'shape': " + tuple + ", }");
    }

    @Test
    void writesArraysLongerThanItsBuffer() {
        Path file = folder.resolve("x.npy");
        float[] values = new float[100_003];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }

        Npy.write(file, new TensorData("", ElementType.FLOAT32, List.of(values.length), values));

        assertThat(Npy.read(file).values()).isEqualTo(values);
    }

    @Test
    void namesTheFileInMessages() throws IOException {
        Path file = Files.write(folder.resolve("broken.npy"), new byte[] {1, 2, 3});

        assertThatThrownBy(() -> Npy.read(file))
                .hasMessage(file + ": is no NPY file: it does not begin with \\x93NUMPY");
    }
}
