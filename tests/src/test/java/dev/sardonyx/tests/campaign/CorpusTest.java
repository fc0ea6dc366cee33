package dev.sardonyx.tests.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.tests.campaign.Campaign.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code sardonyx verify} passes, at its own tolerance, for every float32 case of the models, on one thread and on two. */
@Tag("campaign")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CorpusTest {

    private Path models = Path.of("");

    @BeforeAll
    void find() {
        models = Campaign.models();
    }

    Stream<Path> cases() throws IOException {
        return Stream.of("trained", "generated")
                .flatMap(kind -> folders(kind).stream())
                .filter(folder -> !folder.toString().contains("_qdq_")); // int8
    }

    private List<Path> folders(String kind) {
        try {
            return Campaign.folders(models.resolve(kind)).stream()
                    .map(models::relativize)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void verify_passes(Path name) {
        Path folder = models.resolve(name);
        for (int threads : new int[] {1, 2}) {
            Outcome outcome = Campaign.sardonyx("verify", folder.resolve("model.onnx"), folder, "--threads", threads);

            outcome.out().lines().forEach(line -> Campaign.say("%-45s %d  %s".formatted(name, threads, line)));
            assertThat(outcome.code()).as(outcome.toString()).isZero();
        }
    }
}
