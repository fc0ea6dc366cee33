package dev.sardonyx.runtime.cli;

import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.LoadOptions;
import dev.sardonyx.runtime.LoadOptions.Tuning;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The options {@code --target}, {@code --device} and {@code --tune} on a compiled model. */
public final class LoadWishes {

    private LoadWishes() {}

    /**
     * What the options ask for. Several targets, as {@code compile} takes them, leave the choice open.
     *
     * @param target the value of {@code --target}
     * @param device the value of {@code --device}
     * @param tune the value of {@code --tune}
     * @throws UsageException if {@code tune} is unknown
     */
    public static LoadOptions of(Optional<String> target, Optional<String> device, Optional<String> tune) {
        LoadOptions options = LoadOptions.defaults();
        if (target.isPresent() && !List.of("simd,opencl", "opencl,simd").contains(target.get())) {
            options = options.withTarget(checked(target.get()));
        }
        if (device.isPresent()) {
            options = options.withDevice(device.get());
        }
        return tune.isPresent() ? options.withTuning(tuning(tune.get())) : options;
    }

    private static String checked(String target) {
        if (target.equals("simd") || target.equals("opencl")) {
            return target;
        }
        throw new UsageException("--target takes simd or opencl, not '" + target + "'");
    }

    private static Tuning tuning(String name) {
        for (Tuning tuning : Tuning.values()) {
            if (tuning.name().toLowerCase(Locale.ROOT).equals(name)) {
                return tuning;
            }
        }
        throw new UsageException("--tune takes none, quick or full, not '" + name + "'");
    }

    /**
     * Refuses what a model cannot give.
     *
     * @throws UsageException if {@code options} name a target that does not run {@code model}, or ask for a device or for tuning
     *     where it has no device
     */
    public static void check(LoadOptions options, CompiledModel model) {
        String target = model.engine().target();
        if (options.target().isPresent() && !options.target().get().equals(target)) {
            throw new UsageException("--target " + options.target().get() + ": the model was compiled for " + target);
        }
        if (!target.equals("opencl") && (options.device().isPresent() || options.tuning() != Tuning.NONE)) {
            throw new UsageException("--device and --tune are for models that run on OpenCL; this one runs on: "
                    + model.engine().description());
        }
    }
}
