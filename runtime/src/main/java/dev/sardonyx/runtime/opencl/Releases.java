package dev.sardonyx.runtime.opencl;

import java.util.List;

/** Releasing what was made on a device, the last first: all of it, though a device that has failed may refuse some. */
final class Releases {

    private Releases() {}

    /**
     * Runs all, and forgets them.
     *
     * @throws RuntimeException the first failure; it holds the others
     */
    static void all(List<Runnable> releases) {
        RuntimeException first = null;
        for (Runnable release : releases.reversed()) {
            try {
                release.run();
            } catch (RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        releases.clear();
        if (first != null) {
            throw first;
        }
    }

    /** Runs all after {@code failure}, which holds what fails now. */
    static void afterFailure(List<Runnable> releases, Throwable failure) {
        try {
            all(releases);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
