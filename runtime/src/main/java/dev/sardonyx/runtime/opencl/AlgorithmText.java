package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.opencl.KernelChoice.Algorithm;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Algorithms as what tuning found is written down: the kind of tile, its five numbers and the split; for Winograd's filtering {@code
 * winograd}, its m and the tile.
 */
final class AlgorithmText {

    private static final String NUMBER = " ([1-9]\\d{0,3})";

    private static final Pattern PRODUCT = Pattern.compile("(thread|warp)" + NUMBER.repeat(6));

    private static final Pattern WINOGRAD = Pattern.compile("winograd ([24]) thread" + NUMBER.repeat(5));

    private AlgorithmText() {}

    /** The text of a product, direct or Winograd's. */
    static String of(Algorithm algorithm) {
        return switch (algorithm) {
            case Algorithm.Product(Tiling tile, int split) -> of(tile) + " " + split;
            case Algorithm.Winograd(int m, Tile tile) -> "winograd " + m + " " + of(tile);
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
            return Optional.of(new Algorithm.Product(
                    product.group(1).equals("warp")
                            ? new WarpTile(
                                    number(product, 2),
                                    number(product, 3),
                                    number(product, 4),
                                    number(product, 5),
                                    number(product, 6))
                            : tile(product),
                    number(product, 7)));
        }
        Matcher winograd = WINOGRAD.matcher(text);
        return winograd.matches()
                ? Optional.of(new Algorithm.Winograd(number(winograd, 1), tile(winograd)))
                : Optional.empty();
    }

    /** Both patterns have the tile's numbers from the second group on. */
    private static Tile tile(Matcher text) {
        return new Tile(number(text, 2), number(text, 3), number(text, 4), number(text, 5), number(text, 6));
    }

    private static int number(Matcher text, int group) {
        return Integer.parseInt(text.group(group));
    }
}
