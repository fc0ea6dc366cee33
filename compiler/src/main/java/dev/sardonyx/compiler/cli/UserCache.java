package dev.sardonyx.compiler.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Where a user's computer keeps what programs can fetch again. */
final class UserCache {

    private static final String FOLDER = "sardonyx";

    private UserCache() {}

    /** Our folder, which need not exist. */
    static Path folder() {
        return folder(System.getProperty("os.name"), System.getenv(), Path.of(System.getProperty("user.home")));
    }

    /**
     * Our folder, by the custom of the system: {@code %LOCALAPPDATA%} on Windows, {@code ~/Library/Caches} on macOS, elsewhere
     * {@code $XDG_CACHE_HOME}, which counts everywhere if it is absolute, or {@code ~/.cache}.
     *
     * @param system the system's name
     * @param environment its variables
     * @param account the home folder of the account, where {@code HOME} names no other
     */
    static Path folder(String system, Map<String, String> environment, Path account) {
        String name = system.toLowerCase(Locale.ROOT);
        Path home = absolute(environment, "HOME").orElse(account);
        Path caches;
        if (name.startsWith("windows")) {
            caches = absolute(environment, "LOCALAPPDATA")
                    .orElseGet(() -> account.resolve("AppData").resolve("Local"));
        } else if (name.startsWith("mac")) {
            caches = home.resolve("Library").resolve("Caches");
        } else {
            caches = home.resolve(".cache");
        }
        return absolute(environment, "XDG_CACHE_HOME").orElse(caches).resolve(FOLDER);
    }

    /** Relative paths do not count, as the XDG base directory specification wants it. */
    private static Optional<Path> absolute(Map<String, String> environment, String variable) {
        try {
            return Optional.ofNullable(environment.get(variable)).map(Path::of).filter(Path::isAbsolute);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
