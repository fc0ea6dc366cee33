package dev.sardonyx.compiler.cli;

import dev.sardonyx.runtime.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Runs command lines in this JVM, as a script would. */
final class Sardonyx {

    /** What a script sees of a command. */
    record Outcome(int code, String out, String err) {}

    private Sardonyx() {}

    /** Runs {@code sardonyx ARGS}. */
    static Outcome run(Object... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        int code = Main.run(Arrays.stream(args).map(Object::toString).toArray(String[]::new), terminal);
        return new Outcome(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
