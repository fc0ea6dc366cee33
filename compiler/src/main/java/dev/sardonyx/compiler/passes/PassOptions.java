package dev.sardonyx.compiler.passes;

import dev.sardonyx.compiler.graph.Graph;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Which passes run.
 *
 * @param disabled names of passes to leave out
 * @param stopAfter name of the last pass to run; all run where there is none
 * @param observer is given each pass that ran and the graph that it left
 */
public record PassOptions(Set<String> disabled, Optional<String> stopAfter, BiConsumer<Pass, Graph> observer) {

    /** All passes, unobserved. */
    public static final PassOptions ALL = without(Set.of());

    public PassOptions {
        disabled = Set.copyOf(disabled);
    }

    /** All but the {@code disabled} passes, unobserved. */
    public static PassOptions without(Set<String> disabled) {
        return new PassOptions(disabled, Optional.empty(), (_, _) -> {});
    }
}
