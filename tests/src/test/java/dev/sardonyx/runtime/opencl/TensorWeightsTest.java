package dev.sardonyx.runtime.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.runtime.opencl.ConvolutionShape.Activation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TensorWeightsTest {

    /** 1x1, 3 channels to 2: [3, 2]. */
    private static final ConvolutionShape SHAPE = new ConvolutionShape(
            1, 1, 1, 3, 1, 1, 2, 1, 1, 1, 1, 1, 1, 0, 0, 1, false, false, Activation.of(Activation.Kind.NONE), 0);

    @Test
    void halves_lie_by_two_and_what_is_missing_is_zero() {
        int[] words = TensorWeights.words(SHAPE, Precision.FP16, new float[] {1, 2, 3, 4, 5, 6});
        assertThat(words)
                .containsExactly(half(1) | half(3) << 16, half(2) | half(4) << 16, 0, 0, half(5), half(6), 0, 0);
    }

    private static int half(float value) {
        return Float.floatToFloat16(value) & 0xffff;
    }

    @Test
    void tf32x3_keeps_every_bit() {
        float[] values = {1.1f, -1.2f, 1.3f, 1e-40f, Float.NaN, Float.NEGATIVE_INFINITY};
        int[] words = TensorWeights.words(SHAPE, Precision.TF32X3, values);
        assertThat(words[0]).isEqualTo(Float.floatToRawIntBits(1.1f));
        assertThat(words[5]).isEqualTo(Float.floatToRawIntBits(1e-40f));
        assertThat(words[9]).isEqualTo(Float.floatToRawIntBits(Float.NEGATIVE_INFINITY));
    }

    @ParameterizedTest
    @ValueSource(floats = {1, 0x1.002p0f, 0x1.001ffep0f, -0x1.002002p0f, 3.14159f, 1e-30f, -65520, 0})
    void tf32_is_the_nearest_number_of_eleven_bits(float value) {
        assertThat(TensorWeights.tf32(value)).isEqualTo(Tf32.rounded(value));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x7fc00000, 0x7fffffff, 0x7f800000, 0xff800000})
    void what_is_no_number_stays_what_it_is(int bits) {
        assertThat(Float.floatToRawIntBits(TensorWeights.tf32(Float.intBitsToFloat(bits))))
                .isEqualTo(bits);
    }
}
