package dev.sardonyx.codegen;

import dev.sardonyx.codegen.program.Constant;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;

/**
 * A model's weights as a jar holds them: little-endian float32 values without any header, one constant after another.
 *
 * @param name of the file in the jar, beside the generated classes
 * @param constants in the order in which the generated code reads them
 */
public record WeightBlob(String name, List<Constant> constants) {

    private static final int CHUNK = 1 << 16;

    public WeightBlob {
        constants = List.copyOf(constants);
    }

    /** Size in bytes. */
    public long size() {
        return constants.stream()
                .mapToLong(constant -> (long) constant.values().length * Float.BYTES)
                .sum();
    }

    /** CRC-32 of the bytes. */
    public long crc() {
        CheckedOutputStream out = new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
        try {
            writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("nothing is written", e);
        }
        return out.getChecksum().getValue();
    }

    /** Writes the bytes; leaves the stream open. */
    public void writeTo(OutputStream out) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        int perChunk = CHUNK / Float.BYTES;
        for (Constant constant : constants) {
            float[] values = constant.values();
            for (int i = 0; i < values.length; i += perChunk) {
                int count = Math.min(perChunk, values.length - i);
                buffer.asFloatBuffer().put(0, values, i, count);
                out.write(buffer.array(), 0, count * Float.BYTES);
            }
        }
    }
}
