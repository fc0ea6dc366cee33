package dev.sardonyx.runtime.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** A table of text with a heading; columns of numbers stand on the right. Cells are made {@link Printable}. */
public final class Table {

    private static final int LONGEST_CELL = 60;

    private final List<List<String>> rows = new ArrayList<>();
    private final boolean[] right;

    /** Columns whose heading begins with {@code >} are aligned right. */
    public Table(String... headings) {
        right = new boolean[headings.length];
        List<String> row = new ArrayList<>();
        for (int i = 0; i < headings.length; i++) {
            right[i] = headings[i].startsWith(">");
            row.add(right[i] ? headings[i].substring(1) : headings[i]);
        }
        rows.add(row);
    }

    /** Adds a row of as many cells; long ones are cut, except in the last column. */
    public void row(Object... cells) {
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            String text = Printable.line(cell.toString());
            row.add(row.size() == cells.length - 1 ? text : shortened(text));
        }
        rows.add(row);
    }

    private static String shortened(String cell) {
        return cell.length() <= LONGEST_CELL ? cell : cell.substring(0, LONGEST_CELL - 3) + "...";
    }

    /** Prints all rows. */
    public void print(PrintStream out) {
        int[] widths = new int[right.length];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String gap = " ".repeat(widths[i] - row.get(i).length());
                line.append(i == 0 ? "  " : "   ").append(right[i] ? gap + row.get(i) : row.get(i) + gap);
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
