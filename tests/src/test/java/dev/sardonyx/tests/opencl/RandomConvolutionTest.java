package dev.sardonyx.tests.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.runtime.opencl.RandomConvolutionCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Convolutions equal sums by {@link Math#fma} in the same order, to the bit, whatever the shape. {@code -Dsardonyx.rounds=N}
 * tries N times as many; building their kernels takes most of the time.
 */
class RandomConvolutionTest {

    private static final int SHAPES = 12 * Integer.getInteger("sardonyx.rounds", 1);

    @Property(tries = 1, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void sums_are_those_of_java(@ForAll long seed) throws IOException, InterruptedException {
        check(seed, "fp32");
    }

    @Property(tries = 1, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void sums_on_emulated_tensor_cores_are_those_of_java(@ForAll long seed) throws IOException, InterruptedException {
        check(seed, "tf32");
    }

    private static void check(long seed, String precision) throws IOException, InterruptedException {
        Driver.POCL.require();
        Path folder = Files.createTempDirectory("random-convolutions");
        Driver.Outcome outcome = Driver.POCL.main(
                folder, RandomConvolutionCheck.class, Long.toString(seed), Integer.toString(SHAPES), precision);
        assertThat(outcome.code()).as(outcome.toString()).isZero();
        assertThat(outcome.out()).hasLineCount(SHAPES);
    }
}
