package dev.sardonyx.runtime.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** Opens what the command line names, with errors that say what is wrong with it. */
final class InputFiles {

    /** The longest array that every JVM allocates. */
    private static final long LONGEST = Integer.MAX_VALUE - 16L;

    private InputFiles() {}

    /** A path as the user wrote it. */
    static Path path(String text) {
        if (text.isEmpty()) {
            throw new UsageException("a file name is empty");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new UsageException("'" + text + "' is no file name here: " + e.getReason(), e);
        }
    }

    /** The size of a regular file in bytes. */
    static long size(Path file) {
        try {
            if (Files.isRegularFile(file)) {
                return Files.size(file);
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        if (Files.isDirectory(file)) {
            throw new UsageException(file + ": is a directory, not a file");
        }
        throw new UsageException(
                file + ": " + (Files.exists(file) ? "is not a regular file" : "there is no such file"));
    }

    /** All of a regular file of at most {@code limit} bytes. */
    static byte[] read(Path file, long limit) {
        long size = size(file);
        if (size > limit) {
            throw new UsageException(file + ": holds " + size + " bytes; at most " + limit + " are read");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = new byte[(int) size];
            int count = in.readNBytes(bytes, 0, bytes.length);
            return count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** All of a regular file that fits into an array. */
    static byte[] read(Path file) {
        return read(file, LONGEST);
    }

    /** The first {@code count} bytes of a regular file, or all if it has fewer. */
    static byte[] start(Path file, int count) {
        size(file);
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(count);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static UsageException unreadable(Path file, IOException e) {
        if (e instanceof NoSuchFileException) {
            return new UsageException(file + ": there is no such file", e);
        }
        return new UsageException(file + ": cannot be read (" + reason(e) + ")", e);
    }

    /** What went wrong, without the file's name. */
    static String reason(IOException e) {
        String name = e.getClass().getSimpleName();
        if (e instanceof FileSystemException fse) {
            return fse.getReason() == null ? name : fse.getReason();
        }
        return e.getMessage() == null ? name : e.getMessage();
    }
}
