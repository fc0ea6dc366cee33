package dev.sardonyx.compiler.pretrained;

import dev.sardonyx.runtime.UnsupportedMachineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * One version of a package in npm's registry.
 *
 * @param name the package
 * @param version the version
 * @param sha256 digest of its tarball, in lower-case hexadecimal
 */
record NpmPackage(String name, String version, String sha256) {

    private static final int LINES_OF_REASON = 2;

    /** The name of the tarball. */
    String tarball() {
        return name + "-" + version + ".tgz";
    }

    /** The command that fetches the tarball. */
    String command() {
        return "npm pack " + name + "@" + version;
    }

    /**
     * Has npm put the tarball into a folder.
     *
     * @param npm the program
     * @throws UnsupportedMachineException if npm cannot; the message tells what npm says
     * @throws IOException if there is no such program
     */
    Path pack(String npm, Path folder) throws IOException {
        Process process = new ProcessBuilder(npm, "pack", name + "@" + version, "--loglevel=error")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new UnsupportedMachineException(
                        "%s: ended with exit code %d: %s".formatted(command(), code, reason(said)));
            }
            return folder.resolve(tarball());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnsupportedMachineException(command() + ": interrupted", e);
        } finally {
            process.destroy();
        }
    }

    /** npm marks its errors; the first ones say what happened, the last where its log lies. */
    private static String reason(String said) {
        return said.lines()
                .filter(line -> line.startsWith("npm "))
                .map(line -> line.replaceFirst("^npm (ERR!|error) *", ""))
                .filter(line -> !line.isEmpty())
                .limit(LINES_OF_REASON)
                .collect(Collectors.joining("; "));
    }

    /** Whether a file is this package's tarball. */
    boolean isTarball(Path file) throws IOException {
        return Files.isRegularFile(file) && Sha256.of(file).equals(sha256);
    }

    /** The files in one folder of the tarball, by their names there. */
    Map<String, byte[]> read(Path tarball, String folder) throws IOException {
        String prefix = "package/" + folder + "/";
        Map<String, byte[]> files = new HashMap<>();
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new GZIPInputStream(Files.newInputStream(tarball), 1 << 16))) {
            TarArchiveEntry entry = tar.getNextEntry();
            while (entry != null) {
                if (entry.isFile() && entry.getName().startsWith(prefix)) {
                    files.put(entry.getName().substring(prefix.length()), tar.readAllBytes());
                }
                entry = tar.getNextEntry();
            }
        }
        return files;
    }
}
