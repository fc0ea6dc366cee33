package dev.sardonyx.runtime.cli;

import java.util.Optional;

/**
 * Ends a relaunched JVM when the one that started it is gone, even if that was killed without a chance to say so. It looks twice a
 * second: a thread that waits in a system call would hold up the JVM's exit by 300 ms.
 */
final class ParentWatch extends Thread {

    private static final int TERMINATED = 143; // as a shell reports SIGTERM
    private static final long INTERVAL_MS = 500;

    private final long parent;

    private ParentWatch(long parent) {
        super("parent-watch");
        this.parent = parent;
        setDaemon(true);
    }

    static void startIfRelaunched() {
        Long parent = Long.getLong(VectorApiRelaunch.RELAUNCHED_PROPERTY);
        if (parent != null) {
            new ParentWatch(parent).start();
        }
    }

    @Override
    public void run() {
        Optional<ProcessHandle> process = ProcessHandle.of(parent);
        try {
            while (process.isPresent() && process.get().isAlive()) {
                sleep(INTERVAL_MS);
            }
        } catch (InterruptedException e) {
            return; // nobody does
        }
        Runtime.getRuntime().exit(TERMINATED);
    }
}
