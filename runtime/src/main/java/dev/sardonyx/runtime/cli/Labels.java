package dev.sardonyx.runtime.cli;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The names of a classifier's classes: the lines of a UTF-8 text file, in the order of the classes. */
final class Labels {

    private static final long LONGEST_FILE = 1 << 24;

    private final Optional<Path> file;
    private final List<String> lines;

    private Labels(Optional<Path> file, List<String> lines) {
        this.file = file;
        this.lines = lines;
    }

    /** Reads {@code file}; blank lines at its end do not count. */
    static Labels read(Path file) {
        String text = text(file);
        String withoutMark = text.startsWith("\ufeff") ? text.substring(1) : text;
        return new Labels(
                Optional.of(file),
                withoutMark.stripTrailing().lines().map(String::strip).toList());
    }

    private static String text(Path file) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(InputFiles.read(file, LONGEST_FILE));
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new UsageException(file + ": is no text in UTF-8, as labels must be", e);
        }
    }

    /** Classes without names. */
    static Labels none() {
        return new Labels(Optional.empty(), List.of());
    }

    /**
     * The name of a class; empty if there are no labels.
     *
     * @throws UsageException if there are labels, but not {@code classes} of them
     */
    Optional<String> name(int index, int classes) {
        if (file.isEmpty()) {
            return Optional.empty();
        }
        if (lines.size() != classes) {
            throw new UsageException(
                    file.get() + ": holds " + lines.size() + " labels, but the model has " + classes + " classes");
        }
        return Optional.of(lines.get(index));
    }
}
