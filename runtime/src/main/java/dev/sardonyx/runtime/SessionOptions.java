package dev.sardonyx.runtime;

import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * How a {@link Session} runs. Immutable; the {@code with…} methods return changed copies.
 *
 * @param threads number of threads that work on one inference, the calling thread included; 1 to 1024
 * @param executor runs the helper threads; where empty, the session starts daemon threads of its own
 * @param profiling whether the session records a time for each kernel ({@link Session#profile()})
 */
public record SessionOptions(int threads, Optional<Executor> executor, boolean profiling) {

    public SessionOptions {
        if (threads < 1 || threads > 1024) {
            throw new IllegalArgumentException("threads must lie between 1 and 1024, not " + threads);
        }
    }

    /** One thread, no profiling. */
    public static SessionOptions defaults() {
        return new SessionOptions(1, Optional.empty(), false);
    }

    public SessionOptions withThreads(int count) {
        return new SessionOptions(count, executor, profiling);
    }

    /** Takes the helper threads from {@code helpers}: each session occupies up to {@code threads - 1} of its tasks. */
    public SessionOptions withExecutor(Executor helpers) {
        return new SessionOptions(threads, Optional.of(helpers), profiling);
    }

    public SessionOptions withProfiling(boolean enabled) {
        return new SessionOptions(threads, executor, enabled);
    }
}
