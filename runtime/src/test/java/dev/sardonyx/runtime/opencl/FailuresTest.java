package dev.sardonyx.runtime.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import org.jocl.CLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users are told of failing calls. */
final class FailuresTest {

    private static final Failures FAILURES = new Failures(
            new Device(0, "Sardonyx 9000", "", "", "7.1", Device.Kind.GPU, 132, 24L << 30, 6L << 30, 48 << 10, 1024),
            8);

    /** NVIDIA's driver says -5 of memory that runs out and of kernels that fail, whenever it notices. */
    @ParameterizedTest
    @CsvSource({
        "-4, 'out of memory on Sardonyx 9000, which has 24576 MiB: compile the network with a smaller batch'",
        "-5, 'Sardonyx 9000 (driver 7.1) ran out of memory, of which it has 24576 MiB, or a kernel failed there:"
                + " compile'",
        "-6, 'out of memory on Sardonyx 9000, which has 24576 MiB: compile the network with a smaller batch'",
        "-36, 'Sardonyx 9000 (driver 7.1) failed: CL_FAILED; update its driver, or pick another --device'"
    })
    void a_call_fails(int status, String sentence) {
        assertThat(FAILURES.of(new CLException("CL_FAILED", status))).hasMessageStartingWith(sentence);
    }

    @ParameterizedTest
    @CsvSource({
        "'error: frob', '(CL_FAILED; --debug shows its log)'",
        "' ', '(CL_FAILED; it does not say why; NVIDIA''s needs libnvidia-nvvm beside libnvidia-opencl)'"
    })
    void a_build_fails(String log, String reason) {
        assertThat(FAILURES.notBuilt(new CLException("CL_FAILED\nat", -11), new ProgramSource("frob", "-DX"), log))
                .hasMessageContaining("Sardonyx 9000 (driver 7.1) does not take a kernel " + reason)
                .hasStackTraceContaining(log.strip());
    }

    @Test
    void what_is_too_large_is_told_in_mebibytes() {
        assertThat(FAILURES.bufferTooLarge(7L << 30))
                .hasMessageStartingWith(
                        "Sardonyx 9000 takes at most 6144 MiB in one buffer, and the network needs one of"
                                + " 7168 MiB: compile");
        assertThat(FAILURES.transferTooLarge(3L << 30))
                .hasMessageStartingWith("an input or output takes 3072 MiB, and no more than 2047 can be handed to"
                        + " Sardonyx 9000 at once: compile");
    }
}
