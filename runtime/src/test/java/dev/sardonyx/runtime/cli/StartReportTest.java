package dev.sardonyx.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.runtime.cli.StartReport.Answers;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartReportTest {

    private static final long MS = 1_000_000;

    private static Answers answers(long... ms) {
        return new Answers(Arrays.stream(ms).map(t -> t * MS).toArray());
    }

    @Test
    void steady_is_the_median_of_the_last_quarter_of_the_time() {
        // 430 ms in all: the last quarter is 107.5 ms, 11 answers.
        long[] slow = {100, 100, 100, 30};
        long[] fast = LongStream.generate(() -> 10).limit(10).toArray();

        assertThat(answers(LongStream.concat(Arrays.stream(slow), Arrays.stream(fast))
                                .toArray())
                        .steadyNanos())
                .isEqualTo(10 * MS);
    }

    @Test
    void near_is_where_answers_take_a_tenth_longer_at_most() {
        assertThat(answers(90, 50, 12, 11, 11, 11, 11, 10, 10, 10, 10, 10, 10, 10)
                        .nanosToSteady())
                .isEqualTo((90 + 50 + 12 + 11) * MS);
    }

    @Test
    void a_single_lucky_answer_is_not_near() {
        assertThat(answers(90, 10, 90, 90, 90, 10, 10, 10, 10, 10, 10).nanosToSteady())
                .isEqualTo((90 + 10 + 90 + 90 + 90 + 10) * MS);
    }

    @Test
    void a_network_that_is_fast_at_once_is_near_after_one_answer() {
        assertThat(answers(10, 10, 10, 10, 10).nanosToSteady()).isEqualTo(10 * MS);
    }

    @Test
    void a_jar_reports_its_start() {
        Capture capture = new Capture();

        int code = capture.run(() -> FakeModel.doubling(4), "bench", "--start", "0", "--threads", "1");

        assertThat(code).isZero();
        assertThat(capture.out())
                .matches("first_answer\nms_to_steady [0-9.]+\nsteady_ms [0-9.]+\nanswers 6\n"
                        + "(peak_resident_kb [0-9]+\n)?");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        --start               | --start needs a value
        --start soon          | --start: 'soon' is no number
        --start -1            | --start must lie between 0 and 3600 seconds
        --start 1 --runs 3    | --start and --runs exclude each other
        --start 1 --profile   | --start and --profile exclude each other
        """)
    void mistakes_are_told(String options, String error) {
        Capture capture = new Capture();

        int code = capture.run(() -> FakeModel.doubling(4), ("bench " + options).split(" "));

        assertThat(code).isEqualTo(2);
        assertThat(capture.err()).startsWith("error: " + error).hasLineCount(1);
    }
}
