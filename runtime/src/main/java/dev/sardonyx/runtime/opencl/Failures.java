package dev.sardonyx.runtime.opencl;

import static org.jocl.CL.*;

import dev.sardonyx.runtime.UnsupportedMachineException;
import org.jocl.CLException;

/**
 * What to tell the user where a network fails on a device.
 *
 * @param batch images that the network takes at once
 */
record Failures(Device device, int batch) {

    /** JOCL has no name for it. */
    private static final int OUT_OF_HOST_MEMORY = -6;

    /** A call failed. */
    UnsupportedMachineException of(CLException e) {
        return switch (e.getStatus()) {
            case CL_MEM_OBJECT_ALLOCATION_FAILURE, OUT_OF_HOST_MEMORY ->
                new UnsupportedMachineException(
                        "out of memory on %s, which has %d MiB: %s"
                                .formatted(device.name(), device.memory() >> 20, advice()),
                        e);
            case CL_OUT_OF_RESOURCES -> // what NVIDIA's driver also says of a kernel that has failed
                new UnsupportedMachineException(
                        "%s (driver %s) ran out of memory, of which it has %d MiB, or a kernel failed there: %s"
                                .formatted(device.name(), device.driver(), device.memory() >> 20, advice()),
                        e);
            default ->
                new UnsupportedMachineException(
                        "%s (driver %s) failed: %s; update its driver, or pick another --device"
                                .formatted(device.name(), device.driver(), e.getMessage()),
                        e);
        };
    }

    /** The network needs a buffer of {@code bytes}, which the device does not allow. */
    UnsupportedMachineException bufferTooLarge(long bytes) {
        return new UnsupportedMachineException(
                "%s takes at most %d MiB in one buffer, and the network needs one of %d MiB: %s"
                        .formatted(device.name(), device.maxAllocation() >> 20, bytes >> 20, advice()));
    }

    /** An input or output of {@code bytes}. */
    UnsupportedMachineException transferTooLarge(long bytes) {
        return new UnsupportedMachineException(
                "an input or output takes %d MiB, and no more than 2047 can be handed to %s at once: %s"
                        .formatted(bytes >> 20, device.name(), advice()));
    }

    private String advice() {
        return (batch > 1 ? "compile the network with a smaller batch, or " : "")
                + "pick another --device, or compile it for the processor (--target simd)";
    }

    /** The device's compiler does not take a program; {@code log} is what it says. */
    UnsupportedMachineException notBuilt(CLException e, ProgramSource source, String log) {
        String status = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return new UnsupportedMachineException(
                "the OpenCL compiler of %s (driver %s) does not take a kernel (%s; %s): update its driver, or pick another --device"
                        .formatted(
                                device.name(),
                                device.driver(),
                                status,
                                log.isBlank()
                                        ? "it does not say why; NVIDIA's needs libnvidia-nvvm beside libnvidia-opencl"
                                        : "--debug shows its log"),
                new IllegalStateException("built with " + source.options() + "\n" + log, e));
    }
}
