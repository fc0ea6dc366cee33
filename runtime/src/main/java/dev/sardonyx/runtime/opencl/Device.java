package dev.sardonyx.runtime.opencl;

/**
 * An OpenCL device of this machine.
 *
 * @param index its position in {@link Devices#list()}
 * @param name as the driver calls it
 * @param platform name of the driver's platform
 * @param version the OpenCL version of the device, as "OpenCL 3.0 CUDA"
 * @param driver version of the driver
 * @param kind what it is
 * @param computeUnits number of its compute units
 * @param memory bytes of its memory
 * @param maxAllocation bytes of the largest buffer
 * @param localMemory bytes of a work-group's local memory
 * @param maxWorkGroup work-items of the largest work-group
 */
public record Device(
        int index,
        String name,
        String platform,
        String version,
        String driver,
        Kind kind,
        int computeUnits,
        long memory,
        long maxAllocation,
        long localMemory,
        long maxWorkGroup) {

    /** Kinds of devices. */
    public enum Kind {
        GPU,
        CPU,
        ACCELERATOR
    }
}
