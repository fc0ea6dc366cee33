package dev.sardonyx.runtime.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.runtime.opencl.ConvolutionShape.Activation;
import dev.sardonyx.runtime.opencl.KernelChoice.Algorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TunedDefaultsTest {

    private static final Device DEVICE = device("Sardonyx 9000", "1.0");

    private static final Algorithm.Product FOUND = new Algorithm.Product(new Tile(64, 32, 8, 4, 8), 3);

    @TempDir
    private Path folder;

    private static Device device(String name, String driver) {
        return new Device(0, name, "", "", driver, Device.Kind.GPU, 132, 1L << 36, 1L << 34, 48 << 10, 1024);
    }

    private static ConvolutionShape shape(int channels) {
        return shape(channels, 0);
    }

    private static ConvolutionShape shape(int channels, int winograd) {
        return new ConvolutionShape(
                1,
                8,
                8,
                channels,
                8,
                8,
                32,
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
                false,
                Activation.of(Activation.Kind.RELU),
                winograd);
    }

    /** A file as tuning writes it, for shape(64). */
    private String written() throws IOException {
        return written(shape(64), Precision.FP32, FOUND);
    }

    private String written(ConvolutionShape shape, Precision precision, Algorithm found) throws IOException {
        String before = System.setProperty("sardonyx.opencl.cache", folder.toString());
        try {
            new TuningFile(DEVICE, precision).add(Map.of(shape, found));
            return Files.readString(folder.resolve("opencl-tuning.txt"));
        } finally {
            if (before == null) {
                System.clearProperty("sardonyx.opencl.cache");
            }
        }
    }

    @Test
    void a_line_for_tensor_cores_is_found_as_it_was_written() throws IOException {
        Algorithm.Product found = new Algorithm.Product(new WarpTile(64, 32, 16, 32, 16), 2);
        String text = written(shape(64), Precision.TF32, found);
        assertThat(new TunedDefaults(text, DEVICE, Precision.TF32).find(shape(64)))
                .contains(found);
        assertThat(new TunedDefaults(text, DEVICE, Precision.FP32).find(shape(64)))
                .isEmpty();
    }

    @Test
    void a_line_for_winograd_is_found_where_the_weights_allow_as_much() throws IOException {
        Algorithm found = new Algorithm.Winograd(2, new Tile(64, 32, 8, 4, 8), 7);
        ConvolutionShape allowed = shape(64, 2);
        TunedDefaults defaults = new TunedDefaults(written(allowed, Precision.FP32, found), DEVICE, Precision.FP32);
        assertThat(defaults.find(allowed)).contains(found);
        assertThat(defaults.find(shape(64))).isEmpty();
        assertThat(defaults.find(shape(64, 4))).isEmpty();
    }

    @Test
    void a_line_for_winograd_on_tensor_cores_is_found_as_it_was_written() throws IOException {
        Algorithm found = new Algorithm.Winograd(4, new WarpTile(64, 32, 16, 32, 16), 1);
        assertThat(new TunedDefaults(written(shape(64, 4), Precision.TF32X3, found), DEVICE, Precision.TF32X3)
                        .find(shape(64, 4)))
                .contains(found);
    }

    @Test
    void a_tile_of_nothing_makes_no_sense() {
        assertThat(AlgorithmText.parse("winograd 3 thread 64 32 8 4 8 1")).isEmpty();
        assertThat(AlgorithmText.parse("winograd 2 thread 64 32 8 4 8")).isEmpty();
        assertThat(AlgorithmText.parse("winograd 2 thread 64 32 8 4 8 0")).isEmpty();
        assertThat(AlgorithmText.parse("thread 64 32 8 4 8 3")).contains(FOUND);
        assertThat(AlgorithmText.parse("thread 64 32 8 0 8 3")).isEmpty();
        assertThat(AlgorithmText.parse("64 32 8 4 8 3")).isEmpty();
    }

    @Test
    void a_device_without_tensor_cores_runs_no_tile_for_them() {
        Algorithm found = new Algorithm.Product(new WarpTile(64, 32, 16, 32, 16), 2);
        assertThat(new KernelChoice(DEVICE, Precision.FP32).isPossible(shape(64), found))
                .isFalse();
        assertThat(new KernelChoice(DEVICE, Precision.FP16).isPossible(shape(64), found))
                .isTrue();
    }

    @Test
    void a_line_that_tuning_wrote_is_found_among_comments_whatever_the_driver() throws IOException {
        String text = "# measured by hand\n" + written();
        assertThat(new TunedDefaults(text, device("Sardonyx 9000", "2.7"), Precision.FP32).find(shape(64)))
                .contains(FOUND);
    }

    @Test
    void lines_of_other_shapes_devices_precisions_and_versions_are_not() throws IOException {
        String text = written();
        assertThat(new TunedDefaults(text, DEVICE, Precision.FP32).find(shape(65)))
                .isEmpty();
        assertThat(new TunedDefaults(text, device("Sardonyx 9001", "1.0"), Precision.FP32).find(shape(64)))
                .isEmpty();
        assertThat(new TunedDefaults(text, DEVICE, Precision.FP16_STORAGE).find(shape(64)))
                .isEmpty();
        assertThat(new TunedDefaults("0" + text, DEVICE, Precision.FP32).find(shape(64)))
                .isEmpty();
    }

    @Test
    void what_ships_can_be_read() {
        assertThat(TunedDefaults.shipped(DEVICE, Precision.FP32).find(shape(64)))
                .isEmpty();
    }
}
