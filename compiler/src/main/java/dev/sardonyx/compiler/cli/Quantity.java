package dev.sardonyx.compiler.cli;

import java.util.Locale;

/** Numbers as people read them. */
final class Quantity {

    private static final String[] UNITS = {"", "k", "M", "G", "T"};

    private Quantity() {}

    /** "1.12 MB": decimal units, as disks and networks count. */
    static String bytes(long count) {
        return count == 1 ? "1 byte" : scaled(count, "B", "bytes");
    }

    /** "41.3 M". */
    static String count(long count) {
        return scaled(count, "", "");
    }

    /** "272,474". */
    static String exact(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** "3.14" for two decimals. */
    static String fixed(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /** "3 nodes", "1 node". */
    static String of(long count, String singular) {
        return exact(count) + " " + singular + (count == 1 ? "" : "s");
    }

    private static String scaled(long count, String symbol, String word) {
        double value = count;
        int unit = 0;
        while (value >= 999.5 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        if (unit == 0) {
            return (count + " " + word).strip();
        }
        int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f %s%s", value, UNITS[unit], symbol);
    }
}
