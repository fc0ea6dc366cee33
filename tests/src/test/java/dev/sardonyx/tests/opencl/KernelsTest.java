package dev.sardonyx.tests.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.runtime.opencl.ConvolutionCheck;
import dev.sardonyx.runtime.opencl.PlantedDefect;
import dev.sardonyx.runtime.opencl.TensorCoresCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every kernel on PoCL and under oclgrind, against references in Java. */
final class KernelsTest {

    @TempDir
    private Path folder;

    @TestFactory
    List<DynamicTest> convolutions_on_pocl() throws IOException, InterruptedException {
        return cases(Driver.POCL, ConvolutionCheck.class, "fp32");
    }

    @TestFactory
    List<DynamicTest> convolutions_under_oclgrind() throws IOException, InterruptedException {
        return cases(Driver.OCLGRIND, ConvolutionCheck.class, "fp32");
    }

    @TestFactory
    List<DynamicTest> generated_kernels_on_pocl() throws IOException, InterruptedException {
        return cases(Driver.POCL, GeneratedKernelCheck.class, "fp32");
    }

    @TestFactory
    List<DynamicTest> generated_kernels_under_oclgrind() throws IOException, InterruptedException {
        return cases(Driver.OCLGRIND, GeneratedKernelCheck.class, "fp32");
    }

    @TestFactory
    List<DynamicTest> convolutions_on_half_storage() throws IOException, InterruptedException {
        return cases(Driver.POCL, ConvolutionCheck.class, "fp16-storage");
    }

    /** One precision here, where building takes most of the time; {@link RandomConvolutionTest} and networks have the others. */
    @TestFactory
    List<DynamicTest> convolutions_on_emulated_tensor_cores() throws IOException, InterruptedException {
        return cases(Driver.POCL, ConvolutionCheck.class, "fp16", "emulated");
    }

    @TestFactory
    List<DynamicTest> convolutions_on_emulated_tensor_cores_under_oclgrind() throws IOException, InterruptedException {
        List<DynamicTest> tests = new ArrayList<>();
        for (String precision : List.of("tf32x3", "tf32", "fp16")) {
            for (DynamicTest test : cases(Driver.OCLGRIND, ConvolutionCheck.class, precision, "emulated")) {
                tests.add(DynamicTest.dynamicTest(precision + ", " + test.getDisplayName(), test.getExecutable()));
            }
        }
        return tests;
    }

    @TestFactory
    List<DynamicTest> generated_kernels_on_half_storage() throws IOException, InterruptedException {
        return cases(Driver.POCL, GeneratedKernelCheck.class, "fp16-storage");
    }

    @TestFactory
    List<DynamicTest> networks_on_pocl_agree_with_onnx_runtime() throws IOException, InterruptedException {
        Path sample = Path.of("..", "samples", "resnet20-cifar10.onnx");
        return cases(Driver.POCL, ModelCheck.class, sample.toString(), folder.toString());
    }

    /** As an NVIDIA GPU that is too old would. */
    @Test
    void a_device_that_does_not_take_the_kernel_for_tensor_cores_is_found_out()
            throws IOException, InterruptedException {
        Driver.POCL.require();
        assertThat(Driver.POCL.main(folder, TensorCoresCheck.class).out().lines())
                .containsExactly(
                        "tf32x3: its driver takes no kernel for tensor cores",
                        "tf32: its driver takes no kernel for tensor cores",
                        "fp16: its driver takes no kernel for tensor cores");
    }

    /** A test for each line of the check, and one for its end. */
    private List<DynamicTest> cases(Driver driver, Class<?> check, String... arguments)
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

    /** Proves that the checker sees what it is there for. */
    @ParameterizedTest
    @CsvSource({"race, data race", "overrun, Invalid write"})
    void oclgrind_reports_a_planted(String defect, String report) throws IOException, InterruptedException {
        Driver.OCLGRIND.require();
        assertThat(Driver.OCLGRIND.main(folder, PlantedDefect.class, defect).err())
                .containsIgnoringCase(report);
    }
}
