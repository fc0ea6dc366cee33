package dev.sardonyx.runtime.cli;

import java.util.Locale;

/** Writes one flat JSON object (RFC 8259), a member per line. */
final class JsonObject {

    private final StringBuilder members = new StringBuilder();

    JsonObject put(String name, String value) {
        return member(name, quoted(value));
    }

    JsonObject put(String name, long value) {
        return member(name, Long.toString(value));
    }

    /** A number with six digits after the point; null where it is not finite, for which JSON has no number. */
    JsonObject put(String name, double value) {
        return member(name, Double.isFinite(value) ? String.format(Locale.ROOT, "%.6f", value) : "null");
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

    @Override
    public String toString() {
        return "{" + members + "\n}\n";
    }
}
