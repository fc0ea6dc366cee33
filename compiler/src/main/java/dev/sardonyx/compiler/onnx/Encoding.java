package dev.sardonyx.compiler.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.sardonyx.compiler.InvalidModelException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The model as it will stand in the file: the fields of ModelProto and GraphProto in any order are the same message, so the
 * initializers are written one by one behind the rest of the graph.
 */
final class Encoding {

    /** Protocol buffers end here: no message is larger. */
    private static final long MAX_BYTES = Integer.MAX_VALUE;

    /** The ONNX specification advises page-aligned offsets, so that readers can map the tensors. */
    private static final long EXTERNAL_ALIGNMENT = 4096;

    private final ModelProto modelWithoutGraph;
    private final GraphProto graphWithoutInitializers;
    private final List<Initializer> initializers;
    private final long minExternalBytes;
    private final List<TensorProto> headers = new ArrayList<>();
    private final long graphSize;

    /**
     * Decides where everything stands.
     *
     * @param minExternalBytes raw tensors of at least so many bytes stand in a second file
     * @param location that file, relative to the model's folder
     */
    Encoding(
            ModelProto modelWithoutGraph,
            GraphProto graphWithoutInitializers,
            List<Initializer> initializers,
            long minExternalBytes,
            String location) {
        this.modelWithoutGraph = modelWithoutGraph;
        this.graphWithoutInitializers = graphWithoutInitializers;
        this.initializers = initializers;
        this.minExternalBytes = minExternalBytes;
        long size = graphWithoutInitializers.getSerializedSize();
        long offset = 0;
        for (Initializer initializer : initializers) {
            TensorProto.Builder header = initializer.header();
            if (isExternal(initializer)) {
                offset = aligned(offset);
                header.setDataLocation(TensorProto.DataLocation.EXTERNAL)
                        .addExternalData(entry("location", location))
                        .addExternalData(entry("offset", Long.toString(offset)))
                        .addExternalData(entry("length", Long.toString(initializer.bytes())));
                offset += initializer.bytes();
            }
            headers.add(header.build());
            size += fieldSize(GraphProto.INITIALIZER_FIELD_NUMBER, tensorSize(headers.size() - 1));
        }
        graphSize = size;
    }

    private static long aligned(long offset) {
        return (offset + EXTERNAL_ALIGNMENT - 1) / EXTERNAL_ALIGNMENT * EXTERNAL_ALIGNMENT;
    }

    private static StringStringEntryProto.Builder entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value);
    }

    private boolean isExternal(Initializer initializer) {
        return initializer.storage() == OnnxWriter.Storage.RAW_DATA && initializer.bytes() >= minExternalBytes;
    }

    private boolean isRaw(Initializer initializer) {
        return initializer.storage() == OnnxWriter.Storage.RAW_DATA && !isExternal(initializer);
    }

    private long tensorSize(int index) {
        Initializer initializer = initializers.get(index);
        long header = headers.get(index).getSerializedSize();
        return isRaw(initializer) ? header + fieldSize(TensorProto.RAW_DATA_FIELD_NUMBER, initializer.bytes()) : header;
    }

    /** Size of a length-delimited field with its tag and length. */
    private static long fieldSize(int field, long content) {
        return CodedOutputStream.computeTagSize(field) + CodedOutputStream.computeUInt64SizeNoTag(content) + content;
    }

    long size() {
        return modelWithoutGraph.getSerializedSize() + fieldSize(ModelProto.GRAPH_FIELD_NUMBER, graphSize);
    }

    void checkSize(String file) {
        if (size() > MAX_BYTES) {
            throw new InvalidModelException(file + ": the model would take " + size()
                    + " bytes, and no ONNX file may be larger than " + MAX_BYTES
                    + "; only external data holds so many weights");
        }
    }

    void writeTo(OutputStream stream) throws IOException {
        CodedOutputStream out = CodedOutputStream.newInstance(stream, 1 << 16);
        modelWithoutGraph.writeTo(out);
        writeFieldStart(out, ModelProto.GRAPH_FIELD_NUMBER, graphSize);
        graphWithoutInitializers.writeTo(out);
        for (int i = 0; i < headers.size(); i++) {
            Initializer initializer = initializers.get(i);
            writeFieldStart(out, GraphProto.INITIALIZER_FIELD_NUMBER, tensorSize(i));
            headers.get(i).writeTo(out);
            if (isRaw(initializer)) {
                writeFieldStart(out, TensorProto.RAW_DATA_FIELD_NUMBER, initializer.bytes());
                out.flush();
                initializer.writeRaw(stream);
            }
        }
        out.flush();
    }

    private static void writeFieldStart(CodedOutputStream out, int field, long size) throws IOException {
        out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt64NoTag(size);
    }

    void writeExternalTo(OutputStream stream) throws IOException {
        long position = 0;
        for (Initializer initializer : initializers) {
            if (isExternal(initializer)) {
                stream.write(new byte[(int) (aligned(position) - position)]);
                initializer.writeRaw(stream);
                position = aligned(position) + initializer.bytes();
            }
        }
    }
}
