package dev.sardonyx.runtime.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a trial of a kernel takes for right. */
final class TrialTest {

    private static Trial.Result result(float... values) {
        return new Trial.Result(values, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "FP32, 1e-6, true",
        "FP32, 1e-4, false",
        "TF32X3, 1e-6, true",
        "TF32X3, 1e-4, false",
        "TF32, 5e-4, true",
        "TF32, 5e-3, false",
        "FP16, 5e-4, true",
        "FP16, 5e-3, false",
        "FP32, NaN, false"
    })
    void errors_are_allowed_as_the_precision_rounds(Precision precision, float error, boolean allowed) {
        assertThat(result(2, 0.5f + error * 2)
                        .agrees(result(2, 0.5f), Trial.allowedError(precision, new KernelChoice.Algorithm.Direct())))
                .isEqualTo(allowed);
    }
}
