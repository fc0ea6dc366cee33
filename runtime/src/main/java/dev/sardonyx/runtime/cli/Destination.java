package dev.sardonyx.runtime.cli;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Collection;
import java.util.List;

/** Checks where results shall go before any work is done. */
public final class Destination {

    private Destination() {}

    /**
     * Checks that a file can be written, or replaced. Devices and pipes are as good as files.
     *
     * @param option the option that names it, for the message
     * @param sources files that it must not overwrite
     * @throws UsageException if it cannot
     */
    public static void checkFile(String option, Path file, Path... sources) {
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || folder == null) {
            throw new UsageException(option + " " + file + ": is a directory, not a file");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw new UsageException(option + " " + file + ": there is no directory "
                    + (file.getParent() == null ? folder : file.getParent()));
        }
        if (!Files.isWritable(folder)) {
            throw new UsageException(option + " " + file + ": no permission to write there");
        }
        keep(List.of(sources), option, file);
    }

    /**
     * Checks that writing {@code file} replaces none of the {@code sources}.
     *
     * @param option the option that names it, for the message
     * @throws UsageException if it does
     */
    public static void keep(Collection<Path> sources, String option, Path file) {
        for (Path source : sources) {
            if (isSame(file, source)) {
                throw new UsageException(option + " " + file + ": would overwrite " + source);
            }
        }
    }

    /**
     * Checks that a folder is there or can be made.
     *
     * @param option the option that names it, for the message
     * @throws UsageException if it cannot
     */
    public static void checkFolder(String option, Path folder) {
        Path existing = folder.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        if (!Files.isDirectory(existing)) {
            throw new UsageException(option + " " + folder + ": "
                    + (Files.exists(folder) ? "is a file, not a directory" : existing + " is a file, not a directory"));
        }
        if (!Files.isWritable(existing)) {
            throw new UsageException(option + " " + folder + ": no permission to write there");
        }
    }

    /** The jar or the folder that a class was loaded from; empty where it lies in no file. */
    static List<Path> origin(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return List.of();
        }
        try {
            return List.of(Path.of(source.getLocation().toURI()));
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            return List.of();
        }
    }

    private static boolean isSame(Path a, Path b) {
        try {
            return a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize())
                    || (Files.exists(a) && Files.exists(b) && Files.isSameFile(a, b));
        } catch (IOException e) {
            return false;
        }
    }
}
