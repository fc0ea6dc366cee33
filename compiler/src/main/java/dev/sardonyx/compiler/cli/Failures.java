package dev.sardonyx.compiler.cli;

import dev.sardonyx.compiler.InvalidModelException;
import dev.sardonyx.runtime.UnsupportedMachineException;
import dev.sardonyx.runtime.cli.ErrorReport;
import dev.sardonyx.runtime.cli.Printable;
import dev.sardonyx.runtime.cli.UsageException;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns a failure into what the user reads and an exit code. */
final class Failures {

    private Failures() {}

    /**
     * Writes what went wrong, and the stack trace after {@code debug}.
     *
     * @return the exit code
     */
    static int report(Throwable failure, PrintStream err, boolean debug) {
        return switch (failure) {
            case ParameterException usage -> ErrorReport.report(new UsageException(message(usage), usage), err, debug);
            case InvalidModelException invalid -> report(invalid, err, debug);
            case OutOfMemoryError memory ->
                ErrorReport.report(new UnsupportedMachineException(message(memory), memory), err, debug);
            default -> ErrorReport.report(failure, err, debug);
        };
    }

    /** Unsupported nodes take a line each; names in the message are escaped already, so that a line's end is meant. */
    private static int report(InvalidModelException invalid, PrintStream err, boolean debug) {
        List<String> lines = String.valueOf(invalid.getMessage()).lines().toList();
        int code = ErrorReport.report(new UsageException(lines.getFirst(), invalid), err, debug);
        lines.stream().skip(1).map(Printable::line).forEach(err::println);
        return code;
    }

    private static String message(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        return usage(failure, command) + "; see " + name + " --help";
    }

    private static String usage(ParameterException failure, CommandLine command) {
        if (failure instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().getFirst();
            if (!command.getSubcommands().isEmpty() && !word.startsWith("-")) {
                return "there is no command '" + word + "'; there are "
                        + String.join(", ", command.getSubcommands().keySet());
            }
            return unmatched.isUnknownOption() ? "unknown option " + word : "'" + word + "' is one argument too many";
        }
        return String.valueOf(failure.getMessage());
    }

    private static String message(OutOfMemoryError failure) {
        long mebibytes = Runtime.getRuntime().maxMemory() >> 20;
        return "out of memory: the Java heap is limited to %d MiB (%s); allow more with JAVA_TOOL_OPTIONS=-Xmx%dm in the environment"
                .formatted(mebibytes, failure.getMessage(), 2 * mebibytes);
    }

    /** The failure as one that the user can do something about; its message says what. */
    static UsageException usage(Exception failure) {
        return new UsageException(String.valueOf(failure.getMessage()), failure);
    }
}
