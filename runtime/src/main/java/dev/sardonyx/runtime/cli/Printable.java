package dev.sardonyx.runtime.cli;

/**
 * Makes text from files and models fit for a terminal: characters that would move the cursor, colour the screen, break the line or
 * reorder it become escapes such as {@code \n} and <code>&#92;u202e</code>.
 */
public final class Printable {

    private static final int LONGEST_LINE = 4000;

    private Printable() {}

    /** {@code text} as one harmless line of at most some thousand characters. */
    public static String line(String text) {
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            if (line.length() > LONGEST_LINE) {
                return line.append("...").toString();
            }
            int codePoint = text.codePointAt(i);
            append(line, codePoint);
            i += Character.charCount(codePoint);
        }
        return line.toString();
    }

    private static void append(StringBuilder line, int codePoint) {
        switch (codePoint) {
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            default -> {
                if (!isHarmful(codePoint)) {
                    line.appendCodePoint(codePoint);
                } else if (Character.isBmpCodePoint(codePoint)) {
                    line.append("\\u").append(hex(codePoint, 4));
                } else {
                    line.append("\\u{").append(hex(codePoint, 5)).append('}');
                }
            }
        }
    }

    private static boolean isHarmful(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    private static String hex(int value, int digits) {
        String hex = Integer.toHexString(value);
        return "0".repeat(Math.max(0, digits - hex.length())).concat(hex);
    }
}
