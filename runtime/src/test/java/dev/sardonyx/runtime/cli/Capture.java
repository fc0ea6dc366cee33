package dev.sardonyx.runtime.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A terminal that keeps what is written to it. */
final class Capture {

    private final ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    private final Terminal terminal;

    Capture() {
        this(false);
    }

    Capture(boolean interactive) {
        terminal = new Terminal(
                new PrintStream(outBytes, true, StandardCharsets.UTF_8),
                new PrintStream(errBytes, true, StandardCharsets.UTF_8),
                interactive);
    }

    Terminal terminal() {
        return terminal;
    }

    String out() {
        return outBytes.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return errBytes.toString(StandardCharsets.UTF_8);
    }

    /** Runs a command line; returns the exit code. */
    int run(ModelLoader loader, String... args) {
        return ModelMain.run(args, loader, terminal.out(), terminal.err());
    }
}
