package dev.sardonyx.tests.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.runtime.ElementType;
import dev.sardonyx.runtime.Session;
import dev.sardonyx.runtime.cli.OutputError;
import dev.sardonyx.runtime.cli.Tolerance;
import dev.sardonyx.tests.peers.LoadedJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The trained CIFAR-10 networks on 5000 of the test images: as many are right as when ONNX Runtime computes them. */
@Tag("campaign")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrainedAccuracyTest {

    private static final int IMAGES = 5000;
    private static final int PIXELS = 32 * 32;
    private static final int CLASSES = 10;

    /** Percentage points between the two top-1 accuracies: 2.5 images. */
    private static final double MARGIN = 0.05;

    private static final String LOGITS = "cifar10_test_00000-04999.logits.f32";
    private static final String PROBABILITIES = "cifar10_resnet8_mlperf_tf2onnx/cifar10_test_00000-04999.probs.f32";

    private static final float[] MEAN = {.485f, .456f, .406f};
    private static final float[] DEVIATION = {.229f, .224f, .225f};

    private Path models = Path.of("");
    private byte[] pixels = {};
    private byte[] labels = {};

    @TempDir
    private Path scratch;

    /**
     * A network.
     *
     * @param right how many of the images the manifest counts as right
     * @param standardised whether the input is standardised by the channels' mean and deviation; otherwise it is 0 to 255
     * @param channelsLast whether the input is NHWC
     * @param answers the file with ONNX Runtime's answers, from this network or its twin
     */
    record Trained(String name, int batch, int right, boolean standardised, boolean channelsLast, String answers) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Trained> networks() {
        return Stream.of(
                new Trained("cifar10_resnet20", 1, 4574, true, false, "cifar10_resnet20/" + LOGITS),
                new Trained("cifar10_resnet20_clean", 1, 4574, true, false, "cifar10_resnet20/" + LOGITS),
                new Trained("cifar10_resnet20_dynbatch", 50, 4574, true, false, "cifar10_resnet20/" + LOGITS),
                new Trained("cifar10_resnet32", 1, 4617, true, false, "cifar10_resnet32/" + LOGITS),
                new Trained("cifar10_resnet56", 1, 4648, true, false, "cifar10_resnet56/" + LOGITS),
                new Trained("cifar10_resnet8_mlperf_nchw_bn", 1, 4349, false, false, PROBABILITIES),
                new Trained("cifar10_resnet8_mlperf_tf2onnx", 1, 4349, false, true, PROBABILITIES));
    }

    @BeforeAll
    void read() throws IOException {
        models = Campaign.models();
        pixels = Files.readAllBytes(models.resolve("data/cifar10_test_00000-04999.nhwc.u8"));
        labels = Files.readAllBytes(models.resolve("data/cifar10_test_00000-04999.labels.u8"));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void top_1_is_the_published_one(Trained network) throws IOException {
        float[] answers = answers(network);

        double accuracy = percent(right(answers));
        double published = percent(network.right());
        Campaign.say("%-31s top-1 %.2f %% (%d of %d), published for these %.2f %%%s"
                .formatted(network, accuracy, right(answers), IMAGES, published, compare(network, answers)));
        assertThat(Math.abs(accuracy - published)).isLessThanOrEqualTo(MARGIN);
    }

    private static double percent(int right) {
        return 100.0 * right / IMAGES;
    }

    private int right(float[] answers) {
        int right = 0;
        for (int i = 0; i < IMAGES; i++) {
            right += Campaign.largest(answers, i * CLASSES, CLASSES) == labels[i] ? 1 : 0;
        }
        return right;
    }

    private String compare(Trained network, float[] answers) throws IOException {
        float[] expected = Campaign.floats(models.resolve("trained/" + network.answers()));
        OutputError error = OutputError.of(answers, expected, Tolerance.DEFAULT);
        assertThat(error.outside()).as(error.toString()).isZero();
        return "; largest difference from ONNX Runtime's answers %.1e, %.1f %% of the tolerance"
                .formatted(error.largestAbsolute(), 100 * error.shareOfTolerance());
    }

    /** What the network says of all images. */
    private float[] answers(Trained network) throws IOException {
        CompileOptions options = network.batch() == 1
                ? CompileOptions.defaults()
                : CompileOptions.defaults().withDims(Map.of("batch", network.batch()));
        float[] all = new float[IMAGES * CLASSES];
        Path onnx = models.resolve("trained/" + network + "/model.onnx");
        try (LoadedJar jar = LoadedJar.compile(onnx, options, scratch.resolve(network + ".jar"));
                Session session = jar.model().newSession()) {
            assertThat(jar.model().info().inputs().getFirst().elementType()).isEqualTo(ElementType.FLOAT32);
            float[][] in = {new float[network.batch() * 3 * PIXELS]};
            float[][] out = {new float[network.batch() * CLASSES]};
            for (int first = 0; first < IMAGES; first += network.batch()) {
                for (int i = 0; i < network.batch(); i++) {
                    image(network, first + i, in[0], i * 3 * PIXELS);
                }
                session.run(in, out);
                System.arraycopy(out[0], 0, all, first * CLASSES, out[0].length);
            }
        }
        return all;
    }

    /** Writes an image as the network wants it to {@code into}, from {@code at} on. */
    private void image(Trained network, int image, float[] into, int at) {
        for (int pixel = 0; pixel < PIXELS; pixel++) {
            for (int c = 0; c < 3; c++) {
                int value = pixels[(image * PIXELS + pixel) * 3 + c] & 0xff;
                int to = network.channelsLast() ? pixel * 3 + c : c * PIXELS + pixel;
                into[at + to] = network.standardised() ? (value / 255f - MEAN[c]) / DEVIATION[c] : value;
            }
        }
    }
}
