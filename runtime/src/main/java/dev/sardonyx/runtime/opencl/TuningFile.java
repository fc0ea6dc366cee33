package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.opencl.KernelChoice.Algorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What tuning found on this machine: a text file in the user's cache folder, a line for each device, driver, precision and
 * shape. Lines that another version of the tuner wrote count as not there; those that make no sense too, with a warning.
 */
final class TuningFile {

    /** To be changed with the kernels or with what a line says. */
    static final String VERSION = "4";

    /** A folder to use instead of the user's cache folder. */
    private static final String FOLDER_PROPERTY = "sardonyx.opencl.cache";

    static final String SEPARATOR = "\t";

    private final Path file;
    private final String prefix;
    private Map<String, String> lines;

    TuningFile(Device device, Precision precision) {
        file = folder().resolve("opencl-tuning.txt");
        prefix = String.join(SEPARATOR, VERSION, device.name(), device.driver(), precision.id()) + SEPARATOR;
        lines = read();
    }

    private static Path folder() {
        String own = System.getProperty(FOLDER_PROPERTY);
        if (own != null) {
            return Path.of(own);
        }
        String home = System.getProperty("user.home", ".");
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String cache = system.startsWith("windows") ? System.getenv("LOCALAPPDATA") : System.getenv("XDG_CACHE_HOME");
        Path base = cache != null && !cache.isEmpty()
                ? Path.of(cache)
                : Path.of(home, system.startsWith("mac") ? "Library/Caches" : ".cache");
        return base.resolve("sardonyx");
    }

    /** The algorithm found for a shape, if the device can run it; a warning of the logger {@code dev.sardonyx} says if not. */
    Optional<Algorithm> find(ConvolutionShape shape, KernelChoice choice) {
        String text = lines.get(prefix + shape.key());
        if (text == null) {
            return Optional.empty();
        }
        Optional<Algorithm> algorithm =
                AlgorithmText.parse(text).filter(candidate -> choice.isPossible(shape, candidate));
        if (algorithm.isEmpty()) {
            System.getLogger("dev.sardonyx")
                    .log(
                            System.Logger.Level.WARNING,
                            "{0} wants a convolution to run as ''{1}'', which this device cannot: that line is ignored",
                            file,
                            text);
        }
        return algorithm;
    }

    /**
     * Adds what was found. Where the file cannot be written, nothing is kept: tuning is then done again next time.
     *
     * @param found the fastest algorithm by shape; none but products, direct or Winograd's
     */
    void add(Map<ConvolutionShape, Algorithm> found) {
        lines = read(); // again, for another process may have added to it
        found.forEach((shape, algorithm) -> lines.put(prefix + shape.key(), AlgorithmText.of(algorithm)));
        List<String> text = lines.entrySet().stream()
                .map(line -> line.getKey() + SEPARATOR + line.getValue())
                .toList();
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path temporary = Files.createTempFile(file.toAbsolutePath().getParent(), "opencl-tuning", ".tmp");
            Files.write(temporary, text);
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            System.getLogger("dev.sardonyx")
                    .log(System.Logger.Level.WARNING, "what tuning found is not kept: {0}", e.toString());
        }
    }

    private Map<String, String> read() {
        Map<String, String> text = new LinkedHashMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                int end = line.lastIndexOf(SEPARATOR);
                if (end > 0) {
                    text.put(line.substring(0, end), line.substring(end + 1));
                }
            }
        } catch (IOException e) { // none yet, or no text
            return new LinkedHashMap<>();
        }
        return text;
    }
}
