package dev.sardonyx.runtime;

/**
 * The machine lacks something that was asked for: a CPU feature, a device, a module of the JDK. The message is one line that
 * names what is missing and the command that mends it. The command lines end with exit code 3.
 */
public final class UnsupportedMachineException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnsupportedMachineException(String message) {
        super(message);
    }

    public UnsupportedMachineException(String message, Throwable cause) {
        super(message, cause);
    }
}
