package dev.sardonyx.runtime.opencl;

/**
 * A program to build: equal ones are built once.
 *
 * @param text the OpenCL C source
 * @param options what the compiler is told
 */
record ProgramSource(String text, String options) {

    /** What every program for a device is built with. */
    static String options(Device device, Precision precision) {
        return "-cl-std=CL1.2"
                + (device.kind() == Device.Kind.CPU ? "" : " -DUNROLL")
                + (TensorCores.emulated() ? " -DEMULATED " : " ")
                + precision.options();
    }
}
