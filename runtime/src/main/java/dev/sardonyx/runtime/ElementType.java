package dev.sardonyx.runtime;

/**
 * Element types of ONNX tensors that Sardonyx reads. At run time {@code float} carries the values of all of them: integers from
 * -2^24 to 2^24 exactly.
 */
public enum ElementType {
    FLOAT32(4),
    FLOAT64(8),
    FLOAT16(2),
    INT64(8),
    INT32(4),
    INT16(2),
    INT8(1),
    UINT8(1),
    BOOL(1);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** True for the floating-point types. */
    public boolean isFloatingPoint() {
        return this == FLOAT32 || this == FLOAT64 || this == FLOAT16;
    }
}
