package dev.sardonyx.tests.jars;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a JVM of its own ended.
 *
 * @param code its exit code
 * @param output what it wrote to stdout and stderr
 */
public record JarProcess(int code, String output) {

    /** Runs {@code java} with these words. */
    public static JarProcess java(List<String> words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(words);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new JarProcess(process.waitFor(), output);
    }
}
