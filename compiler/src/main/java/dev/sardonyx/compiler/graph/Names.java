package dev.sardonyx.compiler.graph;

/** How names from a model file are shown: they are data, and may hold any character. */
public final class Names {

    private Names() {}

    /**
     * The name in single quotes. Control, format and line-breaking characters, unpaired surrogates, quotes and backslashes are
     * written as Java escapes, so that a name cannot break out of its line or drive a terminal.
     */
    public static String quote(String name) {
        StringBuilder text = new StringBuilder("'");
        name.codePoints().forEach(c -> appendEscaped(text, c));
        return text.append('\'').toString();
    }

    private static void appendEscaped(StringBuilder text, int codePoint) {
        switch (codePoint) {
            case '\'', '\\' -> text.append('\\').append((char) codePoint);
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            default -> {
                if (isHarmless(codePoint)) {
                    text.appendCodePoint(codePoint);
                } else {
                    for (char unit : Character.toChars(codePoint)) {
                        text.append("\\u%04x".formatted((int) unit));
                    }
                }
            }
        }
    }

    private static boolean isHarmless(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
