package dev.sardonyx.tests.opencl;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Whole networks on PoCL, against ONNX Runtime. */
final class NetworksTest {

    private static final String SAMPLE =
            Path.of("..", "samples", "resnet20-cifar10.onnx").toString();

    @TempDir
    private Path folder;

    @TestFactory
    List<DynamicTest> on_pocl() throws IOException, InterruptedException {
        return KernelCases.of(folder, Driver.POCL, ModelCheck.class, SAMPLE, folder.toString());
    }

    @TestFactory
    @Tag("campaign")
    List<DynamicTest> on_pocl_in_more_precisions() throws IOException, InterruptedException {
        return KernelCases.of(folder, Driver.POCL, ModelCheck.class, SAMPLE, folder.toString(), "more");
    }
}
