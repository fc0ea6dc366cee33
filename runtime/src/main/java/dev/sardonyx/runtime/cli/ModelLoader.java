package dev.sardonyx.runtime.cli;

import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.LoadOptions;
import dev.sardonyx.runtime.ModelInfo;

/**
 * Loads the model that a command line works on. Generated code implements it with a class rather than a lambda: the JVM that
 * only starts another one ({@link ModelMain}) would pay for the lambda's bootstrap.
 */
@FunctionalInterface
public interface ModelLoader {

    /** Loads the model; the caller closes it. */
    CompiledModel load();

    /** As {@link #load()}, as {@code options} say, where there is a choice. */
    default CompiledModel load(LoadOptions options) {
        return load();
    }

    /** What the model says of itself, on machines too that cannot load it. */
    default ModelInfo info() {
        try (CompiledModel model = load()) {
            return model.info();
        }
    }
}
