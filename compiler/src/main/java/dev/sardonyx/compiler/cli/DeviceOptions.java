package dev.sardonyx.compiler.cli;

import dev.sardonyx.runtime.LoadOptions;
import dev.sardonyx.runtime.cli.LoadWishes;
import dev.sardonyx.runtime.cli.Terminal;
import dev.sardonyx.runtime.cli.UsageException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options on an OpenCL device, shared by the commands that run a model. */
final class DeviceOptions {

    @Option(
            names = "--device",
            paramLabel = "NUMBER|NAME",
            description = "The OpenCL device that runs it, by its number in sardonyx devices or by a part of its name"
                    + " (default: the first GPU, else the first device).")
    private Optional<String> device = Optional.empty();

    @Option(
            names = "--tune",
            paramLabel = "none|quick|full",
            description =
                    "Try kernels out on the OpenCL device first, and remember the fastest in the user's cache folder"
                            + " (default none: what was found before is used, and an estimate for the rest).")
    private Optional<String> tune = Optional.empty();

    /** @throws UsageException if one of them is given, which {@code option} has no use for */
    void refuse(String option) {
        if (device.isPresent() || tune.isPresent()) {
            throw new UsageException(option + " and --device or --tune exclude each other");
        }
    }

    /** @throws dev.sardonyx.runtime.cli.UsageException if a value is unknown */
    LoadOptions toLoadOptions(Optional<String> target, Terminal terminal) {
        return LoadWishes.of(target, device, tune).withProgress(terminal::progress);
    }
}
