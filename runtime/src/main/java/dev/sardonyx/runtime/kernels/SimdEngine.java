package dev.sardonyx.runtime.kernels;

import dev.sardonyx.runtime.Engine;
import dev.sardonyx.runtime.Execution;
import dev.sardonyx.runtime.SessionOptions;
import java.io.FileNotFoundException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/** A network on the processor's vector units. */
public final class SimdEngine implements Engine {

    private final String description;
    private final int[] slotSizes;
    private final Step[] steps;

    private SimdEngine(String description, int[] slotSizes, Step[] steps) {
        this.description = description;
        this.slotSizes = slotSizes;
        this.steps = steps;
    }

    /**
     * Loads a network for the vector width that this JVM has. Says so once a model, as a warning of the logger
     * {@code dev.sardonyx}, where plain Java has to serve.
     *
     * @param anchor the generated class beside which the weights lie
     * @param resource name of the weights
     * @param crc CRC-32 of the weights, which a jar's stored entry does not check by itself
     * @param warmUp whether to have the kernels compiled meanwhile, and to wait for that
     * @param networks the network by vector width in bits: 128, 256 or 512
     * @throws UncheckedIOException if the weights are missing or damaged
     * @throws dev.sardonyx.runtime.UnsupportedMachineException if vectors are required ({@code -Dsardonyx.simd=require}) and missing
     */
    public static SimdEngine load(
            Class<?> anchor, String resource, long crc, boolean warmUp, IntFunction<Network> networks) {
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
        Optional<WarmUp> warming =
                warmUp && !plain ? Optional.of(WarmUp.start(network.tiles(), kernels)) : Optional.empty();
        try (WeightReader weights = new WeightReader(stream)) {
            Step[] steps = network.steps(weights, kernels);
            weights.requireWhole(crc);
            if (multiplyAccumulates(steps) >= WarmUp.WORTHWHILE) {
                warming.ifPresent(WarmUp::await);
            }
            String description = plain ? "plain Java" : "SIMD, " + width.bits() + "-bit vectors";
            return new SimdEngine(description, network.slotSizes(), steps);
        } finally {
            warming.ifPresent(WarmUp::end);
        }
    }

    private static long multiplyAccumulates(Step[] steps) {
        Set<StepInfo> infos =
                Collections.newSetFromMap(new IdentityHashMap<>()); // one for a step's forms for each image
        Arrays.stream(steps).map(Step::info).forEach(infos::add);
        return infos.stream().mapToLong(StepInfo::multiplyAccumulates).sum();
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public Execution newExecution(SessionOptions options) {
        return new SimdExecution(steps, slotSizes, options);
    }

    /** Nothing to release: the weights are ordinary arrays. */
    @Override
    public void close() {}
}
