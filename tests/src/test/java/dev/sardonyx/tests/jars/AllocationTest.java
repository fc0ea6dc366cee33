package dev.sardonyx.tests.jars;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.driver.CompileResult;
import dev.sardonyx.compiler.driver.SardonyxCompiler;
import dev.sardonyx.compiler.zoo.GenerateOptions;
import dev.sardonyx.compiler.zoo.ModelZoo;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Once the JIT has done its work, an inference allocates not one byte. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("alone")
class AllocationTest {

    private Path jar = Path.of("");
    private String model = "";

    @BeforeAll
    void compile(@TempDir Path folder) throws IOException {
        Path onnx = folder.resolve("net.onnx");
        jar = folder.resolve("net.jar");
        ModelZoo.write("cifar-resnet20-b", GenerateOptions.defaults().withInputSize(16), onnx);
        CompileResult compiled = SardonyxCompiler.compile(onnx, CompileOptions.defaults());
        compiled.writeJar(jar);
        model = compiled.className();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void threads_allocate_nothing_in_the_steady_state(int threads) throws Exception {
        String classes = Path.of(AllocationProbe.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();

        JarProcess process = JarProcess.java(List.of(
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                jar + File.pathSeparator + classes,
                AllocationProbe.class.getName(),
                model,
                String.valueOf(threads)));

        assertThat(process.output()).contains(": 0 bytes");
        assertThat(process.code()).as(process.output()).isZero();
    }
}
