package dev.sardonyx.runtime.kernels;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.zip.CRC32;

/**
 * Reads a model's weights, little-endian float32 values without any header, in the order in which steps are built. Those of a
 * convolution lie row by row, one for each input channel and tap of the window, [inChannels / groups, kernelH, kernelW,
 * outChannels]: so tiles, which take a vector of output channels, get them by copying.
 */
public final class WeightReader implements AutoCloseable {

    private static final int CHUNK = 1 << 18;

    private final InputStream in;
    private final byte[] bytes = new byte[CHUNK];
    private final FloatBuffer floats =
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    private final CRC32 crc = new CRC32();

    /** Takes over the stream. */
    public WeightReader(InputStream in) {
        this.in = in;
    }

    /** The next {@code count} values. */
    public float[] next(int count) {
        float[] values = new float[count];
        next(values);
        return values;
    }

    /** Fills {@code values} with the next ones. */
    void next(float[] values) {
        int count = values.length;
        try {
            int done = 0;
            while (done < count) {
                int chunk = Math.min(count - done, CHUNK / Float.BYTES);
                if (in.readNBytes(bytes, 0, chunk * Float.BYTES) < chunk * Float.BYTES) {
                    throw new EOFException("the weights in the jar are incomplete");
                }
                crc.update(bytes, 0, chunk * Float.BYTES);
                floats.get(0, values, done, chunk);
                done += chunk;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The next {@code count} values, a convolution's weights, as ONNX orders them.
     *
     * @return [outChannels, inChannels / groups, kernelH, kernelW]
     */
    public float[] nextOutputsFirst(int outChannels, int count) {
        float[] values = new float[count];
        float[] row = new float[outChannels];
        int rows = count / outChannels;
        for (int r = 0; r < rows; r++) {
            next(row);
            for (int channel = 0; channel < outChannels; channel++) {
                values[channel * rows + r] = row[channel];
            }
        }
        return values;
    }

    /**
     * Checks all that was read.
     *
     * @param expected its CRC-32
     * @throws UncheckedIOException if it is damaged
     */
    public void requireWhole(long expected) {
        if (crc.getValue() != expected) {
            throw new UncheckedIOException(new IOException("the weights in the jar are damaged"));
        }
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
