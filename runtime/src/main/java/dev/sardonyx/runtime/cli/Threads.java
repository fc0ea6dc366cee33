package dev.sardonyx.runtime.cli;

/** The range of {@code --threads}. */
final class Threads {

    private static final int MOST = 1024;

    private Threads() {}

    static void check(int threads) {
        if (threads < 1 || threads > MOST) {
            throw new UsageException("--threads must lie between 1 and " + MOST + ", not " + threads);
        }
    }
}
