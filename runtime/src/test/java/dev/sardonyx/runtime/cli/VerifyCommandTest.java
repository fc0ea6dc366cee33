package dev.sardonyx.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.runtime.CompiledModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerifyCommandTest {

    @TempDir
    Path folder;

    private final Capture capture = new Capture();

    private void pb(String file, String name, List<Integer> shape, float... values) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int dim : shape) {
            out.write(new byte[] {0x08, (byte) dim});
        }
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        out.write(new byte[] {0x10, 1, 0x42, (byte) utf8.length});
        out.write(utf8);
        ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        out.write(new byte[] {0x4a, (byte) raw.capacity()});
        out.write(raw.array());
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.write(path, out.toByteArray());
    }

    private int verify(CompiledModel model, String... options) {
        String[] args = new String[options.length + 2];
        args[0] = "verify";
        args[1] = folder.toString();
        System.arraycopy(options, 0, args, 2, options.length);
        return capture.run(() -> model, args);
    }

    @Test
    void passesWhereAllIsWithinTheTolerance() throws IOException {
        for (int set : new int[] {0, 2, 10}) {
            pb("test_data_set_" + set + "/input_0.pb", "x", List.of(1, 2), 1, 500);
            pb("test_data_set_" + set + "/output_0.pb", "y", List.of(1, 2), 2, 1000.5f);
        }

        assertThat(verify(FakeModel.doubling(1, 2))).isZero();

        assertThat(capture.out()).isEqualToNormalizingNewlines("""
              data set           output   max abs error   max rel error   of tolerance
              test_data_set_0    y            5.000e-01       4.998e-04        45.43 %   PASS
              test_data_set_2    y            5.000e-01       4.998e-04        45.43 %   PASS
              test_data_set_10   y            5.000e-01       4.998e-04        45.43 %   PASS
            PASS: 3 outputs within |a-b| <= 0.0001*max|b| + 0.001*|b|
            """);
        assertThat(capture.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "1000.5, '', 0",
        "1002.5, '', 1",
        "1002.5, --rtol=0.01, 0",
        "1002.5, --atol=3, 0",
        "1000.5, --rtol=0, 1",
        "1000.5, --atol=0 --rtol=0.0001, 1",
        "1000.5, --atol=0.6 --rtol=0, 0",
        "NaN, '', 1",
        "Infinity, '', 1",
        "-Infinity, --atol=1e30, 1",
    })
    void theToleranceDecides(float expected, String options, int code) throws IOException {
        pb("test_data_set_0/input_0.pb", "", List.of(1, 2), 1, 500);
        pb("test_data_set_0/output_0.pb", "", List.of(1, 2), 2, expected);

        assertThat(verify(FakeModel.doubling(1, 2), options.isEmpty() ? new String[0] : options.split(" ", -1)))
                .isEqualTo(code);

        assertThat(capture.err()).isEmpty();
        assertThat(capture.out()).contains(code == 0 ? "PASS: 1 outputs" : "FAIL: 1 of 1 outputs");
    }

    @Test
    void equalNaNsAndInfinitiesPass() throws IOException {
        pb("test_data_set_0/input_0.pb", "", List.of(3), Float.NaN, Float.POSITIVE_INFINITY, 1);
        pb("test_data_set_0/output_0.pb", "", List.of(3), Float.NaN, Float.POSITIVE_INFINITY, 2);

        assertThat(verify(FakeModel.doubling(3))).isZero();
    }

    @Test
    void tensorsAreMatchedByNameOnlyIfAllNamesFit() throws IOException {
        CompiledModel difference = FakeModel.of(
                List.of(FakeModel.tensor("a", 1), FakeModel.tensor("b", 1)),
                List.of(FakeModel.tensor("y", 1)),
                (in, out) -> out[0][0] = in[0][0] - in[1][0]);
        pb("test_data_set_0/output_0.pb", "other", List.of(1), 4);

        pb("test_data_set_0/input_0.pb", "b", List.of(1), 1);
        pb("test_data_set_0/input_1.pb", "a", List.of(1), 5);
        assertThat(verify(difference)).isZero();

        pb("test_data_set_0/input_0.pb", "", List.of(1), 5);
        pb("test_data_set_0/input_1.pb", "a", List.of(1), 1);
        assertThat(verify(difference)).isZero();
    }

    @Test
    void severalBatchesRunOneAfterTheOther() throws IOException {
        pb("test_data_set_0/input_0.pb", "x", List.of(3, 2), 1, 2, 3, 4, 5, 6);
        pb("test_data_set_0/output_0.pb", "y", List.of(3, 2), 2, 4, 6, 8, 10, 12);

        assertThat(verify(FakeModel.doubling(1, 2))).isZero();
        assertThat(capture.out()).contains("PASS (in 3 runs)");
    }

    @Test
    void theFolderOfOneDataSetWillDo() throws IOException {
        pb("input_0.pb", "x", List.of(1), 1);
        pb("output_0.pb", "y", List.of(1), 2);

        assertThat(verify(FakeModel.doubling(1))).isZero();
    }

    @Test
    void refusesDataThatIsNotTheModels() throws IOException {
        assertRefused(folder + ": holds no test_data_set_* folder");
        Path set = folder.resolve("test_data_set_0");
        Files.createDirectories(set);
        assertRefused(set + ": holds no output_0.pb");
        pb("test_data_set_0/output_0.pb", "y", List.of(2), 1, 2);
        assertRefused(set + ": holds 0 input_K.pb files in sequence, but the model has 1 inputs");
        pb("test_data_set_0/input_0.pb", "x", List.of(3), 1, 2, 3);
        assertRefused(set + ": input 'x' is [2], but the file holds [3]");
        pb("test_data_set_0/input_0.pb", "x", List.of(2), 1, 2);
        pb("test_data_set_0/output_0.pb", "y", List.of(2, 1), 1, 2);
        assertRefused(set + ": output 'y' is [2], but its file holds [2, 1]");
        pb("test_data_set_0/output_1.pb", "z", List.of(2), 1, 2);
        assertRefused(set + ": holds 2 output_K.pb files in sequence, but the model has 1 outputs");
        Files.write(set.resolve("input_0.pb"), new byte[] {0x08});
        assertRefused(set.resolve("input_0.pb")
                + ": is cut off, or no protobuf message: a field goes on after the file's end");
    }

    private void assertRefused(String message) {
        Capture attempt = new Capture();
        int code = attempt.run(() -> FakeModel.doubling(2), "verify", folder.toString());

        assertThat(attempt.err()).isEqualToIgnoringNewLines("error: " + message);
        assertThat(code).isEqualTo(2);
    }
}
