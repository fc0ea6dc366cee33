package dev.sardonyx.runtime.cli;

import dev.sardonyx.runtime.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Converts between float32 and the little-endian bytes of tensor files. */
final class ElementCodec {

    private ElementCodec() {}

    /** The {@code count} elements that {@code bytes} begins with; 64-bit types are rounded to float32. */
    static float[] decode(ElementType type, ByteBuffer bytes, int count) {
        ByteBuffer in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[count];
        switch (type) {
            case FLOAT32 -> in.asFloatBuffer().get(values);
            case FLOAT64 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = (float) in.getDouble();
                }
            }
            case FLOAT16 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = Float.float16ToFloat(in.getShort());
                }
            }
            case INT64 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = in.getLong();
                }
            }
            case INT32 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = in.getInt();
                }
            }
            case INT16 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = in.getShort();
                }
            }
            case INT8 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = in.get();
                }
            }
            case UINT8 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = in.get() & 0xff;
                }
            }
            case BOOL -> {
                for (int i = 0; i < count; i++) {
                    values[i] = in.get() != 0 ? 1 : 0;
                }
            }
        }
        return values;
    }

    /** Appends one element; integers are rounded towards zero and saturated. */
    static void encode(ElementType type, float value, ByteBuffer out) {
        switch (type) {
            case FLOAT32 -> out.putFloat(value);
            case FLOAT64 -> out.putDouble(value);
            case FLOAT16 -> out.putShort(Float.floatToFloat16(value));
            case INT64 -> out.putLong((long) value);
            case INT32 -> out.putInt((int) value);
            case INT16 -> out.putShort((short) Math.clamp((long) value, Short.MIN_VALUE, Short.MAX_VALUE));
            case INT8 -> out.put((byte) Math.clamp((long) value, Byte.MIN_VALUE, Byte.MAX_VALUE));
            case UINT8 -> out.put((byte) Math.clamp((long) value, 0, 255));
            case BOOL -> out.put((byte) (value != 0 ? 1 : 0));
        }
    }
}
