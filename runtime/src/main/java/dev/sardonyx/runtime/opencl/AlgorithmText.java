package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.opencl.KernelChoice.Algorithm;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Algorithms as what tuning found is written down: the kind of tile, its five numbers and the split; for Winograd's filtering {@code
 * winograd}, its m, the tile and the parts.
 */
final class AlgorithmText {

    private static final String NUMBER = " ([1-9]\\d{0,3})";

    private static final Pattern PRODUCT = Pattern.compile("(thread|warp)" + NUMBER.repeat(6));

    private static final Pattern WINOGRAD = Pattern.compile("winograd ([24]) " + PRODUCT);

    private AlgorithmText() {}

    /** The text of a product, direct or Winograd's. */
    static String of(Algorithm algorithm) {
        return switch (algorithm) {
            case Algorithm.Product(Tiling tile, int split) -> of(tile) + " " + split;
            case Algorithm.Winograd(int m, Tiling tile, int parts) -> "winograd " + m + " " + of(tile) + " " + parts;
            case Algorithm.Vector(), Algorithm.Direct() -> throw new IllegalArgumentException("nothing to tune");
        };
    }

    private static String of(Tiling tiling) {
        return switch (tiling) {
            case Tile(int rows, int columns, int depth, int threadRows, int threadColumns) ->
                "thread %d %d %d %d %d".formatted(rows, columns, depth, threadRows, threadColumns);
            case WarpTile(int rows, int columns, int depth, int warpRows, int warpColumns) ->
                "warp %d %d %d %d %d".formatted(rows, columns, depth, warpRows, warpColumns);
        };
    }

    /** The algorithm of a text; none where it does not have the form. Whether a device can run it is another matter. */
    static Optional<Algorithm> parse(String text) {
        Matcher product = PRODUCT.matcher(text);
        if (product.matches()) {
            return Optional.of(new Algorithm.Product(tile(product, 1), number(product, 7)));
        }
        Matcher winograd = WINOGRAD.matcher(text);
        return winograd.matches()
                ? Optional.of(new Algorithm.Winograd(number(winograd, 1), tile(winograd, 2), number(winograd, 8)))
                : Optional.empty();
    }

    /** The tile whose kind is the group {@code first}; its numbers follow. */
    private static Tiling tile(Matcher text, int first) {
        int rows = number(text, first + 1);
        int columns = number(text, first + 2);
        int depth = number(text, first + 3);
        int partRows = number(text, first + 4);
        int partColumns = number(text, first + 5);
        return text.group(first).equals("warp")
                ? new WarpTile(rows, columns, depth, partRows, partColumns)
                : new Tile(rows, columns, depth, partRows, partColumns);
    }

    private static int number(Matcher text, int group) {
        return Integer.parseInt(text.group(group));
    }
}
