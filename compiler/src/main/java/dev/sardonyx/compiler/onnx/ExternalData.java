package dev.sardonyx.compiler.onnx;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Weights in files beside the model.
 *
 * <p>A model may come from a stranger, and where its weights lie is his word. Therefore the location must be a relative path
 * without "..", what it leads to after all symbolic links must be a regular file inside the model's folder, and the bytes must
 * lie inside that file.
 */
final class ExternalData {

    private final Path folder;
    private final Set<Path> files = new LinkedHashSet<>();

    ExternalData(Path modelFile) {
        folder = Objects.requireNonNull(modelFile.toAbsolutePath().getParent(), "a file has a parent");
    }

    /** The files that were asked for, without symbolic links. */
    Set<Path> files() {
        return files;
    }

    /**
     * Maps {@code bytes} bytes of the file that the entries name.
     *
     * @throws IllegalArgumentException if a rule is broken; the message names the location and the rule
     */
    MemorySegment map(List<StringStringEntryProto> entries, long bytes, Arena arena) {
        Map<String, String> values = new HashMap<>();
        entries.forEach(entry -> values.put(entry.getKey(), entry.getValue()));
        String location = values.getOrDefault("location", "");
        try {
            Path file = inside(location);
            files.add(file);
            return map(file, number(values, "offset", 0), number(values, "length", bytes), bytes, arena);
        } catch (IllegalArgumentException broken) {
            throw new IllegalArgumentException(
                    "external data " + Place.quote(location) + ": " + broken.getMessage(), broken);
        } catch (NoSuchFileException missing) {
            throw new IllegalArgumentException("external data " + Place.quote(location) + ": no such file", missing);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    "external data %s: cannot be read (%s)"
                            .formatted(
                                    Place.quote(location), unreadable.getClass().getSimpleName()),
                    unreadable);
        }
    }

    private Path inside(String location) throws IOException {
        Path path;
        try {
            path = Path.of(location);
        } catch (InvalidPathException invalid) {
            throw new IllegalArgumentException("the location is no path", invalid);
        }
        require(!location.isEmpty(), "no location is given");
        require(path.getRoot() == null, "the location must be relative to the model's folder");
        for (Path element : path) {
            require(!element.toString().equals(".."), "the location must not contain '..'");
        }
        Path real = folder.resolve(path).toRealPath();
        require(real.startsWith(folder.toRealPath()), "the location leads out of the model's folder");
        require(Files.isRegularFile(real), "not a regular file");
        return real;
    }

    private static MemorySegment map(Path file, long offset, long length, long bytes, Arena arena) throws IOException {
        require(length == bytes, "its length is " + length + " bytes, but the tensor's shape and type need " + bytes);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            require(
                    offset <= size && bytes <= size - offset,
                    bytes + " bytes at offset " + offset + " are not inside the file, which has " + size);
            return channel.map(MapMode.READ_ONLY, offset, bytes, arena);
        }
    }

    private static long number(Map<String, String> values, String key, long otherwise) {
        String text = values.get(key);
        if (text == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text);
            require(number >= 0, key + " is negative");
            return number;
        } catch (NumberFormatException invalid) {
            throw new IllegalArgumentException(key + " " + Place.quote(text) + " is no number", invalid);
        }
    }

    private static void require(boolean condition, String rule) {
        if (!condition) {
            throw new IllegalArgumentException(rule);
        }
    }
}
