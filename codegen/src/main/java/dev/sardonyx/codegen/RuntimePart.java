package dev.sardonyx.codegen;

/** A part of the runtime that only some jars carry. */
public enum RuntimePart {
    /** Kernels by the Vector API: the JVM needs its module. */
    SIMD,
    /** The executor on OpenCL devices, with JOCL: native code, which the JVM has to allow. */
    OPENCL
}
