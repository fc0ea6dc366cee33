package dev.sardonyx.compiler.driver;

import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.passes.Pass;

/** Is told how far a compilation has come. Every method does nothing unless overridden. */
public interface CompileObserver {

    /** Hears nothing. */
    CompileObserver NONE = new CompileObserver() {};

    /** What a compilation does, in order. */
    enum Stage {
        READ("reading"),
        OPTIMISE("optimising"),
        GENERATE("generating code"),
        WRITE("compiling Java");

        private final String description;

        Stage(String description) {
            this.description = description;
        }

        /** What is going on, for people. */
        public String description() {
            return description;
        }
    }

    /** A stage begins. */
    default void begins(Stage stage) {}

    /** The model is read. */
    default void read(Graph graph) {}

    /** A pass is done. */
    default void passed(Pass pass, Graph graph) {}
}
