package dev.sardonyx.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sardonyx.runtime.ElementType;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages are written out: field 1 dims (08), 2 data_type (10), 4 float_data (22, 25), 5 int32_data (2a, 28), 7 int64_data (3a, 38), 8 name (42), 9 raw_data (4a), 10 double_data (52, 51). */
class TensorProtoFileTest {

    private static TensorData parse(String hex) {
        return TensorProtoFile.parse(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @ParameterizedTest
    @CsvSource({
        "FLOAT32, 1002 1001 4a08 0000803f000020c0, -2.5",
        "UINT8, 1002 4a02 01fe, 254",
        "INT8, 1003 4a02 01fe, -2",
        "INT16, 1005 4a04 0100feff, -2",
        "INT32, 1006 4a08 01000000feffffff, -2",
        "INT64, 1007 4a10 0100000000000000feffffffffffffff, -2",
        "BOOL, 1009 4a02 0102, 1",
        "FLOAT16, 100a 4a04 003c00c1, -2.5",
        "FLOAT64, 100b 4a10 000000000000f03f00000000000004c0, -2.5",
    })
    void readsRawData(ElementType type, String fields, float second) {
        assertTensor(parse("0802" + fields), type, second);
    }

    @ParameterizedTest
    @CsvSource({
        "FLOAT32, 1001 2208 0000803f000020c0, -2.5",
        "FLOAT32, 1001 25 0000803f 25 000020c0, -2.5",
        "FLOAT32, 1001 25 0000803f 2204 000020c0, -2.5",
        "FLOAT64, 100b 5210 000000000000f03f00000000000004c0, -2.5",
        "FLOAT64, 100b 51 000000000000f03f 51 00000000000004c0, -2.5",
        "INT64, 1007 3a0b 01feffffffffffffffff01, -2",
        "INT64, 1007 3801 38feffffffffffffffff01, -2",
        "INT32, 1006 2a0b 01feffffffffffffffff01, -2",
        "INT32, 1006 2801 28feffffffffffffffff01, -2",
        "INT16, 1005 2a0b 01feffffffffffffffff01, -2",
        "INT8, 1003 2a0b 01feffffffffffffffff01, -2",
        "UINT8, 1002 2a03 01fe01, 254",
        "BOOL, 1009 2a02 0101, 1",
        "FLOAT16, 100a 2a05 8078 808203, -2.5",
    })
    void readsTypedFieldsPackedAndNot(ElementType type, String fields, float second) {
        assertTensor(parse("0802" + fields), type, second);
        assertTensor(parse(fields + "0a0102"), type, second); // dims packed, and last
    }

    private static void assertTensor(TensorData tensor, ElementType type, float second) {
        assertThat(tensor.elementType()).isEqualTo(type);
        assertThat(tensor.shape()).containsExactly(2);
        assertThat(tensor.values()).containsExactly(1, second);
    }

    @Test
    void readsNameShapeAndSkipsTheRest() {
        TensorData tensor =
                parse("0801 0803 1002 4203 c3a978 4a03 010203 6203 646f63 f80601 9a0700 a1060000000000000000");
        assertThat(tensor.name()).isEqualTo("éx");
        assertThat(tensor.shape()).containsExactly(1, 3);
        assertThat(tensor.values()).containsExactly(1, 2, 3);
    }

    @Test
    void readsScalarsAndEmptyTensors() {
        assertThat(parse("1002 4a01 07").values()).containsExactly(7);
        assertThat(parse("0800 08ffffffff07 1001").values()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'', data_type is undefined;",
        "0801 1008 3201 61, data_type is string;",
        "0801 1010 4a02 0000, data_type is bfloat16;",
        "0801 1017 4a01 00, data_type is float4e2m1;",
        "0801 1018 4a01 00, data_type is float8e8m0;",
        "0801 1019 4a01 00, data_type is uint2;",
        "0801 101a 4a01 00, data_type is int2;",
        "0801 101b 4a01 00, data_type is 27 (which ONNX does not define);",
        "0802 1001 4a04 0000803f, 'shape [2] does not agree with its data, 4 bytes'",
        "0801 1001 4a05 0000803f00, 'shape [1] does not agree with its data, 5 bytes'",
        "0802 1001 2204 0000803f, 'shape [2] does not agree with its data, 1 elements'",
        "0801 1001 2a01 01, 'shape [1] does not agree with its data, 0 elements'",
        "08ffffffff07 08ffffffff07 1001 4a04 0000803f, does not agree with its data",
        "08ffffffffffffffffff01 1001, dimension -1 lies outside",
        "0880808080802010 01, dimension 1099511627776 lies outside",
        "0801 1001 7001, external data",
        "0801 1001 6a00, external data",
        "0801 1001 1a00, segment of a tensor",
        "0801 1001 4a7f 00, is cut off",
        "0801 1001 4affffffffffffffffff01 00, is cut off",
        "0801 1001 2203 000000, is cut off",
        "08, is cut off",
        "08ffffffffffffffffffff01, no well-formed protobuf",
        "00, no well-formed protobuf",
        "0b0c, no well-formed protobuf",
        "0f, no well-formed protobuf",
        "0801 1001 4a, is cut off",
        "0801 4a0100 4d0000, no well-formed protobuf",
    })
    void refuses(String hex, String message) {
        assertThatThrownBy(() -> parse(hex)).isInstanceOf(UsageException.class).hasMessageContaining(message);
    }

    @Test
    void refusesTooManyDimensions() {
        assertThatThrownBy(() -> parse("0801".repeat(65) + "1002 4a01 07"))
                .hasMessageContaining("more than 64 dimensions");
    }

    @Property(tries = 2000)
    void anyBytesGiveATensorOrAUsageException(@ForAll @Size(max = 60) byte[] bytes) {
        byte[] valid = HexFormat.of().parseHex("080210014a080000803f000020c0");
        byte[] mixed = ByteBuffer.allocate(valid.length + bytes.length)
                .put(valid)
                .put(bytes)
                .array();
        for (byte[] message : List.of(bytes, mixed)) {
            try {
                assertThat(TensorProtoFile.parse(message).values()).hasSizeLessThanOrEqualTo(mixed.length);
            } catch (UsageException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }
}
