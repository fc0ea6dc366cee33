package dev.sardonyx.runtime.kernels;

import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.driver.CompileResult;
import dev.sardonyx.compiler.driver.SardonyxCompiler;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import jdk.incubator.vector.FloatVector;

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
     * Compiles {@code onnx} to {@code jar} and builds its steps. What lies between the steps begins random.
     *
     * @param bits width of the vectors
     * @throws IllegalStateException if this machine's vectors are narrower: such code would not be compiled
     */
    public static LoadedSteps compile(Path onnx, CompileOptions options, Path jar, int bits) throws IOException {
        int widest = FloatVector.SPECIES_PREFERRED.vectorBitSize();
        if (bits > widest) {
            throw new IllegalStateException(bits + "-bit vectors: this machine has " + widest + " bits");
        }
        CompileResult compiled = SardonyxCompiler.compile(onnx, options);
        compiled.writeJar(jar);
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {jar.toUri().toURL()}, Network.class.getClassLoader())) {
            Constructor<?> constructor =
                    loader.loadClass(compiled.className() + "Simd" + bits).getDeclaredConstructor();
            constructor.setAccessible(true);
            Network network = (Network) constructor.newInstance();
            String weights = compiled.code().weights().getFirst().name();
            URL blob = Objects.requireNonNull(
                    loader.getResource(compiled.moduleName().replace('.', '/') + "/" + weights));
            try (WeightReader reader = new WeightReader(blob.openStream())) {
                Step[] steps = network.steps(reader, Network.TileChoice.VECTOR);
                return new LoadedSteps(steps, slots(network, compiled));
            }
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(jar + " does not load", e);
        }
    }

    private static float[][] slots(Network network, CompileResult compiled) {
        int[] sizes = network.slotSizes();
        int inputs = compiled.info().inputs().size();
        Random random = new Random(1);
        float[][] slots = new float[sizes.length][];
        for (int i = 0; i < slots.length; i++) {
            if (i < inputs) {
                slots[i] = new float[compiled.info().inputs().get(i).elements()];
            } else if (i < inputs + compiled.info().outputs().size()) {
                slots[i] = new float[compiled.info().outputs().get(i - inputs).elements()];
            } else {
                slots[i] = Arena.floats(sizes[i]);
            }
            for (int j = 0; j < slots[i].length; j++) {
                slots[i][j] = random.nextFloat() - 0.5f;
            }
        }
        return slots;
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
