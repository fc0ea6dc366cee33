package dev.sardonyx.compiler.cli;

import dev.sardonyx.runtime.cli.InputFiles;
import dev.sardonyx.runtime.cli.UsageException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder of our own for the time of a command. It vanishes when closed, and when the user interrupts the program. */
final class TemporaryFolder implements AutoCloseable {

    private final Path path;
    private final Thread hook;

    private TemporaryFolder(Path path) {
        this.path = path;
        hook = new Thread(this::delete);
    }

    /** @throws UsageException if it cannot be made */
    static TemporaryFolder create() {
        try {
            TemporaryFolder folder = new TemporaryFolder(Files.createTempDirectory("sardonyx-"));
            Runtime.getRuntime().addShutdownHook(folder.hook);
            return folder;
        } catch (IOException e) {
            throw new UsageException(
                    System.getProperty("java.io.tmpdir") + ": no temporary folder can be made there ("
                            + InputFiles.reason(e) + ")",
                    e);
        }
    }

    Path path() {
        return path;
    }

    Path resolve(String file) {
        return path.resolve(file);
    }

    @Override
    public void close() {
        delete();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the hook is running already
        }
    }

    private void delete() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // the system's own clean-up will find it
        }
    }
}
