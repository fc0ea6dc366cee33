package dev.sardonyx.runtime.cli;

import java.io.Console;
import java.io.PrintStream;

/**
 * Where a command writes.
 *
 * @param out takes results
 * @param err takes everything else
 * @param interactive whether a person watches, so that progress is worth showing on {@code err}
 */
public record Terminal(PrintStream out, PrintStream err, boolean interactive) {

    /** The process's own streams; interactive where standard input and output are a terminal. */
    @SuppressWarnings("SystemConsoleNull") // since JDK 25 it is null again where there is none (JDK-8351435)
    public static Terminal system() {
        Console console = System.console();
        return new Terminal(System.out, System.err, console != null && console.isTerminal());
    }

    /** Shows {@code text} in place of the last progress; nothing unless {@link #interactive()}. */
    public void progress(String text) {
        if (interactive) {
            err.print("\r\u001b[K" + Printable.line(text));
            err.flush();
        }
    }

    /** Removes the progress line. */
    public void progressDone() {
        progress("");
    }
}
