package dev.sardonyx.tests.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.runtime.opencl.ConvolutionCheck;
import dev.sardonyx.runtime.opencl.TensorCoresCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Convolutions on emulated tensor cores, and what becomes of them on a device that has none. */
final class TensorCoresTest {

    @TempDir
    private Path folder;

    /** One precision here, where building takes most of the time; {@link RandomConvolutionTest} and networks have the others. */
    @TestFactory
    List<DynamicTest> emulated_on_pocl() throws IOException, InterruptedException {
        return KernelCases.of(folder, Driver.POCL, ConvolutionCheck.class, "fp16", "emulated");
    }

    @TestFactory
    List<DynamicTest> emulated_under_oclgrind() throws IOException, InterruptedException {
        List<DynamicTest> tests = new ArrayList<>();
        for (String precision : List.of("tf32x3", "tf32", "fp16")) {
            for (DynamicTest test :
                    KernelCases.of(folder, Driver.OCLGRIND, ConvolutionCheck.class, precision, "emulated")) {
                tests.add(DynamicTest.dynamicTest(precision + ", " + test.getDisplayName(), test.getExecutable()));
            }
        }
        return tests;
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
}
