package dev.sardonyx.runtime.opencl;

import java.util.Optional;

/** Tries tensor cores on a device that has none. Says what comes of it, a line for each precision. */
public final class TensorCoresCheck {

    private TensorCoresCheck() {}

    public static void main(String[] args) {
        Devices.Handle device = Devices.choose(Optional.empty());
        for (Precision precision : Precision.values()) {
            if (precision.usesTensorCores()) {
                System.out.println(precision.id() + ": "
                        + TensorCores.problemOf(device, precision).orElse("works"));
            }
        }
    }
}
