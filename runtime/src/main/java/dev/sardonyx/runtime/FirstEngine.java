package dev.sardonyx.runtime;

import java.util.function.Supplier;

/** The choice between the engines of a model that was compiled for two targets. */
public final class FirstEngine {

    private FirstEngine() {}

    /**
     * The engine that {@code options} ask for; where they leave it open, the one on a device or else the other, saying why, as
     * a warning of the logger {@code dev.sardonyx}.
     *
     * @param openCl loads the engine on a device
     * @param simd loads the engine on the processor
     * @throws UnsupportedMachineException if the engine that {@code options} insist on does not run on this machine
     */
    public static Engine of(LoadOptions options, Supplier<Engine> openCl, Supplier<Engine> simd) {
        if (options.target().isPresent() && options.target().get().equals("simd")) {
            return simd.get();
        }
        try {
            return openCl.get();
        } catch (UnsupportedMachineException e) {
            if (options.target().isPresent() || options.device().isPresent()) {
                throw e;
            }
            System.getLogger("dev.sardonyx")
                    .log(
                            System.Logger.Level.WARNING,
                            "running on the processor instead of an OpenCL device: {0}",
                            e.getMessage());
            return simd.get();
        }
    }
}
