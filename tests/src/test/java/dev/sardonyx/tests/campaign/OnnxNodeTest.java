package dev.sardonyx.tests.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.tests.campaign.Campaign.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * ONNX's own tests of single operators ({@code tools/install-onnx-tests.sh}): {@code sardonyx verify} passes or refuses the file in
 * so many words. None is answered wrongly and none ends in a failure of ours.
 */
@Tag("campaign")
class OnnxNodeTest {

    @Test
    void each_case_is_right_or_refused() throws IOException {
        Path root = Campaign.folder("sardonyx.onnx-tests");
        List<Path> cases;
        try (Stream<Path> files = Files.walk(root)) {
            cases = files.filter(file -> file.endsWith("model.onnx"))
                    .map(Path::getParent)
                    .filter(folder -> Files.exists(folder.resolve("test_data_set_0")))
                    .sorted()
                    .toList();
        }
        List<String> wrong = new ArrayList<>();
        List<String> right = new ArrayList<>();
        Map<String, Integer> refused = new TreeMap<>();
        for (Path folder : cases) {
            String name = String.valueOf(folder.getFileName());
            Outcome outcome = Campaign.sardonyx("verify", folder.resolve("model.onnx"), folder);
            switch (outcome.code()) {
                case 0 -> right.add(name);
                case 2 -> {
                    String reason = outcome.err().replace(folder.toString(), "CASE");
                    Campaign.say("refused " + name + ": " + reason.strip().replaceAll("\\s*\n\\s*", " | "));
                    refused.merge(kind(reason), 1, Integer::sum);
                    if (reason.contains("--debug") || reason.contains("Exception") || reason.contains("\tat ")) {
                        wrong.add(name + ": " + reason);
                    }
                }
                default -> wrong.add(name + ": " + outcome);
            }
        }
        right.forEach(name -> Campaign.say("right   " + name));
        wrong.forEach(name -> Campaign.say("WRONG   " + name));
        refused.forEach((kind, count) -> Campaign.say("%5d refused: %s".formatted(count, kind)));
        Campaign.say("%d cases: %d right, %d refused, %d wrong"
                .formatted(cases.size(), right.size(), cases.size() - right.size() - wrong.size(), wrong.size()));
        assertThat(right).isNotEmpty();
        assertThat(wrong).isEmpty();
    }

    /** A reason without what differs from case to case. */
    private static String kind(String reason) {
        String line = reason.lines().findFirst().orElse("");
        return line.replaceAll("'[^']*'", "'…'")
                .replaceAll("\\[[^]]*]", "[…]")
                .replaceAll("\\b[0-9]+\\b", "N")
                .replaceAll("CASE\\S*", "CASE");
    }
}
