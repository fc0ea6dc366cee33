package dev.sardonyx.runtime.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** Opens what the command line names, with errors that say what is wrong with it. */
public final class InputFiles {

    /** The longest array that every JVM allocates. */
    private static final long LONGEST = Integer.MAX_VALUE - 16L;

    private InputFiles() {}

    /**
     * A path as the user wrote it.
     *
     * @throws UsageException if it can be none
     */
    public static Path path(String text) {
        if (text.isEmpty()) {
            throw new UsageException("a file name is empty");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            String remedy =
                    text.chars().allMatch(c -> c < 128) ? "" : "; LC_ALL=C.UTF-8 in the environment allows all names";
            throw new UsageException("'" + text + "' is no file name here: " + e.getReason() + remedy, e);
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

    /** As {@link #size}, for a file that is not empty. */
    private static long filled(Path file) {
        long size = size(file);
        if (size == 0) {
            throw new UsageException(file + ": is empty");
        }
        return size;
    }

    /** All of a regular file of at most {@code limit} bytes. */
    static byte[] read(Path file, long limit) {
        long size = filled(file);
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
        filled(file);
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

    /** What went wrong with a file, without its name. */
    public static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "no such file or folder";
            case FileAlreadyExistsException _ -> "a file of that name exists";
            case FileSystemException failure when failure.getReason() != null -> failure.getReason();
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}
