package dev.sardonyx.runtime.opencl;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How tensors between kernels and weights are stored on a device, and how convolutions multiply. Inputs, outputs and biases are
 * float32, sums always.
 */
public enum Precision {
    /** All in float32. */
    FP32("fp32", Float.BYTES, ""),
    /** Stored as half, which takes half the memory and half the time of loading; no device needs an extension for it. */
    FP16_STORAGE("fp16-storage", Short.BYTES, "-DHALF_STORAGE"),
    /**
     * Stored as float32; tensor cores multiply each factor in two parts of 11 significant bits, but not both low parts: a product
     * errs by 3·2^-22 at most.
     */
    TF32X3("tf32x3", Float.BYTES, "-DTENSOR_TF32X3"),
    /** Stored as float32; tensor cores multiply, factors rounded to 11 significant bits: a product errs by 2^-10 at most. */
    TF32("tf32", Float.BYTES, "-DTENSOR_TF32"),
    /** Stored as half, which tensor cores multiply exactly. */
    FP16("fp16", Short.BYTES, "-DHALF_STORAGE -DTENSOR_FP16");

    private final String id;
    private final int bytes;
    private final String options;

    Precision(String id, int bytes, String options) {
        this.id = id;
        this.bytes = bytes;
        this.options = options;
    }

    /** The name on the command line. */
    public String id() {
        return id;
    }

    /** Bytes of a stored element. */
    public int bytes() {
        return bytes;
    }

    /** Whether it wants NVIDIA's tensor cores. */
    public boolean usesTensorCores() {
        return this != withoutTensorCores();
    }

    /** What to compute in, equally stored, on a device without tensor cores. */
    public Precision withoutTensorCores() {
        return isHalf() ? FP16_STORAGE : FP32;
    }

    boolean isHalf() {
        return bytes == Short.BYTES;
    }

    /** Elements in a word of 32 bits, in which tensor cores multiply. */
    int wordElements() {
        return Integer.BYTES / bytes;
    }

    /** The definitions of the kernels. */
    String options() {
        return options;
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
