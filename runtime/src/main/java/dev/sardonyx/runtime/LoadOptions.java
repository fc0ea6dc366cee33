package dev.sardonyx.runtime;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * How a model is loaded. Immutable; the {@code with…} methods return changed copies.
 *
 * @param target which of the targets that the model was compiled for is to run it, such as "simd"; where empty, the best that the
 *     machine offers. Models for one target have no choice.
 * @param device which OpenCL device runs it: its number in {@code sardonyx devices}, or a part of its name in any case; where
 *     empty, the first GPU or else the first device. Only models that were compiled for OpenCL have devices to choose from.
 * @param tuning whether kernels are tried out on the OpenCL device
 * @param warmUp whether loading on vector units takes some tenths of a second more to have the JVM compile the kernels, which else
 *     the first inferences wait for, and longer. Has no effect elsewhere.
 * @param progress is told in a few words what takes long
 */
public record LoadOptions(
        Optional<String> target, Optional<String> device, Tuning tuning, boolean warmUp, Consumer<String> progress) {

    /** How much time is spent on finding the fastest kernels for a device. What was found is kept in the user's cache folder. */
    public enum Tuning {
        /** None: what was found before is used, and an estimate for the rest. */
        NONE,
        /** Seconds: the likeliest kernels of each convolution not tried before. */
        QUICK,
        /** Minutes: all kernels of each convolution. */
        FULL
    }

    /** What suits most machines. */
    public static LoadOptions defaults() {
        return new LoadOptions(Optional.empty(), Optional.empty(), Tuning.NONE, false, _ -> {});
    }

    public LoadOptions withTarget(String name) {
        return new LoadOptions(Optional.of(name), device, tuning, warmUp, progress);
    }

    public LoadOptions withDevice(String numberOrName) {
        return new LoadOptions(target, Optional.of(numberOrName), tuning, warmUp, progress);
    }

    public LoadOptions withTuning(Tuning effort) {
        return new LoadOptions(target, device, effort, warmUp, progress);
    }

    public LoadOptions withWarmUp(boolean wanted) {
        return new LoadOptions(target, device, tuning, wanted, progress);
    }

    public LoadOptions withProgress(Consumer<String> listener) {
        return new LoadOptions(target, device, tuning, warmUp, listener);
    }
}
