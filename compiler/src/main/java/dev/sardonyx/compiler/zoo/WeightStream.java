package dev.sardonyx.compiler.zoo;

import java.util.SplittableRandom;

/**
 * Random numbers for one tensor. Each tensor has a stream of its own, found from the seed and the tensor's name, so that
 * changing one layer leaves the others' weights as they are. The same numbers come on every platform: SplittableRandom's bits
 * and arithmetic that Java defines exactly.
 */
final class WeightStream {
    private static final double UNIT = 0x1p-53;

    private final SplittableRandom bits;
    private double spare = Double.NaN;

    WeightStream(long seed, String tensor) {
        bits = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + fnv1a(tensor));
    }

    /** 64-bit FNV-1a, over UTF-16 units. */
    private static long fnv1a(String text) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
        }
        return hash;
    }

    /** Uniform in [from, to). */
    double uniform(double from, double to) {
        return from + (to - from) * ((bits.nextLong() >>> 11) * UNIT);
    }

    /** Standard normal, by Marsaglia's polar method: of each pair one is kept for the next call. */
    double normal() {
        if (!Double.isNaN(spare)) {
            double result = spare;
            spare = Double.NaN;
            return result;
        }
        double x;
        double y;
        double square;
        do {
            x = uniform(-1, 1);
            y = uniform(-1, 1);
            square = x * x + y * y;
        } while (square >= 1 || square == 0);
        double scale = Math.sqrt(-2 * StrictMath.log(square) / square);
        spare = y * scale;
        return x * scale;
    }
}
