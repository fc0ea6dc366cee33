package dev.sardonyx.codegen;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;

/** A model's weights as a jar holds them: little-endian float32 values without any header, one constant after another. Immutable. */
public final class WeightBlob {

    private static final int CHUNK = 1 << 16;

    private final String name;
    private final List<StoredConstant> constants;
    private final long crc;

    /**
     * Weights.
     *
     * @param name of the file in the jar, beside the generated classes
     * @param constants in the order in which the generated code reads them
     */
    public WeightBlob(String name, List<StoredConstant> constants) {
        this.name = name;
        this.constants = List.copyOf(constants);
        CheckedOutputStream out = new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
        try {
            writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("nothing is written", e);
        }
        crc = out.getChecksum().getValue();
    }

    public String name() {
        return name;
    }

    /** Whether the other one has the same bytes, under whatever name. */
    public boolean hasSameContent(WeightBlob other) {
        return constants.equals(other.constants);
    }

    /** Size in bytes. */
    public long size() {
        return constants.stream()
                .mapToLong(constant -> (long) constant.size() * Float.BYTES)
                .sum();
    }

    /** CRC-32 of the bytes. */
    public long crc() {
        return crc;
    }

    /** Writes the bytes; leaves the stream open. */
    public void writeTo(OutputStream out) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        int perChunk = CHUNK / Float.BYTES;
        for (StoredConstant constant : constants) {
            float[] values = constant.values();
            for (int i = 0; i < values.length; i += perChunk) {
                int count = Math.min(perChunk, values.length - i);
                buffer.asFloatBuffer().put(0, values, i, count);
                out.write(buffer.array(), 0, count * Float.BYTES);
            }
        }
    }
}
