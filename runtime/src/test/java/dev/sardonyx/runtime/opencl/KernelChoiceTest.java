package dev.sardonyx.runtime.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.runtime.opencl.ConvolutionShape.Activation;
import dev.sardonyx.runtime.opencl.KernelChoice.Algorithm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What runs on tensor cores, and what does not. */
final class KernelChoiceTest {

    private static final Device GPU =
            new Device(0, "GPU", "", "", "", Device.Kind.GPU, 132, 1L << 36, 1L << 34, 48 << 10, 1024);

    private static ConvolutionShape shape(int size, int in, int out, int kernel, int groups) {
        return new ConvolutionShape(
                1,
                size,
                size,
                in,
                size,
                size,
                out,
                kernel,
                kernel,
                1,
                1,
                1,
                1,
                kernel / 2,
                kernel / 2,
                groups,
                true,
                false,
                Activation.of(Activation.Kind.RELU));
    }

    private static boolean onTensorCores(Precision precision, ConvolutionShape shape) {
        KernelChoice choice = new KernelChoice(GPU, precision);
        Algorithm algorithm = choice.algorithm(shape);
        boolean result = algorithm instanceof Algorithm.Product(WarpTile _, int _);
        assertThat(choice.isPossible(shape, algorithm)).isTrue();
        assertThat(choice.alternatives(shape, Integer.MAX_VALUE))
                .allMatch(other -> other instanceof Algorithm.Product(WarpTile _, int _) == result);
        return result;
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void convolutions_run_on_tensor_cores_where_the_precision_is_theirs(Precision precision) {
        assertThat(onTensorCores(precision, shape(56, 64, 64, 3, 1))).isEqualTo(precision.usesTensorCores());
    }

    @ParameterizedTest
    @CsvSource({
        "224, 3, 64, 7, 1, true",
        "56, 8, 8, 1, 1, true",
        "56, 64, 7, 3, 1, false", // columns
        "56, 7, 64, 1, 1, false", // sums
        "56, 64, 64, 3, 64, false", // depthwise
        "56, 64, 64, 3, 4, true",
        "1, 512, 1000, 1, 1, false" // a vector
    })
    void shapes_that_would_leave_fragments_empty_run_on_plain_kernels(
            int size, int in, int out, int kernel, int groups, boolean expected) {
        assertThat(onTensorCores(Precision.TF32, shape(size, in, out, kernel, groups)))
                .isEqualTo(expected);
    }

    @Test
    void what_is_stored_does_not_change_without_tensor_cores() {
        for (Precision precision : Precision.values()) {
            assertThat(precision.withoutTensorCores().bytes()).isEqualTo(precision.bytes());
            assertThat(precision.withoutTensorCores().usesTensorCores()).isFalse();
        }
    }
}
