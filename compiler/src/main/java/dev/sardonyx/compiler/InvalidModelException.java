package dev.sardonyx.compiler;

/** The model file cannot be compiled; the message is for the user: one line naming the node and the rule. */
public final class InvalidModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidModelException(String message) {
        super(message);
    }

    public InvalidModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
