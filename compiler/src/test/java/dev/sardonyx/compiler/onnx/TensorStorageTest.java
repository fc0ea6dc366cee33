package dev.sardonyx.compiler.onnx;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.runtime.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** TensorProtos as exporters write them, and the values they stand for. */
class TensorStorageTest {

    private static TensorProto.Builder tensor(DataType type, long... dims) {
        var tensor = TensorProto.newBuilder().setDataType(type.getNumber());
        for (long dim : dims) {
            tensor.addDims(dim);
        }
        return tensor;
    }

    private static ByteString bytes(int size, UnaryOperator<ByteBuffer> fill) {
        ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        return ByteString.copyFrom(fill.apply(buffer).flip());
    }

    static Stream<Arguments> floats() {
        short half = Float.floatToFloat16(-1.5f);
        int brain = Float.floatToIntBits(-1.5f) >>> 16;
        return Stream.of(
                row(
                        tensor(DataType.FLOAT, 2)
                                .setRawData(bytes(8, b -> b.putFloat(1).putFloat(-1.5f))),
                        ElementType.FLOAT32),
                row(tensor(DataType.FLOAT, 2).addFloatData(1).addFloatData(-1.5f), ElementType.FLOAT32),
                row(
                        tensor(DataType.DOUBLE, 2)
                                .setRawData(bytes(16, b -> b.putDouble(1).putDouble(-1.5))),
                        ElementType.FLOAT64),
                row(tensor(DataType.DOUBLE, 2).addDoubleData(1).addDoubleData(-1.5), ElementType.FLOAT64),
                row(
                        tensor(DataType.FLOAT16, 2)
                                .setRawData(bytes(
                                        4,
                                        b -> b.putShort(Float.floatToFloat16(1)).putShort(half))),
                        ElementType.FLOAT16),
                row(
                        tensor(DataType.FLOAT16, 2)
                                .addInt32Data(Float.floatToFloat16(1))
                                .addInt32Data(Short.toUnsignedInt(half)),
                        ElementType.FLOAT16),
                row(
                        tensor(DataType.BFLOAT16, 2)
                                .setRawData(
                                        bytes(4, b -> b.putShort((short) 0x3f80).putShort((short) brain))),
                        ElementType.FLOAT32),
                row(tensor(DataType.BFLOAT16, 2).addInt32Data(0x3f80).addInt32Data(brain), ElementType.FLOAT32));
    }

    private static Arguments row(TensorProto.Builder tensor, ElementType type) {
        DataType dataType = DataType.forNumber(tensor.getDataType());
        return Arguments.of(tensor, type, dataType + (tensor.hasRawData() ? " raw" : " typed"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource
    void floats(TensorProto.Builder proto, ElementType type, String name) {
        Tensor tensor = read(proto);
        assertThat(tensor.type().element()).isEqualTo(type);
        assertThat(((Tensor.Floats) tensor).values()).containsExactly(1, -1.5f);
    }

    static Stream<Arguments> integers() {
        return Stream.of(
                integers(
                        DataType.INT64,
                        ElementType.INT64,
                        bytes(16, b -> b.putLong(5).putLong(-2)),
                        5,
                        -2),
                integers(
                        DataType.INT32,
                        ElementType.INT32,
                        bytes(8, b -> b.putInt(5).putInt(-2)),
                        5,
                        -2),
                integers(
                        DataType.INT16,
                        ElementType.INT16,
                        bytes(4, b -> b.putShort((short) 5).putShort((short) -2)),
                        5,
                        -2),
                integers(
                        DataType.INT8,
                        ElementType.INT8,
                        bytes(2, b -> b.put((byte) 5).put((byte) -2)),
                        5,
                        -2),
                integers(
                        DataType.UINT8,
                        ElementType.UINT8,
                        bytes(2, b -> b.put((byte) 5).put((byte) -2)),
                        5,
                        254),
                integers(
                        DataType.BOOL,
                        ElementType.BOOL,
                        bytes(2, b -> b.put((byte) 1).put((byte) 0)),
                        1,
                        0));
    }

    private static Arguments integers(DataType dataType, ElementType type, ByteString raw, long first, long second) {
        var typed = tensor(dataType, 2);
        if (dataType == DataType.INT64) {
            typed.addInt64Data(first).addInt64Data(second);
        } else {
            typed.addInt32Data((int) first).addInt32Data((int) second);
        }
        return Arguments.of(type, tensor(dataType, 2).setRawData(raw), typed, new long[] {first, second});
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void integers(ElementType type, TensorProto.Builder raw, TensorProto.Builder typed, long[] expected) {
        for (TensorProto.Builder proto : List.of(raw, typed)) {
            Tensor tensor = read(proto);
            assertThat(tensor.type().element()).isEqualTo(type);
            assertThat(((Tensor.Integers) tensor).values()).containsExactly(expected);
        }
    }

    static Stream<Arguments> refused() {
        ByteString four = ByteString.copyFrom(new byte[4]);
        return Stream.of(
                Arguments.of(
                        tensor(DataType.FLOAT, 2).setRawData(four),
                        "has 4 bytes of raw data, but its shape and type need 8"),
                Arguments.of(
                        tensor(DataType.FLOAT).setRawData(ByteString.EMPTY),
                        "has 0 bytes of raw data, but its shape and type need 4"),
                Arguments.of(
                        tensor(DataType.FLOAT, 0).setRawData(four),
                        "has 4 bytes of raw data, but its shape and type need 0"),
                Arguments.of(
                        tensor(DataType.FLOAT, 2).addFloatData(1),
                        "has 1 values in float_data, but its shape and type need 2"),
                Arguments.of(tensor(DataType.FLOAT, 1).addInt32Data(1), "has 0 values in float_data"),
                Arguments.of(tensor(DataType.DOUBLE, 1), "has 0 values in double_data"),
                Arguments.of(tensor(DataType.INT64, 1), "has 0 values in int64_data"),
                Arguments.of(tensor(DataType.BOOL, 1), "has 0 values in int32_data"),
                Arguments.of(tensor(DataType.FLOAT, -1).setRawData(four), "a dimension of [-1] is negative"),
                Arguments.of(
                        tensor(DataType.FLOAT, 1L << 40).setRawData(four),
                        "a dimension of [1099511627776] is out of range"),
                Arguments.of(tensor(DataType.FLOAT, 1 << 20, 1 << 20).setRawData(four), "more than 2^31 - 1 elements"),
                Arguments.of(tensor(DataType.FLOAT, 1 << 30).setRawData(four), "needs 4295 MB more memory"),
                Arguments.of(tensor(DataType.INT8, 1 << 28).setRawData(four), "needs 2148 MB more memory"),
                Arguments.of(tensor(DataType.STRING, 1), "element type string is not supported"),
                Arguments.of(tensor(DataType.INT4, 1), "element type int4 is not supported"),
                Arguments.of(tensor(DataType.UNDEFINED, 1), "element type undefined is not supported"),
                Arguments.of(tensor(DataType.FLOAT8E4M3FN, 1), "element type float8e4m3fn is not supported"),
                Arguments.of(tensor(DataType.FLOAT, 1).setDataType(24), "element type float8e8m0 is not supported"),
                Arguments.of(
                        tensor(DataType.FLOAT, 1).setDataType(99),
                        "element type 99 (which ONNX does not define) is not supported"),
                Arguments.of(
                        tensor(DataType.FLOAT, 1).setRawData(four).setSegment(TensorProto.Segment.getDefaultInstance()),
                        "its data comes in segments"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource
    void refused(TensorProto.Builder proto, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> read(proto)).withMessageContaining(message);
    }

    @Test
    void messagesNameTheInitializer(@TempDir Path folder) {
        var model = new OnnxWriter("g");
        model.input("x", ElementType.FLOAT32, 2);
        model.node("y", "Add", List.of("x", "w"), attrs());
        model.outputOfAnyRank("y", ElementType.FLOAT32);
        byte[] bytes = Models.change(
                model,
                graph -> graph.addInitializer(
                        tensor(DataType.FLOAT, 2).addFloatData(1).setName("w")));
        assertThat(Models.refusal(bytes, folder, Map.of()))
                .isEqualTo("initializer 'w': has 1 values in float_data, but its shape and type need 2");
    }

    private static Tensor read(TensorProto.Builder proto) {
        return new TensorReader(Path.of("model.onnx"), new MemoryBudget(1_000_000)).read(proto.build());
    }
}
