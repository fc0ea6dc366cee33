package dev.sardonyx.compiler.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sardonyx.codegen.KernelReport;
import dev.sardonyx.codegen.simd.Roofline;
import dev.sardonyx.compiler.cli.Sardonyx.Outcome;
import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.driver.SardonyxCompiler;
import dev.sardonyx.compiler.zoo.GenerateOptions;
import dev.sardonyx.compiler.zoo.ModelZoo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is predicted for the kernels of a small ResNet-18. */
class PredictionTest {

    @TempDir
    static Path folder;

    private static Path model = Path.of("");

    @BeforeAll
    static void generate() throws IOException {
        model = folder.resolve("small.onnx");
        GenerateOptions small =
                GenerateOptions.defaults().withWidthDivisor(2).withInputSize(97).withClasses(10);
        ModelZoo.write("resnet18", small, model);
    }

    private static List<KernelReport> kernels(boolean exact) {
        return SardonyxCompiler.compile(model, CompileOptions.defaults().withExact(exact))
                .kernels();
    }

    @Test
    void no_kernel_is_faster_than_its_memory_or_the_peak() {
        assertThat(kernels(true))
                .filteredOn(kernel -> kernel.multiplyAccumulates() > 0)
                .hasSize(21)
                .allSatisfy(kernel -> {
                    double intensity = (double) kernel.multiplyAccumulates() / kernel.bytes();
                    assertThat(kernel.predictedShare().orElseThrow())
                            .isPositive()
                            .isLessThan(1)
                            .isLessThan(intensity / Roofline.of(512).macsPerByte());
                });
    }

    @Test
    void a_fully_connected_layer_waits_for_its_weights() {
        KernelReport last = kernels(true).stream()
                .filter(kernel -> kernel.multiplyAccumulates() == 256 * 10)
                .findFirst()
                .orElseThrow();

        // Four bytes and 24 units of waiting for each multiply-accumulate; 10 channels take a vector of 16.
        assertThat(last.predictedShare().orElseThrow()).isCloseTo(1 / (1.6 + 24), within(0.01));
    }

    @Test
    void winograd_is_predicted_to_pay_where_it_is_chosen() {
        double direct = time(kernels(true));
        List<KernelReport> chosen = kernels(false);

        assertThat(time(chosen)).isLessThan(direct);
        assertThat(chosen)
                .filteredOn(kernel -> kernel.algorithm().contains("Winograd") && kernel.multiplyAccumulates() > 0)
                .isNotEmpty()
                .allSatisfy(kernel -> assertThat(kernel.algorithm()).contains("tile "));
    }

    private static double time(List<KernelReport> kernels) {
        return kernels.stream()
                .mapToDouble(kernel -> kernel.time().orElseThrow())
                .sum();
    }

    @Test
    void inspect_prints_the_predictions_and_their_sum() {
        Outcome outcome = Sardonyx.run("inspect", model, "--kernels");

        assertThat(outcome.out())
                .containsPattern(" no\\. +MACs +bytes +MACs/byte +of peak +algorithm +error +kernel\n")
                .containsPattern("[0-9.]+ M +[0-9.]+ kB +[0-9.]+ +\\d+ % +direct, tile \\d+ x \\d+, .* Conv 7x7")
                .containsPattern("Winograd F\\(\\dx\\d,3x3\\), tile \\d+ x \\d+.* [1-9]\\.\\de-0[67] +Conv 3x3")
                .containsPattern("\n +all +[0-9.]+ M +[0-9.]+ MB +[0-9.]+ +\\d+ %\n");
    }

    @Test
    void opencl_predicts_nothing() {
        assertThat(SardonyxCompiler.compile(model, CompileOptions.defaults().withTarget("opencl"))
                        .kernels())
                .allSatisfy(kernel -> assertThat(kernel.predictedShare()).isEmpty());
    }
}
