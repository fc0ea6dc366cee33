package dev.sardonyx.compiler.zoo;

import java.util.OptionalInt;

/**
 * How {@link ModelZoo} makes a model.
 *
 * @param seed decides the weights: equal seeds give equal files, on every machine
 * @param batch the batch size, at least 1; empty leaves the dimension open under the name {@code batch}
 * @param inputSize height and width of the input in pixels, 1 to 4096; empty takes the architecture's own
 * @param classes number of outputs, at least 1; empty takes the architecture's own
 * @param widthDivisor divides the number of channels of every layer but the output, 1 to 64, leaving at least 4: small models for
 *     tests
 */
public record GenerateOptions(
        long seed, OptionalInt batch, OptionalInt inputSize, OptionalInt classes, int widthDivisor) {

    private static final GenerateOptions DEFAULTS =
            new GenerateOptions(0, OptionalInt.of(1), OptionalInt.empty(), OptionalInt.empty(), 1);

    /** @throws IllegalArgumentException if a number is out of range; the message is for the user */
    public GenerateOptions {
        batch.ifPresent(value -> check("batch size", value, Integer.MAX_VALUE));
        inputSize.ifPresent(value -> check("input size", value, 4096));
        classes.ifPresent(value -> check("number of classes", value, Integer.MAX_VALUE));
        check("width divisor", widthDivisor, 64);
    }

    private static void check(String what, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(what + " " + value + " is not in 1.." + max);
        }
    }

    /** Seed 0, batch 1, the architecture's own input size, classes and widths. */
    public static GenerateOptions defaults() {
        return DEFAULTS;
    }

    public GenerateOptions withSeed(long newSeed) {
        return new GenerateOptions(newSeed, batch, inputSize, classes, widthDivisor);
    }

    public GenerateOptions withBatch(int size) {
        return new GenerateOptions(seed, OptionalInt.of(size), inputSize, classes, widthDivisor);
    }

    public GenerateOptions withOpenBatch() {
        return new GenerateOptions(seed, OptionalInt.empty(), inputSize, classes, widthDivisor);
    }

    public GenerateOptions withInputSize(int pixels) {
        return new GenerateOptions(seed, batch, OptionalInt.of(pixels), classes, widthDivisor);
    }

    public GenerateOptions withClasses(int count) {
        return new GenerateOptions(seed, batch, inputSize, OptionalInt.of(count), widthDivisor);
    }

    public GenerateOptions withWidthDivisor(int divisor) {
        return new GenerateOptions(seed, batch, inputSize, classes, divisor);
    }

    /** The width of a layer that is published with {@code channels} channels. */
    int width(int channels) {
        return Math.max(channels / widthDivisor, 4);
    }
}
