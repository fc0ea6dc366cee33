package dev.sardonyx.runtime.cli;

import dev.sardonyx.runtime.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * NumPy's array files, format versions 1 to 3 (NumPy's {@code numpy.lib.format}), in C order and little-endian.
 */
public final class Npy {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LONGEST_HEADER = 1 << 16;
    private static final int ALIGNMENT = 64;

    private Npy() {}

    /**
     * Reads an array of any {@link ElementType}.
     *
     * @throws UsageException if the file is unreadable, malformed, truncated, or of another type or order
     */
    public static TensorData read(Path file) {
        byte[] bytes = InputFiles.read(file);
        try {
            return parse(bytes);
        } catch (UsageException e) {
            throw new UsageException(file + ": " + e.getMessage(), e);
        }
    }

    /** Whether {@code bytes} begin as an NPY file does. */
    static boolean isNpy(byte[] bytes) {
        return bytes.length >= MAGIC.length && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    static TensorData parse(byte[] bytes) {
        if (!isNpy(bytes)) {
            throw new UsageException("is no NPY file: it does not begin with \\x93NUMPY");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(MAGIC.length);
        NpyHeader header = NpyHeader.parse(headerText(in));
        ElementType type = type(header.descr());
        if (header.fortranOrder()) {
            throw new UsageException("is in Fortran order; save it with numpy.ascontiguousarray");
        }
        int count = TensorData.elements(header.shape());
        long needed = (long) count * type.bytes();
        if (count < 0 || needed != in.remaining()) {
            String wrong =
                    count < 0 ? "" : needed > in.remaining() ? ": it is cut off" : ": there is more after its end";
            throw new UsageException("shape " + header.shape() + " of '" + header.descr() + "' does not agree with the "
                    + in.remaining() + " bytes of data in the file" + wrong);
        }
        return new TensorData("", type, header.shape(), ElementCodec.decode(type, in, count));
    }

    private static String headerText(ByteBuffer in) {
        if (in.remaining() < 4) {
            throw new UsageException("is truncated within its header");
        }
        int version = in.get();
        in.get(); // the minor version, always 0
        if (version < 1 || version > 3) {
            throw new UsageException("NPY format version " + version + " is unknown; 1 to 3 are read");
        }
        if (version > 1 && in.remaining() < 4) {
            throw new UsageException("is truncated within its header");
        }
        long length = version == 1 ? in.getShort() & 0xffff : in.getInt() & 0xffff_ffffL;
        if (length > LONGEST_HEADER) {
            throw new UsageException("its header claims " + length + " bytes; at most " + LONGEST_HEADER + " are read");
        }
        if (length > in.remaining()) {
            throw new UsageException("is truncated within its header");
        }
        byte[] text = new byte[(int) length];
        in.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static ElementType type(String descr) {
        return switch (descr) {
            case "<f4" -> ElementType.FLOAT32;
            case "<f8" -> ElementType.FLOAT64;
            case "<f2" -> ElementType.FLOAT16;
            case "<i8" -> ElementType.INT64;
            case "<i4" -> ElementType.INT32;
            case "<i2" -> ElementType.INT16;
            case "|i1", "<i1" -> ElementType.INT8;
            case "|u1", "<u1" -> ElementType.UINT8;
            case "|b1", "<b1" -> ElementType.BOOL;
            default -> {
                if (descr.startsWith(">")) {
                    throw new UsageException("'" + descr + "' is big-endian; save it little-endian");
                }
                throw new UsageException("element type '" + descr
                        + "' is not supported; float16/32/64, int8/16/32/64, uint8 and bool are");
            }
        };
    }

    private static String descr(ElementType type) {
        return switch (type) {
            case FLOAT32 -> "<f4";
            case FLOAT64 -> "<f8";
            case FLOAT16 -> "<f2";
            case INT64 -> "<i8";
            case INT32 -> "<i4";
            case INT16 -> "<i2";
            case INT8 -> "|i1";
            case UINT8 -> "|u1";
            case BOOL -> "|b1";
        };
    }

    /**
     * Writes {@code tensor} in its element type, format version 1. The file appears complete or not at all.
     *
     * @throws UsageException if it cannot be written
     */
    public static void write(Path file, TensorData tensor) {
        OutputFiles.write(file, out -> {
            out.write(header(tensor.elementType(), tensor.shape()));
            int size = tensor.elementType().bytes();
            byte[] chunk = new byte[1 << 16];
            ByteBuffer buffer = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
            for (float value : tensor.values()) {
                if (buffer.remaining() < size) {
                    out.write(chunk, 0, buffer.position());
                    buffer.clear();
                }
                ElementCodec.encode(tensor.elementType(), value, buffer);
            }
            out.write(chunk, 0, buffer.position());
        });
    }

    private static byte[] header(ElementType type, List<Integer> shape) {
        StringBuilder text = new StringBuilder("{'descr': '" + descr(type) + "', 'fortran_order': False, 'shape': (");
        for (int i = 0; i < shape.size(); i++) {
            text.append(i == 0 ? "" : " ").append(shape.get(i)).append(i < shape.size() - 1 || i == 0 ? "," : "");
        }
        text.append("), }");
        int prefix = MAGIC.length + 4;
        int total = Math.ceilDiv(prefix + text.length() + 1, ALIGNMENT) * ALIGNMENT;
        text.repeat(' ', total - prefix - text.length() - 1).append('\n');
        return ByteBuffer.allocate(total)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) text.length())
                .put(text.toString().getBytes(StandardCharsets.US_ASCII))
                .array();
    }
}
