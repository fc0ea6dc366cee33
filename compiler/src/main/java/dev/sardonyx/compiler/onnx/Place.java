package dev.sardonyx.compiler.onnx;

import dev.sardonyx.compiler.InvalidModelException;
import dev.sardonyx.compiler.graph.Names;
import java.nio.file.Path;

/** Where in which file something is wrong: the beginning of every message. */
record Place(Path file, String where) {

    private static final int LONGEST_NAME = 200;

    static Place in(Path file) {
        return new Place(file, "");
    }

    Place node(SourceNode node) {
        return new Place(file, "node " + quote(node.displayName()) + " (" + escape(node.operator()) + "): ");
    }

    Place named(String kind, String name) {
        return new Place(file, kind + " " + quote(name) + ": ");
    }

    InvalidModelException broken(String rule) {
        return new InvalidModelException(message(rule));
    }

    InvalidModelException broken(Throwable cause) {
        return new InvalidModelException(message(String.valueOf(cause.getMessage())), cause);
    }

    InvalidModelException broken(String rule, Throwable cause) {
        return new InvalidModelException(message(rule), cause);
    }

    private String message(String rule) {
        return file + ": " + where + rule;
    }

    /** A name from the file in quotes, harmless and of bearable length. */
    static String quote(String name) {
        return Names.quote(name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "…");
    }

    /** As {@link #quote}, without the quotes. */
    static String escape(String name) {
        String quoted = quote(name);
        return quoted.substring(1, quoted.length() - 1);
    }
}
