package dev.sardonyx.compiler.bench;

import dev.sardonyx.runtime.ModelInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Another engine that runs ONNX files, to compare with. Found by {@link java.util.ServiceLoader}, since engines are large and of
 * use to nobody but those who measure.
 */
public interface Peer {

    /** Its name on the command line. */
    String name();

    /** Its name and version, for people. */
    String description();

    /**
     * Loads a model.
     *
     * @param model the ONNX file
     * @param info the inputs and outputs that the session is run on, with their shapes
     * @param threads number of threads that work on one inference
     * @throws dev.sardonyx.runtime.cli.UsageException if the engine does not take the model; the message names the file
     */
    Session open(Path model, ModelInfo info, int threads);

    /**
     * The arguments of {@code java} that start a program of this engine, which loads the model and prints a {@link
     * dev.sardonyx.runtime.cli.StartReport}.
     *
     * @param model the ONNX file
     * @param info its inputs, with their shapes
     * @param threads number of threads that work on one inference
     * @param duration how long it answers after the first answer
     */
    List<String> startArguments(Path model, ModelInfo info, int threads, Duration duration);

    /** A model, loaded, with arrays of its own. One thread at a time. */
    interface Session extends AutoCloseable {

        /** What was set, for people: threads, optimisations. */
        String settings();

        /** Copies these values in: one array per input, in the order of {@link ModelInfo#inputs()}. */
        void set(float[][] inputs);

        /** Runs once. */
        void run();

        /** Copies the results of the last run out: one array per output, in the order of {@link ModelInfo#outputs()}. */
        void get(float[][] outputs);

        @Override
        void close();
    }
}
