package dev.sardonyx.runtime;

/**
 * A compiled network with its weights, loaded once and shared by any number of {@link Session}s. Thread-safe. Each compiled
 * jar holds a generated subclass with a static {@code load()}.
 */
public abstract class CompiledModel implements AutoCloseable {

    private final ModelInfo info;
    private final Engine engine;

    /** For generated code. */
    protected CompiledModel(ModelInfo info, Engine engine) {
        this.info = info;
        this.engine = engine;
    }

    /** Names, shapes and provenance. */
    public final ModelInfo info() {
        return info;
    }

    /** What runs the kernels. */
    public final Engine engine() {
        return engine;
    }

    /** A session with one thread. */
    public Session newSession() {
        return newSession(SessionOptions.defaults());
    }

    /** A session that runs as {@code options} say. Close it after use; it does not outlive the model. */
    public Session newSession(SessionOptions options) {
        return new Session(this, options);
    }

    @Override
    public final void close() {
        engine.close();
    }
}
