package dev.sardonyx.compiler.onnx;

/** Memory that may still be taken. Asked before every allocation whose size the file decides. */
final class MemoryBudget {

    private final long total;
    private long used;

    MemoryBudget(long total) {
        this.total = total;
    }

    /**
     * Takes {@code bytes} from the budget.
     *
     * @throws IllegalArgumentException if fewer are left; the message is the rule
     */
    void reserve(long bytes) {
        if (bytes > total - used) {
            throw new IllegalArgumentException(
                    "needs %s more memory, but of the budget of %s only %s are left (java's -Xmx raises it)"
                            .formatted(megabytes(bytes), megabytes(total), megabytes(total - used)));
        }
        used += bytes;
    }

    private static String megabytes(long bytes) {
        return Math.ceilDiv(bytes, 1_000_000L) + " MB";
    }
}
