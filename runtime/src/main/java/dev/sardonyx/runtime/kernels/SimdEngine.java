package dev.sardonyx.runtime.kernels;

import dev.sardonyx.runtime.Engine;
import dev.sardonyx.runtime.Execution;
import dev.sardonyx.runtime.LoadOptions;
import dev.sardonyx.runtime.SessionOptions;
import java.io.FileNotFoundException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.IntFunction;

/** A network on the processor's vector units. */
public final class SimdEngine implements Engine {

    private final String description;
    private final int[] slotSizes;
    private final Step[] steps;
    private final Optional<WarmUp> warming;

    private SimdEngine(String description, int[] slotSizes, Step[] steps, Optional<WarmUp> warming) {
        this.description = description;
        this.slotSizes = slotSizes;
        this.steps = steps;
        this.warming = warming;
    }

    /**
     * Loads a network for the vector width that this JVM has. Says so once a model, as a warning of the logger
     * {@code dev.sardonyx}, where plain Java has to serve.
     *
     * @param anchor the generated class beside which the weights lie
     * @param resource name of the weights
     * @param crc CRC-32 of the weights, which a jar's stored entry does not check by itself
     * @param warmUp whether to have the kernels compiled meanwhile, and to wait for that
     * @param multiplyAccumulates those of an inference
     * @param networks the network by vector width in bits: 128, 256 or 512
     * @throws UncheckedIOException if the weights are missing or damaged
     * @throws dev.sardonyx.runtime.UnsupportedMachineException if vectors are required ({@code -Dsardonyx.simd=require}) and missing
     */
    public static SimdEngine load(
            Class<?> anchor,
            String resource,
            long crc,
            LoadOptions.WarmUp warmUp,
            long multiplyAccumulates,
            IntFunction<Network> networks) {
        VectorWidth width = VectorWidth.detect();
        boolean plain = width.choice() == Network.TileChoice.PLAIN;
        if (plain) {
            System.getLogger("dev.sardonyx")
                    .log(
                            System.Logger.Level.WARNING,
                            "running in plain Java, several times slower: {0}",
                            width.reason());
        }
        Network network = networks.apply(width.bits());
        InputStream stream = anchor.getResourceAsStream(resource);
        if (stream == null) {
            throw new UncheckedIOException(new FileNotFoundException("the jar lacks its weights, " + resource));
        }
        Kernels kernels = network.kernels(width.choice());
        boolean warms = warmUp != LoadOptions.WarmUp.NONE && !plain;
        Optional<WarmUp> warming = warms ? Optional.of(WarmUp.start(network.tiles(), kernels)) : Optional.empty();
        boolean loaded = false;
        try (WeightReader weights = new WeightReader(stream)) {
            Step[] steps = network.steps(weights, kernels);
            weights.requireWhole(crc);
            if (warmUp == LoadOptions.WarmUp.WAIT && multiplyAccumulates >= WarmUp.WORTH_WAITING) {
                warming.ifPresent(WarmUp::await);
            }
            String description = plain ? "plain Java" : "SIMD, " + width.bits() + "-bit vectors";
            loaded = true;
            return new SimdEngine(description, network.slotSizes(), steps, warming);
        } finally {
            if (!loaded) {
                warming.ifPresent(WarmUp::end);
            }
        }
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public Execution newExecution(SessionOptions options) {
        return new SimdExecution(steps, slotSizes, options);
    }

    /** Ends the warm-up; there is nothing else to release, for the weights are ordinary arrays. */
    @Override
    public void close() {
        warming.ifPresent(WarmUp::end);
    }
}
