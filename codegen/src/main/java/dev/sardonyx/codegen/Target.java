package dev.sardonyx.codegen;

/** A kind of hardware that Sardonyx generates code for. Stateless. */
public interface Target {

    /** The name on the command line. */
    String name();

    /** Plans and writes the code of a network; compiles nothing yet. */
    GeneratedCode generate(Compilation compilation);
}
