package dev.sardonyx.tests.opencl;

import dev.sardonyx.runtime.opencl.ConvolutionCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Convolutions on PoCL and under oclgrind, against references in Java; {@link TensorCoresTest} has those for tensor cores. */
final class ConvolutionKernelsTest {

    @TempDir
    private Path folder;

    @TestFactory
    List<DynamicTest> on_pocl() throws IOException, InterruptedException {
        return KernelCases.of(folder, Driver.POCL, ConvolutionCheck.class, "fp32");
    }

    @TestFactory
    List<DynamicTest> under_oclgrind() throws IOException, InterruptedException {
        return KernelCases.of(folder, Driver.OCLGRIND, ConvolutionCheck.class, "fp32");
    }

    @TestFactory
    List<DynamicTest> on_half_storage() throws IOException, InterruptedException {
        return KernelCases.of(folder, Driver.POCL, ConvolutionCheck.class, "fp16-storage");
    }
}
