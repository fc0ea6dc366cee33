package dev.sardonyx.runtime.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.runtime.opencl.ConvolutionShape.Activation;
import dev.sardonyx.runtime.opencl.KernelChoice.Algorithm;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What runs on tensor cores, what by Winograd's filtering, and what cannot run. */
final class KernelChoiceTest {

    private static final Device GPU = device(Device.Kind.GPU, 1L << 34);

    private static final Device PROCESSOR = device(Device.Kind.CPU, 1L << 34);

    private static Device device(Device.Kind kind, long maxAllocation) {
        return new Device(0, "device", "", "", "", kind, 132, 1L << 36, maxAllocation, 48 << 10, 1024);
    }

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
                Activation.of(Activation.Kind.RELU),
                0);
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

    /** Batches of 8 of ResNet's blocks. */
    private static ConvolutionShape block(int size, int channels, int winograd) {
        return block(8, size, channels, false, winograd);
    }

    private static ConvolutionShape block(int batch, int size, int channels, boolean residual, int winograd) {
        return new ConvolutionShape(
                batch,
                size,
                size,
                channels,
                size,
                size,
                channels,
                3,
                3,
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                true,
                residual,
                Activation.of(Activation.Kind.RELU),
                winograd);
    }

    private static int winograd(Device device, ConvolutionShape shape) {
        KernelChoice choice = new KernelChoice(device, Precision.FP32);
        Algorithm algorithm = choice.algorithm(shape);
        assertThat(choice.isPossible(shape, algorithm)).isTrue();
        return algorithm instanceof Algorithm.Winograd(int m, Tiling _, int _) ? m : 0;
    }

    @Test
    void large_images_of_many_channels_are_filtered() {
        assertThat(winograd(GPU, block(28, 128, 4))).isEqualTo(4);
        assertThat(winograd(GPU, block(56, 8, 4))).isZero(); // transforms would cost more than they save
        assertThat(winograd(PROCESSOR, block(28, 128, 4))).isEqualTo(4);
        assertThat(winograd(PROCESSOR, block(1, 128, 4))).isZero(); // tiles would be nearly empty
    }

    @ParameterizedTest
    @EnumSource(Device.Kind.class)
    void tiles_are_no_larger_than_the_weights_allow(Device.Kind kind) {
        Device device = device(kind, 1L << 34);
        assertThat(winograd(device, block(28, 128, 2))).isEqualTo(2);
        assertThat(winograd(device, block(28, 128, 0))).isZero();
        assertThat(new KernelChoice(device, Precision.FP32)
                        .isPossible(block(28, 128, 2), new Algorithm.Winograd(4, new Tile(16, 16, 16, 4, 4), 1)))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void only_what_multiplies_as_exactly_as_float32_is_filtered(Precision precision) {
        boolean filtered = precision == Precision.FP32 || precision == Precision.TF32X3;
        KernelChoice choice = new KernelChoice(GPU, precision);
        ConvolutionShape shape = block(28, 128, 4);
        assertThat(choice.alternatives(shape, 2))
                .allMatch(algorithm -> choice.isPossible(shape, algorithm))
                .filteredOn(algorithm -> algorithm instanceof Algorithm.Winograd)
                .hasSize(filtered ? 2 * 3 : 0) // F(2x2) in one part and in two, which the cache may hold
                .allMatch(algorithm -> algorithm instanceof Algorithm.Winograd(int _, Tiling tile, int _)
                        && tile instanceof WarpTile == precision.usesTensorCores());
        assertThat(choice.isPossible(shape, new Algorithm.Winograd(2, new Tile(16, 16, 16, 4, 4), 1)))
                .isEqualTo(filtered);
    }

    @Test
    void what_lies_between_the_kernels_is_no_larger_than_a_buffer() {
        ConvolutionShape shape = block(56, 64, 4);
        assertThat(new KernelChoice(device(Device.Kind.GPU, 2 * shape.outputs() * Float.BYTES), Precision.FP32)
                        .alternatives(shape, Integer.MAX_VALUE))
                .noneMatch(algorithm -> algorithm instanceof Algorithm.Product(Tiling _, int split) && split > 2)
                .anyMatch(algorithm -> algorithm instanceof Algorithm.Product(Tiling _, int split) && split == 2);
    }

    @Test
    void alternatives_are_of_each_kind_the_cheapest_first() {
        KernelChoice choice = new KernelChoice(GPU, Precision.FP32);
        ConvolutionShape shape = block(28, 128, 4);
        assertThat(choice.alternatives(shape, 1))
                .startsWith(choice.algorithm(shape))
                .hasSize(4)
                .anyMatch(algorithm -> algorithm instanceof Algorithm.Product)
                .anyMatch(algorithm -> algorithm instanceof Algorithm.Winograd(int m, Tiling _, int _) && m == 2)
                .anyMatch(algorithm -> algorithm instanceof Algorithm.Winograd(int m, Tiling _, int _) && m == 4);
    }

    private static List<Integer> parts(Device device, ConvolutionShape shape, int size) {
        return new KernelChoice(device, Precision.FP32)
                .alternatives(shape, 1).stream()
                        .mapMulti((Algorithm algorithm, Consumer<Integer> parts) -> {
                            if (algorithm instanceof Algorithm.Winograd(int m, Tiling _, int count) && m == size) {
                                parts.accept(count);
                            }
                        })
                        .sorted()
                        .toList();
    }

    /** All at once, and so that a part may stay in a cache of 24 MiB. */
    @Test
    void tiles_are_divided_as_buffers_and_caches_demand() {
        ConvolutionShape shape = block(56, 64, 4);
        int tiles = 8 * 14 * 14;
        long bytesOfTile = 2L * 36 * 64 * Float.BYTES;
        assertThat(parts(GPU, shape, 4)).containsExactly(1, 2);
        assertThat(parts(device(Device.Kind.GPU, tiles * bytesOfTile), shape, 4))
                .containsExactly(1, 2);
        assertThat(parts(device(Device.Kind.GPU, tiles * bytesOfTile - 1), shape, 4))
                .containsExactly(2);
        assertThat(parts(device(Device.Kind.GPU, 100 * bytesOfTile + 1), shape, 4))
                .containsExactly(16);
        assertThat(parts(device(Device.Kind.GPU, bytesOfTile), shape, 4)).isEmpty(); // the weights would not fit
    }

    /** What {@code inspect} prints; of each size, a device takes as much. */
    @ParameterizedTest
    @CsvSource({"1, 7, 512", "8, 56, 64", "64, 56, 64", "64, 224, 64", "1, 14, 3", "300, 224, 64"})
    void no_device_takes_more_for_a_convolution_than_is_foretold(int batch, int size, int channels) {
        ConvolutionShape shape = block(batch, size, channels, true, 4);
        Scratch most = Scratch.NONE;
        for (Device device : List.of(GPU, PROCESSOR, device(Device.Kind.GPU, 1 << 26))) {
            for (Precision precision : List.of(Precision.FP32, Precision.TF32X3)) {
                for (Algorithm algorithm : new KernelChoice(device, precision).alternatives(shape, Integer.MAX_VALUE)) {
                    Scratch scratch = Convolutions.scratch(shape, algorithm);
                    assertThat(scratch.floats()).isLessThanOrEqualTo(Scratch.MOST_FLOATS);
                    most = most.max(scratch);
                }
            }
        }
        assertThat(most.floats()).isPositive();
        assertThat(SessionMemory.mostScratch(List.of(shape))).isEqualTo(most.floats() * Float.BYTES);
    }

    @Test
    void convolutions_share_their_scratch() {
        assertThat(SessionMemory.mostScratch(List.of())).isZero();
        ConvolutionShape one = block(8, 56, 64, true, 4);
        ConvolutionShape other = block(8, 28, 128, true, 4);
        long first = SessionMemory.mostScratch(List.of(one));
        long second = SessionMemory.mostScratch(List.of(other));
        assertThat(SessionMemory.mostScratch(List.of(one, other)))
                .isBetween(Math.max(first, second), first + second - 1);
    }

    /** Each would end as a failed build, as memory that is not there, or as hours of compiling. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "thread 64 64 16 5 4 1", // work-items load four values at once
                "thread 64 64 15 4 4 1",
                "thread 60 64 16 8 4 1", // work-items do not fill the tile
                "thread 64 64 4 4 4 1", // too little to load for so many work-items
                "thread 4 4 16 8 8 1", // no work-item
                "thread 512 512 4 64 64 1", // registers
                "thread 256 256 16 4 4 1", // local memory, and work-items
                "thread 64 64 16 4 4 9999", // partial sums
                "winograd 4 thread 64 64 16 5 4 1",
                "winograd 4 thread 64 64 16 4 4 999", // more parts than tiles
                "winograd 4 warp 64 64 16 32 32 1",
                "warp 64 64 16 32 32 1", // no tensor cores
            })
    void nonsense_is_not_possible(String text) {
        Algorithm algorithm = AlgorithmText.parse(text).orElseThrow();
        assertThat(new KernelChoice(GPU, Precision.FP32).isPossible(block(28, 128, 4), algorithm))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "warp 64 64 16 24 32 1",
                "warp 64 64 16 32 20 1",
                "warp 64 64 12 32 32 1",
                "warp 64 96 16 32 64 1",
                "warp 16 16 8 16 8 1"
            })
    void fragments_fill_the_tiles_of_tensor_cores(String text) {
        Algorithm algorithm = AlgorithmText.parse(text).orElseThrow();
        assertThat(new KernelChoice(GPU, Precision.TF32).isPossible(block(28, 128, 4), algorithm))
                .isFalse();
    }
}
