package dev.sardonyx.runtime.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** Writes a JSON object (RFC 8259), a member per line. */
public final class JsonObject {

    private final StringBuilder members = new StringBuilder();

    /** A text. */
    public JsonObject put(String name, String value) {
        return member(name, quoted(value));
    }

    /** A whole number. */
    public JsonObject put(String name, long value) {
        return member(name, Long.toString(value));
    }

    /** A number with six digits after the point; null where it is not finite, for which JSON has no number. */
    public JsonObject put(String name, double value) {
        return member(name, Double.isFinite(value) ? String.format(Locale.ROOT, "%.6f", value) : "null");
    }

    /** An array of objects. */
    public JsonObject put(String name, List<JsonObject> objects) {
        StringJoiner array = new StringJoiner(", ", "[", "]");
        for (JsonObject object : objects) {
            array.add(object.toString().replace("\n", "\n  "));
        }
        return member(name, array.toString());
    }

    private JsonObject member(String name, String value) {
        members.append(members.isEmpty() ? "" : ",")
                .append("\n  ")
                .append(quoted(name))
                .append(": ")
                .append(value);
        return this;
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    /**
     * Writes the object to a file, which appears complete or not at all.
     *
     * @throws UsageException if it cannot be written
     */
    public void write(Path file) {
        byte[] text = (this + "\n").getBytes(StandardCharsets.US_ASCII);
        OutputFiles.write(file, out -> out.write(text));
    }

    /** One line after the last member's, without its end. */
    @Override
    public String toString() {
        return "{" + members + "\n}";
    }
}
