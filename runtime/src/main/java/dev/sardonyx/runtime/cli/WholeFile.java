package dev.sardonyx.runtime.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes files that appear complete or not at all. Thread-safe. */
public final class WholeFile {

    /** Produces the content of a file. */
    @FunctionalInterface
    public interface Content {
        /** Writes everything to the stream and leaves it open. */
        void writeTo(OutputStream out) throws IOException;
    }

    private WholeFile() {}

    /**
     * Writes to a temporary file in the same folder and moves it into place; whatever goes wrong, an older file stays as it was.
     * A device or a pipe is written to directly.
     *
     * @throws IOException if the file cannot be written; the message begins with the file as given
     */
    public static void write(Path file, Content content) throws IOException {
        try {
            if (Files.isDirectory(file)) {
                throw new IOException("is a folder");
            } else if (Files.exists(file) && !Files.isRegularFile(file)) {
                writeInto(file, content, StandardOpenOption.WRITE);
            } else {
                replace(Files.exists(file) ? file.toRealPath() : file.toAbsolutePath(), content);
            }
        } catch (IOException e) {
            throw new IOException(file + ": " + InputFiles.reason(e), e);
        }
    }

    private static void replace(Path file, Content content) throws IOException {
        Path folder = file.resolveSibling("");
        if (!Files.isDirectory(folder)) {
            throw new IOException("there is no folder " + folder);
        }
        Path part = folder.resolve(".sardonyx-" + UUID.randomUUID() + ".part");
        part.toFile().deleteOnExit(); // where the user interrupts the program
        try {
            writeInto(part, content, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
            try {
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void writeInto(Path file, Content content, StandardOpenOption... options) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file, options), 1 << 16)) {
            content.writeTo(out);
        }
    }
}
