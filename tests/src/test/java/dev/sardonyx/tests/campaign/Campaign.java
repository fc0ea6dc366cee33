package dev.sardonyx.tests.campaign;

import dev.sardonyx.compiler.cli.Main;
import dev.sardonyx.runtime.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** What campaigns share: folders that the user names, and the command line in this JVM. */
final class Campaign {

    private Campaign() {}

    /** What a command line wrote and how it ended. */
    record Outcome(int code, String out, String err) {}

    /** The folder of models. */
    static Path models() {
        return folder("sardonyx.models");
    }

    /**
     * The folder that {@code -Dproperty=FOLDER} names.
     *
     * @throws TestAbortedException if nobody names one
     * @throws IllegalArgumentException if there is no such folder
     */
    static Path folder(String property) {
        String name = System.getProperty(property, "");
        if (name.isEmpty()) {
            throw leftOut("give it a folder with -D" + property + "=FOLDER (docs/testing.md)");
        }
        Path folder = Path.of(name);
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("-D" + property + "=" + name + ": there is no such folder");
        }
        return folder;
    }

    /** The end of a test that lacks something, said where people see it. */
    static TestAbortedException leftOut(String reason) {
        System.err.println("LEFT OUT: " + reason);
        return new TestAbortedException(reason);
    }

    /** Prints a result. */
    static void say(String line) {
        System.out.println(line);
    }

    /** The folders in {@code parent}, by name. */
    static List<Path> folders(Path parent) throws IOException {
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(Files::isDirectory).sorted().toList();
        }
    }

    /** Runs a command line as {@code ./sardonyx} would. */
    static Outcome sardonyx(Object... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                Arrays.stream(words).map(Object::toString).toArray(String[]::new),
                new Terminal(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false));
        return new Outcome(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** A file of little-endian float32 values. */
    static float[] floats(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    /** Where the largest of {@code count} values from {@code from} on lies, counted from there. */
    static int largest(float[] values, int from, int count) {
        int best = 0;
        for (int i = 1; i < count; i++) {
            best = values[from + i] > values[from + best] ? i : best;
        }
        return best;
    }
}
