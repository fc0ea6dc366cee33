package dev.sardonyx.runtime.cli;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How this JVM was started.
 *
 * @param options what stands before the main class or {@code -jar}: {@code -X}, {@code -D} and so on
 * @param main {@code -jar FILE}, or the main class, with its class path where {@code options} lack it
 */
record JvmCommandLine(List<String> options, List<String> main) {

    /** Reads it off the operating system or, where that does not tell (Windows, argument files), asks the JVM. */
    static JvmCommandLine ofThisProcess(String[] args, Class<?> mainClass) {
        Optional<String[]> words = ProcessHandle.current().info().arguments();
        Optional<JvmCommandLine> line = words.isPresent()
                ? split(Arrays.asList(words.get()), Arrays.asList(args), mainClass.getName())
                : Optional.empty();
        return line.isPresent() ? line.get() : ofTheJvm(mainClass);
    }

    /**
     * Splits a process's arguments.
     *
     * @param words all of them
     * @param args those that {@code main} got
     * @return empty if {@code words} are not {@code [option...] (-jar FILE | CLASS) arg...}
     */
    static Optional<JvmCommandLine> split(List<String> words, List<String> args, String mainClass) {
        int end = words.size() - args.size();
        if (end < 1 || !words.subList(end, words.size()).equals(args)) {
            return Optional.empty();
        }
        if (end >= 2 && words.get(end - 2).equals("-jar")) {
            return Optional.of(new JvmCommandLine(words.subList(0, end - 2), words.subList(end - 2, end)));
        }
        if (words.get(end - 1).replace('/', '.').equals(mainClass)) {
            return Optional.of(new JvmCommandLine(words.subList(0, end - 1), words.subList(end - 1, end)));
        }
        return Optional.empty();
    }

    private static JvmCommandLine ofTheJvm(Class<?> mainClass) {
        List<String> main = List.of("-cp", System.getProperty("java.class.path"), mainClass.getName());
        try {
            return new JvmCommandLine(ManagementFactory.getRuntimeMXBean().getInputArguments(), main);
        } catch (LinkageError e) { // a Java without the module java.management
            return new JvmCommandLine(List.of(), main);
        }
    }
}
