package dev.sardonyx.runtime.cli;

import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.ModelInfo;
import java.nio.file.Path;
import java.util.Collection;

/** A command on a compiled model, its options parsed and checked. */
public sealed interface ModelCommand permits RunCommand, VerifyCommand, BenchCommand, StartCommand, InfoCommand {

    /** The number of threads where none is asked for. */
    int DEFAULT_THREADS = 1;

    /**
     * Checks that nothing it writes replaces one of the {@code sources}.
     *
     * @param info what the model says of itself
     * @throws UsageException if something does
     */
    default void keep(Collection<Path> sources, ModelInfo info) {}

    /**
     * Does what the command says.
     *
     * @return the exit code: 0 done, 1 the answer is "no"
     * @throws UsageException if an input cannot be used
     */
    int execute(CompiledModel model, Terminal terminal);
}
