package dev.sardonyx.runtime.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain Java serves where vectors are not compiled yet: no bit of a result may tell which of them did. */
class LoopsTest {

    private static final Kernels.Loops VECTOR = Kernels.vector(
                    new Arena(0),
                    (tile, strips, s, panels, p, depth, out, o, ahead, pace) -> {},
                    (kernel, step, slots, from, to) -> {})
            .own();
    private static final Kernels.Loops PLAIN = Kernels.Loops.PLAIN;
    private static final float[] RARE = {
        0f, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, -Float.MIN_VALUE
    };

    private final Random random = new Random(1);

    private float[] floats(int count, boolean rare) {
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = rare && random.nextInt(8) == 0
                    ? RARE[random.nextInt(RARE.length)]
                    : (float) random.nextGaussian() * (1 << random.nextInt(8));
        }
        return floats;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void transforms_of_winograd_to_the_bit(int m) {
        int channels = 48;
        int values = (m + 2) * (m + 2);
        float[] pixels = floats(values * channels, true);

        assertThat(input(VECTOR, m, pixels, channels)).isEqualTo(input(PLAIN, m, pixels, channels));
        assertThat(output(VECTOR, m, pixels, channels)).isEqualTo(output(PLAIN, m, pixels, channels));
    }

    private static float[] input(Kernels.Loops loops, int m, float[] pixels, int channels) {
        int values = (m + 2) * (m + 2);
        float[] out = new float[values * channels];
        float[] scratch = new float[values * WinogradLoops.MAX_LANES];
        loops.winograd().input(m, pixels, 0, (m + 2) * channels, channels, out, 0, 0, channels, channels, scratch, 0);
        return out;
    }

    private static float[] output(Kernels.Loops loops, int m, float[] sums, int channels) {
        int values = (m + 2) * (m + 2);
        int pixels = m * m * channels;
        float[] scratch = new float[pixels + values * WinogradLoops.MAX_LANES];
        int width = 16;
        loops.winograd().output(m, sums, 0, width, width, channels, channels, scratch, 0, pixels);
        return Arrays.copyOf(scratch, pixels);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 37})
    void poolings_to_the_bit(int channels) {
        float[] pixels = floats(3 * 3 * channels, true);
        float[] maximum = new float[channels];
        float[] plainMaximum = new float[channels];
        float[] sum = new float[channels];
        float[] plainSum = new float[channels];
        int row = 3 * channels;

        VECTOR.windows().maximum(pixels, 0, 3, 3, row, channels, maximum, 0, channels);
        PLAIN.windows().maximum(pixels, 0, 3, 3, row, channels, plainMaximum, 0, channels);
        VECTOR.windows().sum(pixels, 0, 3, 3, row, channels, sum, 0, channels, 1f / 9);
        PLAIN.windows().sum(pixels, 0, 3, 3, row, channels, plainSum, 0, channels, 1f / 9);

        assertThat(maximum).isEqualTo(plainMaximum);
        assertThat(sum).isEqualTo(plainSum);
    }

    /** Down the rows in pairs of vectors, down with a single vector, across; and channels that fill no vector. */
    @ParameterizedTest
    @CsvSource({"5, 37", "6, 12", "6, 20", "2, 141", "1, 3"})
    void ends_of_sums_to_the_bit(int rows, int channels) {
        Clamp[] clamps = {Clamp.NONE, Clamp.RELU, new Clamp(-1, 2, 0), new Clamp(0, 6, 0), new Clamp(0, 0, 0.1f)};
        for (Clamp clamp : clamps) {
            for (boolean residual : new boolean[] {false, true}) {
                float[] sums = floats(rows * channels, true);
                float[] bias = floats(channels, true);
                float[] added = floats(rows * channels, true);
                Epilogue epilogue = new Epilogue(residual, clamp);

                assertThat(finish(VECTOR, sums, bias, added, epilogue))
                        .as("%s", epilogue)
                        .isEqualTo(finish(PLAIN, sums, bias, added, epilogue));
            }
        }
    }

    /** The output replaces the residual, as it does in networks. */
    private static float[] finish(
            Kernels.Loops loops, float[] sums, float[] bias, float[] residual, Epilogue epilogue) {
        float[] out = residual.clone();
        int pitch = bias.length;
        int rows = sums.length / pitch;
        loops.epilogues().finish(sums, 0, pitch, bias, 0, out, 0, pitch, out, 0, pitch, rows, pitch, epilogue);
        return out;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void exercises_stay_within_their_room(int length) {
        for (Exercised loops : List.of(VECTOR.epilogues(), VECTOR.winograd(), VECTOR.windows())) {
            for (int loop = 0; loop < WarmUp.TURNS; loop++) {
                loops.exercise(loop, length, new float[loops.room(length)]);
            }
        }
    }
}
