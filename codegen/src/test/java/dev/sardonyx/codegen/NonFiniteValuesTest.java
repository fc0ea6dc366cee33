package dev.sardonyx.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Program;
import dev.sardonyx.codegen.program.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/**
 * NaN and infinities reach the values that depend on them, and no others: what lies between and around the values in memory is
 * multiplied by zero at most, but NaN times zero is NaN.
 */
class NonFiniteValuesTest {

    private static final double TOLERANCE = 2e-5;
    private static final float NEGATIVE_NAN = Float.intBitsToFloat(0xffc00000);
    private static final List<Float> NON_FINITE =
            List.of(Float.NaN, NEGATIVE_NAN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);

    /** Of prime numbers of channels: Winograd's transforms mix neighbouring pixels, and narrow groups are convolved as one. */
    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void any_kernel(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        ProgramSketch sketch = new ProgramSketch();
        RandomCall call = new RandomCall(sketch, random);
        for (int i = 0; i < 4; i++) {
            sketch.output(call.convolution(call.image(1, 3, 7, 31)));
            sketch.output(call.any(call.image(1, 3, 7, 31)));
        }
        Program program = sketch.build();
        float[][] inputs = SimdCheck.inputs(program, random);
        for (float[] input : inputs) {
            input[random.nextInt(input.length)] = NON_FINITE.get(random.nextInt(NON_FINITE.size()));
        }
        SimdCheck.check(program, TOLERANCE, inputs);
    }

    @Test
    void activations_keep_nan_of_either_sign() throws Exception {
        ProgramSketch sketch = new ProgramSketch();
        List<Activation> activations = List.of(
                Activation.NONE,
                new Activation.Relu(),
                new Activation.Clip(0, 6),
                new Activation.Clip(-1, 1),
                new Activation.LeakyRelu(0.1f));
        for (int channels : List.of(1, 15, 20)) {
            for (Activation activation : activations) {
                Buffer x = sketch.input(1, channels, 2, 3);
                sketch.output(sketch.call(pointwise(channels, activation), x.shape(), x));
                Buffer same = sketch.input(1, channels, 3, 3);
                sketch.output(sketch.call(sameSize(channels, activation), same.shape(), same));
            }
        }
        Program program = sketch.build();
        float[][][] inputs = NON_FINITE.stream()
                .map(value -> {
                    float[][] equal = SimdCheck.inputs(program, new Random(1));
                    Stream.of(equal).forEach(input -> Arrays.fill(input, value));
                    return equal;
                })
                .toArray(float[][][]::new);
        SimdCheck.check(program, TOLERANCE, inputs);
    }

    /** The first convolution gives 6 everywhere, but in the lanes beyond its 15 channels infinity times zero. */
    @Test
    void infinity_that_an_activation_bounds() throws Exception {
        ProgramSketch sketch = new ProgramSketch();
        Buffer x = sketch.input(1, 15, 5, 5);
        Buffer bounded = sketch.call(pointwise(15, new Activation.Clip(0, 6)), x.shape(), x);
        Buffer y = sketch.call(sameSize(15, Activation.NONE), x.shape(), bounded);
        float[] input = new float[x.elements()];
        Arrays.fill(input, Float.POSITIVE_INFINITY);

        SimdCheck.check(sketch.build(y), TOLERANCE, new float[][] {input});
    }

    /** The pooling writes 15 channels, over which the first convolution writes 16 and more, NaN in a run that saw NaN. */
    @Test
    void residual_in_place_after_a_run_that_saw_nan() throws Exception {
        ProgramSketch sketch = new ProgramSketch();
        Buffer x = sketch.input(1, 15, 5, 5);
        Buffer pooled = sketch.call(new Kernel.Pooling(Kernel.Pooling.Kind.MAX, Window.of(1, 1), false), x.shape(), x);
        Kernel.Convolution plain = pointwise(15, Activation.NONE);
        Kernel adding = new Kernel.Convolution(plain.window(), 1, plain.weights(), plain.bias(), true, Activation.NONE);
        Buffer sum = sketch.call(adding, x.shape(), x, pooled);
        Buffer y = sketch.call(sameSize(15, Activation.NONE), x.shape(), sum);

        SimdCheck.check(sketch.build(y), TOLERANCE, new Random(1));
    }

    /** The second convolution packs 32 columns where the first packs 7 and fills up, NaN in a run that saw NaN. */
    @Test
    void odd_depth_after_a_run_that_saw_nan() throws Exception {
        ProgramSketch sketch = new ProgramSketch();
        Buffer narrow = sketch.input(1, 7, 8, 8);
        Buffer wide = sketch.input(1, 32, 8, 8);
        sketch.output(sketch.call(pointwise(7, Activation.NONE), narrow.shape(), narrow));
        sketch.output(sketch.call(pointwise(32, Activation.NONE), wide.shape(), wide));

        SimdCheck.check(sketch.build(), TOLERANCE, new Random(1));
    }

    /** Transforms mix the pixels of a tile, and tiles overlap by two pixels; farther, and in other images, nothing changes. */
    @Test
    void winograd_spreads_nan_no_farther_than_its_tiles() throws Exception {
        ProgramSketch sketch = new ProgramSketch();
        Buffer x = sketch.input(2, 32, 24, 24);
        Program program = sketch.build(sketch.call(sameSize(32, new Activation.Relu()), x.shape(), x));
        float[] clean = SimdCheck.inputs(program, new Random(1))[0];
        float[] dirty = clean.clone();
        dirty[12 * 24 + 12] = Float.NaN;
        try (LoadedProgram loaded = new LoadedProgram(program)) {
            for (String simd : LoadedProgram.KERNELS) {
                float[] expected = loaded.run(simd, 1, clean)[0];
                float[] actual = loaded.run(simd, 1, dirty)[0];
                for (int i = 0; i < expected.length; i++) {
                    int row = i / 24 % 24;
                    int column = i % 24;
                    boolean near = i < expected.length / 2 && Math.abs(row - 12) <= 5 && Math.abs(column - 12) <= 5;
                    boolean reads = i < expected.length / 2 && Math.abs(row - 12) <= 1 && Math.abs(column - 12) <= 1;
                    if (!near) {
                        assertThat(actual[i]).as("%s, element %d", simd, i).isEqualTo(expected[i]);
                    } else if (reads) {
                        assertThat(actual[i]).as("%s, element %d", simd, i).isNaN();
                    }
                }
            }
        }
    }

    private static Kernel.Convolution pointwise(int channels, Activation activation) {
        return convolution(channels, Window.of(1, 1), activation);
    }

    private static Kernel.Convolution sameSize(int channels, Activation activation) {
        return convolution(channels, Window.of(3, 3).withPads(1, 1, 1, 1), activation);
    }

    /** With weights above 0, so that infinities keep their sign. */
    private static Kernel.Convolution convolution(int channels, Window window, Activation activation) {
        float[] weights = new float[channels * channels * window.kernelH() * window.kernelW()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (1 + i % 7) / (4f * channels);
        }
        Constant constant = new Constant(List.of(channels, channels, window.kernelH(), window.kernelW()), weights);
        return new Kernel.Convolution(window, 1, constant, Optional.empty(), false, activation);
    }
}
