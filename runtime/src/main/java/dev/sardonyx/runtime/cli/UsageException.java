package dev.sardonyx.runtime.cli;

/**
 * A bad command line or an input that cannot be used: exit code 2. The message is one line that names the option or the file, as
 * the user gave it, and the rule that it breaks.
 */
public final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }

    public UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
