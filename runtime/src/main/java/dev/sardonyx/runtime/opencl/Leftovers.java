package dev.sardonyx.runtime.opencl;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/** Copies of JOCL's native part that killed processes left in the temporary folder, where others delete theirs. */
final class Leftovers {

    /** What JOCL calls a copy for one process. */
    private static final Pattern COPY =
            Pattern.compile("(lib)?JOCL_[-_a-z0-9]+-[0-9a-f]{8}(-[0-9a-f]{4,12}){4}\\.(so|dylib|dll)");

    /** No process takes so long between unpacking its copy and loading it. */
    private static final Duration AGE = Duration.ofDays(1);

    private Leftovers() {}

    /**
     * Deletes copies of some age. A process that still uses one keeps what it has loaded: Windows refuses to delete it, and
     * elsewhere the content stays until its last user is gone.
     */
    static void clear() {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        Instant old = Instant.now().minus(AGE);
        try (DirectoryStream<Path> copies = Files.newDirectoryStream(
                folder, file -> COPY.matcher(file.getFileName().toString()).matches())) {
            copies.forEach(copy -> clear(copy, old));
        } catch (IOException | DirectoryIteratorException e) {
            leave(folder, e);
        }
    }

    private static void clear(Path copy, Instant old) {
        try {
            if (Files.getLastModifiedTime(copy, LinkOption.NOFOLLOW_LINKS)
                    .toInstant()
                    .isBefore(old)) {
                Files.deleteIfExists(copy);
            }
        } catch (IOException e) { // in use, another user's, or gone meanwhile
            leave(copy, e);
        }
    }

    private static void leave(Path path, Exception reason) {
        System.getLogger("dev.sardonyx")
                .log(System.Logger.Level.DEBUG, "leftovers of JOCL stay in {0}: {1}", path, reason.toString());
    }
}
