package dev.sardonyx.runtime.opencl;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How tensors between kernels and weights are stored on a device. Inputs, outputs and biases are float32, sums always. */
public enum Precision {
    /** As float32. */
    FP32("fp32", Float.BYTES),
    /** As half, which takes half the memory and half the time of loading; no device needs an extension for it. */
    FP16_STORAGE("fp16-storage", Short.BYTES);

    private final String id;
    private final int bytes;

    Precision(String id, int bytes) {
        this.id = id;
        this.bytes = bytes;
    }

    /** The name on the command line. */
    public String id() {
        return id;
    }

    /** Bytes of a stored element. */
    public int bytes() {
        return bytes;
    }

    /** The precision of this name. */
    public static Optional<Precision> named(String id) {
        return Arrays.stream(values()).filter(p -> p.id.equals(id)).findFirst();
    }

    /** All names. */
    public static List<String> ids() {
        return Arrays.stream(values()).map(Precision::id).toList();
    }
}
