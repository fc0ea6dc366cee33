package dev.sardonyx.compiler.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.runtime.ElementType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A tensor of the file. Raw data is written apart from the message, so that it is never copied as a whole. */
record Initializer(String name, Tensor tensor, OnnxWriter.Storage storage) {

    TensorType type() {
        return tensor.type();
    }

    long bytes() {
        return (long) type().shape().elements() * type().element().bytes();
    }

    /** All but the raw data. */
    TensorProto.Builder header() {
        var header = TensorProto.newBuilder().setName(name).setDataType(ElementTypes.number(type().element()));
        type().shape().dims().forEach(header::addDims);
        if (storage == OnnxWriter.Storage.TYPED_FIELD) {
            addTypedField(header);
        }
        return header;
    }

    TensorProto toProto() {
        if (storage == OnnxWriter.Storage.TYPED_FIELD) {
            return header().build();
        }
        ByteString.Output raw = ByteString.newOutput((int) bytes());
        try {
            writeRaw(raw);
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
        return header().setRawData(raw.toByteString()).build();
    }

    private void addTypedField(TensorProto.Builder header) {
        switch (tensor) {
            case Tensor.Floats floats -> {
                for (float value : floats.values()) {
                    switch (type().element()) {
                        case FLOAT64 -> header.addDoubleData(value);
                        case FLOAT16 -> header.addInt32Data(Short.toUnsignedInt(Float.floatToFloat16(value)));
                        default -> header.addFloatData(value);
                    }
                }
            }
            case Tensor.Integers integers -> {
                for (long value : integers.values()) {
                    if (type().element() == ElementType.INT64) {
                        header.addInt64Data(value);
                    } else {
                        header.addInt32Data((int) value);
                    }
                }
            }
        }
    }

    void writeRaw(OutputStream out) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        int perChunk = chunk.capacity() / type().element().bytes();
        for (int from = 0; from < type().shape().elements(); from += perChunk) {
            int to = Math.min(type().shape().elements() - from, perChunk) + from;
            switch (tensor) {
                case Tensor.Floats floats -> put(floats.values(), from, to, chunk);
                case Tensor.Integers integers -> put(integers.values(), from, to, chunk);
            }
            out.write(chunk.array(), 0, chunk.position());
            chunk.clear();
        }
    }

    private void put(float[] values, int from, int to, ByteBuffer chunk) {
        for (int i = from; i < to; i++) {
            switch (type().element()) {
                case FLOAT64 -> chunk.putDouble(values[i]);
                case FLOAT16 -> chunk.putShort(Float.floatToFloat16(values[i]));
                default -> chunk.putFloat(values[i]);
            }
        }
    }

    private void put(long[] values, int from, int to, ByteBuffer chunk) {
        for (int i = from; i < to; i++) {
            switch (type().element()) {
                case INT64 -> chunk.putLong(values[i]);
                case INT32 -> chunk.putInt((int) values[i]);
                case INT16 -> chunk.putShort((short) values[i]);
                default -> chunk.put((byte) values[i]);
            }
        }
    }
}
