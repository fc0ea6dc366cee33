package dev.sardonyx.compiler.cli;

import dev.sardonyx.runtime.cli.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The files that come with Sardonyx, in the folder {@code samples} of the installation. */
final class Samples {

    /** Says where the installation lies; the launcher sets it. */
    static final String HOME_PROPERTY = "sardonyx.home";

    private Samples() {}

    /** @throws UsageException if the file is not there */
    static Path find(String name) {
        Path home = Optional.ofNullable(System.getProperty(HOME_PROPERTY))
                .map(Path::of)
                .orElseThrow(() -> new UsageException(
                        "the samples are not found: start Sardonyx with its launcher, ./sardonyx, or java -D"
                                + HOME_PROPERTY + "=FOLDER with the folder that holds samples/"));
        Path file = home.resolve("samples").resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new UsageException(file + ": no such file; it comes with Sardonyx, so fetch its sources again");
        }
        return file;
    }
}
