package dev.sardonyx.tests.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.runtime.opencl.PlantedDefect;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every kernel that is generated for a network, on PoCL and under oclgrind, against references in Java. */
final class GeneratedKernelsTest {

    @TempDir
    private Path folder;

    @TestFactory
    List<DynamicTest> on_pocl() throws IOException, InterruptedException {
        return KernelCases.of(folder, Driver.POCL, GeneratedKernelCheck.class, "fp32");
    }

    @TestFactory
    List<DynamicTest> under_oclgrind() throws IOException, InterruptedException {
        return KernelCases.of(folder, Driver.OCLGRIND, GeneratedKernelCheck.class, "fp32");
    }

    @TestFactory
    List<DynamicTest> on_half_storage() throws IOException, InterruptedException {
        return KernelCases.of(folder, Driver.POCL, GeneratedKernelCheck.class, "fp16-storage");
    }

    /** Proves that the checker sees what it is there for. */
    @ParameterizedTest
    @CsvSource({"race, data race", "overrun, Invalid write"})
    void oclgrind_reports_a_planted(String defect, String report) throws IOException, InterruptedException {
        Driver.OCLGRIND.require();
        assertThat(Driver.OCLGRIND.main(folder, PlantedDefect.class, defect).err())
                .containsIgnoringCase(report);
    }
}
