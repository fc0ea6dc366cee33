package dev.sardonyx.runtime.cli;

import dev.sardonyx.runtime.UnsupportedMachineException;
import java.io.PrintStream;

/** Turns a failure into one line for the user and an exit code. */
public final class ErrorReport {

    /** Done. */
    public static final int OK = 0;
    /** Ran, and the answer is "no". */
    public static final int NO = 1;
    /** Bad usage or bad input. */
    public static final int USAGE = 2;
    /** The machine lacks something. */
    public static final int MACHINE = 3;

    private ErrorReport() {}

    /**
     * Writes one line on {@code failure}, and its stack trace after {@code debug}.
     *
     * @return the exit code
     */
    public static int report(Throwable failure, PrintStream err, boolean debug) {
        err.println("error: ".concat(Printable.line(message(failure))));
        if (debug) {
            failure.printStackTrace(err);
        }
        err.flush();
        return failure instanceof UnsupportedMachineException || failure instanceof OutOfMemoryError ? MACHINE : USAGE;
    }

    private static String message(Throwable failure) {
        String message = failure.getMessage() == null ? "" : failure.getMessage();
        if (failure instanceof UsageException || failure instanceof UnsupportedMachineException) {
            return message;
        }
        if (failure instanceof OutOfMemoryError) {
            long mebibytes = Runtime.getRuntime().maxMemory() >> 20;
            return "out of memory: the Java heap is limited to " + mebibytes + " MiB; allow more with java -Xmx"
                    + 4 * mebibytes + "m -jar ...";
        }
        return "internal error: " + failure.getClass().getName() + (message.isEmpty() ? "" : ": " + message)
                + " (--debug shows where)";
    }
}
