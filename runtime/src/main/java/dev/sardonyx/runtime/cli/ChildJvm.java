package dev.sardonyx.runtime.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A second JVM that does this one's work: it shares standard input and output, and dies with this one. */
final class ChildJvm {

    /** What the JVM says when an incubator module is asked for; no flag turns it off. */
    private static final String WARNING = "WARNING: Using incubator modules";

    private static final long PATIENCE_SECONDS = 5;

    private ChildJvm() {}

    /**
     * Runs {@code command} to its end.
     *
     * @return the exit code
     * @throws IOException if it cannot be started
     */
    static int run(List<String> command, PrintStream err) throws IOException {
        Process child = new ProcessBuilder(command)
                .redirectInput(Redirect.INHERIT)
                .redirectOutput(Redirect.INHERIT)
                .redirectError(Redirect.PIPE)
                .start();
        Runtime.getRuntime().addShutdownHook(new Ending(child));
        copyErrors(child.getErrorStream(), err);
        while (true) {
            try {
                return child.waitFor();
            } catch (InterruptedException e) {
                child.destroy();
            }
        }
    }

    /** Copies {@code from} as it comes, without what a JVM says at the start. */
    static void copyErrors(InputStream from, PrintStream to) {
        try {
            byte[] line = line(from);
            while (isChatter(line)) {
                line = line(from);
            }
            byte[] buffer = new byte[8192];
            to.write(line);
            to.flush();
            for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
                to.write(buffer, 0, count);
                to.flush();
            }
        } catch (IOException e) {
            // the child is gone: its exit code tells
        }
    }

    private static boolean isChatter(byte[] line) {
        // The latter two name JAVA_TOOL_OPTIONS and JDK_JAVA_OPTIONS: this JVM has said the same.
        String text = new String(line, StandardCharsets.ISO_8859_1);
        return text.startsWith(WARNING) || text.startsWith("Picked up J") || text.startsWith("NOTE: Picked up J");
    }

    /** The bytes up to the end of the line, which is included, or of a progress display, which has none. */
    private static byte[] line(InputStream from) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = from.read();
        while (next >= 0) {
            line.write(next);
            if (next == '\n' || next == '\r') {
                break;
            }
            next = from.read();
        }
        return line.toByteArray();
    }

    /** Ends the child when this JVM is told to end. */
    private static final class Ending extends Thread {

        private final Process child;

        Ending(Process child) {
            this.child = child;
        }

        @Override
        public void run() {
            if (!child.isAlive()) {
                return;
            }
            child.destroy();
            try {
                if (!child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    child.destroyForcibly();
                }
            } catch (InterruptedException e) {
                child.destroyForcibly();
            }
        }
    }
}
