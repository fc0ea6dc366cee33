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
 * @param warmUp who has the JVM compile the kernels of a network on vector units. Has no effect elsewhere.
 * @param progress is told in a few words what takes long
 */
public record LoadOptions(
        Optional<String> target, Optional<String> device, Tuning tuning, WarmUp warmUp, Consumer<String> progress) {

    /** How much time is spent on finding the fastest kernels for a device. What was found is kept in the user's cache folder. */
    public enum Tuning {
        /** None: what was found before is used, and an estimate for the rest. */
        NONE,
        /** Seconds: the likeliest kernels of each convolution not tried before. */
        QUICK,
        /** Minutes: all kernels of each convolution. */
        FULL
    }

    /**
     * Who has the JVM compile a network's inner kernels. Until its second compiler has done so, vectors are objects, a thousand
     * times too slow. A warm-up calls the kernels on a few numbers of its own, from one daemon thread, until they are fast, the model
     * is closed or ten seconds have passed; it shares nothing with sessions, and whatever goes wrong in it ends it in silence.
     * Nothing waits for it where an inference has less than 200 million multiply-accumulates: it is over sooner as it is.
     */
    public enum WarmUp {
        /** The first inferences, which take about a second more. */
        NONE,
        /** A thread that goes on after loading: for services, which the first request reaches some tenths of a second later. */
        BACKGROUND,
        /** That thread, and loading waits for it, two seconds at most: for programs whose first inference follows at once. */
        WAIT
    }

    /** What suits most machines: the first device or the processor, nothing tried out, a warm-up in the background. */
    public static LoadOptions defaults() {
        return new LoadOptions(Optional.empty(), Optional.empty(), Tuning.NONE, WarmUp.BACKGROUND, _ -> {});
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

    public LoadOptions withWarmUp(WarmUp kind) {
        return new LoadOptions(target, device, tuning, kind, progress);
    }

    public LoadOptions withProgress(Consumer<String> listener) {
        return new LoadOptions(target, device, tuning, warmUp, listener);
    }
}
