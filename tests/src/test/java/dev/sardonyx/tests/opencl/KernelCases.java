package dev.sardonyx.tests.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;

/** What a check of kernels says, as tests. */
final class KernelCases {

    private KernelCases() {}

    /** A test for each line of the check, and one for its end. */
    static List<DynamicTest> of(Path folder, Driver driver, Class<?> check, String... arguments)
            throws IOException, InterruptedException {
        driver.require();
        Driver.Outcome outcome = driver.main(folder, check, arguments);
        List<DynamicTest> tests = new ArrayList<>(outcome.out()
                .lines()
                .map(line -> DynamicTest.dynamicTest(
                        line.replaceFirst("^(ok|FAILED) ", ""),
                        () -> assertThat(line).startsWith("ok ")))
                .toList());
        tests.add(DynamicTest.dynamicTest("ends well, and nothing is reported", () -> {
            assertThat(outcome.code()).as(outcome.toString()).isZero();
            assertThat(outcome.err())
                    .isEmpty(); // where oclgrind reports; its log file holds the last context's reports only
        }));
        return tests;
    }
}
