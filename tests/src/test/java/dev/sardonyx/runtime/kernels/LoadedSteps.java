package dev.sardonyx.runtime.kernels;

import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The steps of a compiled model for one vector width, to be run one by one: without what copies the caller's arrays. */
public final class LoadedSteps {

    private final Step[] steps;
    private final float[][] slots;
    private final float[] scratch;

    private LoadedSteps(Step[] steps, float[][] slots) {
        this.steps = steps;
        this.slots = slots;
        scratch =
                Arena.floats(Arrays.stream(steps).mapToInt(Step::scratch).max().orElse(0));
    }

    /**
     * Builds the steps. What lies in their memory begins random.
     *
     * @param weights the network's, which are closed
     * @param callers sizes of the slots that are the caller's: inputs, then outputs
     */
    public static LoadedSteps of(Network network, InputStream weights, int... callers) {
        int[] sizes = network.slotSizes();
        Random random = new Random(1);
        float[][] slots = new float[sizes.length][];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = i < callers.length ? new float[callers[i]] : Arena.floats(sizes[i]);
            for (int j = 0; j < slots[i].length; j++) {
                slots[i][j] = random.nextFloat() - 0.5f;
            }
        }
        try (WeightReader reader = new WeightReader(weights)) {
            return new LoadedSteps(network.steps(reader, network.kernels(Network.TileChoice.VECTOR)), slots);
        }
    }

    /** Leaves only the steps that convolve, and what packs and transforms for them. */
    public LoadedSteps convolutions() {
        Step[] convolving = Arrays.stream(steps)
                .filter(step -> step.info().multiplyAccumulates() > 0
                        || step.info().name().startsWith("Pack ")
                        || step.info().name().startsWith("Transform "))
                .toArray(Step[]::new);
        return new LoadedSteps(convolving, slots);
    }

    /** How each step computes. */
    public List<String> algorithms() {
        return Arrays.stream(steps).map(step -> step.info().algorithm()).toList();
    }

    /** Runs all steps once, on this thread. */
    public void run() {
        for (Step step : steps) {
            step.run(slots, scratch, 0, step.units());
        }
    }
}
