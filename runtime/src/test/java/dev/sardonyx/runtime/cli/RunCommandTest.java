package dev.sardonyx.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sardonyx.runtime.ElementType;
import dev.sardonyx.runtime.TensorInfo;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunCommandTest {

    @TempDir
    Path folder;

    private final Capture capture = new Capture();

    private String npy(String name, List<Integer> shape, float... values) {
        Path file = folder.resolve(name);
        Npy.write(file, new TensorData("", ElementType.FLOAT32, shape, values));
        return file.toString();
    }

    private Path image() throws IOException {
        Path file = folder.resolve("p.png");
        ImageIO.write(new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
        return file;
    }

    private static FakeModel subtraction() {
        return FakeModel.of(
                List.of(FakeModel.tensor("a", 2), FakeModel.tensor("a=b", 2)),
                List.of(FakeModel.tensor("out/diff:0", 2), FakeModel.tensor("first", 1)),
                (in, out) -> {
                    out[0][0] = in[0][0] - in[1][0];
                    out[0][1] = in[0][1] - in[1][1];
                    out[1][0] = in[0][0];
                });
    }

    @Test
    void writesAFilePerOutput() {
        Path results = folder.resolve("deep/results");
        String input = npy("x.npy", List.of(1, 3), 1, 2, 3);

        int code = capture.run(() -> FakeModel.doubling(1, 3), "run", "--input", input, "--output", results.toString());

        assertThat(capture.err()).isEmpty();
        assertThat(code).isZero();
        assertThat(capture.out()).isEmpty();
        TensorData y = Npy.read(results.resolve("y.npy"));
        assertThat(y.shape()).containsExactly(1, 3);
        assertThat(y.values()).containsExactly(2, 4, 6);
        assertThat(results.toFile().list()).containsExactly("y.npy");
    }

    /** y = x, in bytes. */
    private static FakeModel ofBytes(Integer... shape) {
        return FakeModel.of(
                List.of(new TensorInfo("x", ElementType.UINT8, List.of(shape))),
                List.of(new TensorInfo("y", ElementType.UINT8, List.of(shape))),
                (in, out) -> System.arraycopy(in[0], 0, out[0], 0, in[0].length));
    }

    @Test
    void integerInputsTakeWholeNumbersThatFloat32Holds() {
        String results = folder.resolve("r").toString();
        assertThat(capture.run(
                        () -> ofBytes(2), "run", "--input", npy("x.npy", List.of(2), 0, 255), "--output", results))
                .isZero();
        TensorData y = Npy.read(folder.resolve("r/y.npy"));
        assertThat(y.elementType()).isEqualTo(ElementType.UINT8);
        assertThat(y.values()).containsExactly(0, 255);
        for (float bad : new float[] {0.5f, 1 << 24, Float.NaN}) {
            String file = npy("bad.npy", List.of(2), 0, bad);
            assertThat(capture.run(() -> ofBytes(2), "run", "--input", file)).isEqualTo(2);
            assertThat(capture.err()).contains("input 'x' is uint8, but the file holds " + bad);
        }
    }

    @Test
    void picturesGoIntoIntegersAsTheyAre() throws IOException {
        assertThat(capture.run(() -> ofBytes(1, 3, 4, 4), "run", "--image", image().toString()))
                .isZero();
    }

    @Test
    void assignsFilesByNameAndOrder() {
        String five = npy("five=5.npy", List.of(2), 5, 6);
        String one = npy("one.npy", List.of(2), 1, 1);
        String results = folder.resolve("r").toString();
        for (String[] inputs : new String[][] {
            {"--input", five, "--input", one},
            {"--input", "a=b=" + one, "--input", "a=" + five},
            {"--input=" + five, "--input=a=b=" + one},
            {"--input", one, "--input", "a=" + five},
        }) {
            int code = capture.run(RunCommandTest::subtraction, concat(inputs, "--output", results));

            assertThat(capture.err()).isEmpty();
            assertThat(code).isZero();
            assertThat(Npy.read(Path.of(results, "out%2Fdiff%3A0.npy")).values())
                    .containsExactly(4, 5);
            assertThat(Npy.read(Path.of(results, "first.npy")).values()).containsExactly(5);
        }
    }

    private static String[] concat(String[] inputs, String... more) {
        return Stream.of(new String[] {"run"}, inputs, more)
                .flatMap(Arrays::stream)
                .toArray(String[]::new);
    }

    @Test
    void refusesWrongAssignments() {
        String file = npy("x.npy", List.of(2), 5, 6);
        assertRefused("--input for 'a=b' [2] is missing", "--input", file);
        assertRefused("--input for 'a' [2] is missing", "--input", "a=b=" + file);
        assertRefused(
                "--input is given 3 times, but the model takes [a, a=b]",
                "--input",
                file,
                "--input",
                file,
                "--input",
                file);
        assertRefused("--input a is given twice", "--input", "a=" + file, "--input", "a=" + file);
        assertRefused("the model has no input 'c'; it has [a, a=b]", "--input", "c=" + file, "--input", file);
        String other = folder.resolve("x.txt").toString();
        assertRefused(other + ": there is no such file", "--input", other, "--input", file);
        assertRefused("none.pb: there is no such file", "--input", "none.pb", "--input", file);
    }

    private void assertRefused(String message, String... inputs) {
        Capture attempt = new Capture();
        Path results = folder.resolve("never");

        assertThat(attempt.run(RunCommandTest::subtraction, concat(inputs, "--output", results.toString())))
                .isEqualTo(2);
        assertThat(attempt.err()).startsWith("error: ").contains(message).hasLineCount(1);
        assertThat(attempt.out()).isEmpty();
        assertThat(results).doesNotExist();
    }

    @Test
    void runsSeveralBatchesOneAfterTheOther() {
        String input = npy("x.npy", List.of(6, 2), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        Path results = folder.resolve("r");

        int code = capture.run(() -> FakeModel.doubling(2, 2), "run", "--input", input, "--output", results.toString());

        assertThat(code).isZero();
        TensorData y = Npy.read(results.resolve("y.npy"));
        assertThat(y.shape()).containsExactly(6, 2);
        assertThat(y.values()).containsExactly(2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24);
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "1, 2", "2, 3"})
    void refusesDifferentNumbersOfBatches(int first, int second) {
        TensorInfo a = new TensorInfo("a", ElementType.FLOAT32, List.of(1, 2));
        TensorInfo b = new TensorInfo("b", ElementType.FLOAT32, List.of(1, 2));
        FakeModel model = FakeModel.of(List.of(a, b), List.of(a), (in, out) -> {});

        int code = capture.run(
                () -> model,
                "run",
                "--input",
                "a=" + npy("a.npy", List.of(first, 2), new float[2 * first]),
                "--input",
                "b=" + npy("b.npy", List.of(second, 2), new float[2 * second]));

        assertThat(code).isEqualTo(2);
        assertThat(capture.err())
                .contains("the files hold different numbers of batches: " + first + " for input 'a', " + second
                        + " for input 'b'");
    }

    @Test
    void refusesOtherShapes() {
        for (List<Integer> shape : List.of(List.of(2), List.of(3, 2), List.of(2, 3), List.of(1, 2, 2), List.of(0, 2))) {
            Capture attempt = new Capture();
            String input = npy("x.npy", shape, new float[TensorData.elements(shape)]);

            assertThat(attempt.run(() -> FakeModel.doubling(2, 2), "run", "--input", input))
                    .isEqualTo(2);
            assertThat(attempt.err())
                    .isEqualToIgnoringNewLines(
                            "error: " + input + ": is float32" + shape + ", but input 'x' takes float32[2, 2]");
        }
    }

    @Test
    void showsTheHighestClassesOfAPicture() throws IOException {
        Path labels = Files.writeString(folder.resolve("labels.txt"), "\ufeffcat\r\ndog \r\n\u001b[31mfox\r\n\r\n");

        int code = capture.run(
                () -> FakeModel.classifier(0, 2, 1),
                "run",
                "--image",
                image().toString(),
                "--labels",
                labels.toString(),
                "--top",
                "2");

        assertThat(code).isZero();
        assertThat(capture.out()).isEqualToNormalizingNewlines("""
            logits [1, 3], probabilities by softmax, for display only
              rank   class   probability   label
                 1       1        0.6652   dog
                 2       2        0.2447   \\u001b[31mfox
            """);
    }

    @Test
    void leavesProbabilitiesAsTheyAre() throws IOException {
        capture.run(() -> FakeModel.classifier(0.25f, 0.6f, 0.15f), "run", "--image", image().toString(), "--top", "9");

        assertThat(capture.out()).isEqualToNormalizingNewlines("""
            logits [1, 3]
              rank   class   probability   label
                 1       1        0.6000
                 2       0        0.2500
                 3       2        0.1500
            """);
    }

    @Test
    void saysWhenAnOutputIsNotFinite() throws IOException {
        capture.run(
                () -> FakeModel.classifier(Float.NaN, 1, Float.NEGATIVE_INFINITY),
                "run",
                "--image",
                image().toString());

        assertThat(capture.out())
                .contains("not all finite")
                .containsSubsequence("1       1         1.0", "2       2   -Infinity", "3       0         NaN");
    }

    @Test
    void showsARowPerPictureAndTheRangeOfOtherOutputs() {
        String input = npy("x.npy", List.of(2, 3), 3, 1, 2, 4, 6, 5);
        capture.run(() -> FakeModel.doubling(2, 3), "run", "--input", input, "--top", "1");
        assertThat(capture.out())
                .contains("y [2, 3], picture 0")
                .contains("y [2, 3], picture 1")
                .hasLineCount(6);

        Capture other = new Capture();
        String map = npy("m.npy", List.of(1, 1, 2, 2), 1, 2, 3, 4);
        other.run(() -> FakeModel.doubling(1, 1, 2, 2), "run", "--input", map);
        assertThat(other.out()).isEqualToIgnoringNewLines("y [1, 1, 2, 2]: 2.00000 to 8.00000, mean 5.00000");
    }

    @Test
    void refusesLabelsOfAnotherNumber() throws IOException {
        Path labels = Files.writeString(folder.resolve("labels.txt"), "cat\ndog\n");

        int code = capture.run(
                () -> FakeModel.classifier(0, 2, 1),
                "run",
                "--image",
                image().toString(),
                "--labels",
                labels.toString());

        assertThat(code).isEqualTo(2);
        assertThat(capture.err())
                .isEqualToIgnoringNewLines("error: " + labels + ": holds 2 labels, but the model has 3 classes");
    }

    @Test
    void refusesContradictions() {
        Optional<Path> none = Optional.empty();
        assertThatThrownBy(() -> new RunCommand(List.of(), none, Optional.empty(), none, 5, 1))
                .hasMessage("run needs --input or --image");
        assertThatThrownBy(() -> new RunCommand(
                        List.of("x.npy"), none, Optional.of(ImageOptions.of(Path.of("p.png"))), none, 5, 1))
                .hasMessage("--input and --image exclude each other");
    }

    @Test
    void anOutputFolderThatIsAFileIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "mine");
        String input = npy("x.npy", List.of(1), 1);

        assertThat(capture.run(() -> FakeModel.doubling(1), "run", "--input", input, "--output", file.toString()))
                .isEqualTo(2);
        assertThat(capture.err()).contains(file + ": is a file, not a directory");
        assertThat(file).hasContent("mine");
    }

    @Test
    void whereOutputsCannotGoIsSaidBeforeTheModelRuns() throws IOException {
        Path file = Files.createFile(folder.resolve("f"));
        FakeModel model =
                FakeModel.of(List.of(FakeModel.tensor("x", 1)), List.of(FakeModel.tensor("y", 1)), (in, out) -> {
                    throw new AssertionError("ran");
                });

        int code = capture.run(
                () -> model,
                "run",
                "--input",
                npy("x.npy", List.of(1), 1),
                "--output",
                file.resolve("deep/er").toString());

        assertThat(code).isEqualTo(2);
        assertThat(capture.err())
                .isEqualToIgnoringNewLines(
                        "error: --output " + file.resolve("deep/er") + ": " + file + " is a file, not a directory");
    }

    @Test
    void anOutputDoesNotReplaceWhatIsRead() throws IOException {
        Path sub = Files.createDirectory(folder.resolve("sub"));
        Path input = Path.of(npy("y.npy", List.of(1), 1));
        byte[] before = Files.readAllBytes(input);

        int code = capture.run(
                () -> FakeModel.doubling(1),
                "run",
                "--input",
                input.toString(),
                "--output",
                sub.resolve("..").toString());

        assertThat(code).isEqualTo(2);
        assertThat(capture.err())
                .isEqualToIgnoringNewLines("error: --output " + sub.resolve("../y.npy") + ": would overwrite " + input);
        assertThat(input).hasBinaryContent(before);
    }

    @Test
    void saysWhatIsWrongWithATensorFile() throws IOException {
        Files.write(folder.resolve("empty.npy"), new byte[0]);
        Files.write(folder.resolve("empty.pb"), new byte[0]);
        Files.writeString(folder.resolve("text.txt"), "1 2 3");
        Files.createDirectory(folder.resolve("folder.npy"));
        byte[] whole = Files.readAllBytes(Path.of(npy("x.npy", List.of(2), 5, 6)));
        Files.write(folder.resolve("cut.npy"), Arrays.copyOf(whole, whole.length - 1));
        Files.write(folder.resolve("long.npy"), Arrays.copyOf(whole, whole.length + 1));
        Map.of(
                        "empty.npy", "is empty",
                        "empty.pb", "is empty",
                        "text.txt", "its name must end in .npy (NumPy) or .pb (ONNX TensorProto)",
                        "folder.npy", "is a directory, not a file",
                        "cut.npy",
                                "shape [2] of '<f4' does not agree with the 7 bytes of data in the file: it is cut off",
                        "long.npy", "of data in the file: there is more after its end")
                .forEach((name, message) -> {
                    String file = folder.resolve(name).toString();
                    assertRefused(file + ": ", "--input", file, "--input", file);
                    assertRefused(message, "--input", file, "--input", file);
                });
    }

    @Test
    void saysWhatIsWrongWithLabels() throws IOException {
        Path labels = folder.resolve("labels");
        for (String latin1 : List.of("", "caf\u00e9\n")) {
            Files.writeString(labels, latin1, StandardCharsets.ISO_8859_1);
            Capture attempt = new Capture();

            int code = attempt.run(
                    () -> FakeModel.doubling(1, 3),
                    "run",
                    "--input",
                    npy("x.npy", List.of(1, 3), 1, 2, 3),
                    "--labels",
                    labels.toString());

            assertThat(code).isEqualTo(2);
            assertThat(attempt.err())
                    .isEqualToIgnoringNewLines("error: " + labels
                            + (latin1.isEmpty() ? ": is empty" : ": is no text in UTF-8, as labels must be"));
        }
    }
}
