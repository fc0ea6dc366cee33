package dev.sardonyx.compiler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.codegen.KernelReport;
import dev.sardonyx.codegen.MemoryPlan;
import dev.sardonyx.compiler.cli.Sardonyx.Outcome;
import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.driver.CompileResult;
import dev.sardonyx.compiler.driver.SardonyxCompiler;
import dev.sardonyx.compiler.zoo.GenerateOptions;
import dev.sardonyx.compiler.zoo.ModelZoo;
import dev.sardonyx.runtime.Session;
import dev.sardonyx.runtime.cli.BenchArrays;
import dev.sardonyx.runtime.cli.OutputError;
import dev.sardonyx.runtime.cli.Tolerance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the planning options change in a small ResNet-18, and that its logits stay. */
class PlanOptionsTest {

    @TempDir
    static Path folder;

    private static final CompileOptions DEFAULTS = CompileOptions.defaults();
    private static final CompileOptions EXACT = DEFAULTS.withExact(true);

    private static Path model = Path.of("");

    @BeforeAll
    static void generate() throws IOException {
        model = folder.resolve("small.onnx");
        GenerateOptions small =
                GenerateOptions.defaults().withWidthDivisor(2).withInputSize(97).withClasses(10);
        ModelZoo.write("resnet18", small, model);
    }

    private static CompileResult compile(CompileOptions options) {
        return SardonyxCompiler.compile(model, options);
    }

    private static long count(CompileResult result, Predicate<KernelReport> which) {
        return result.kernels().stream().filter(which).count();
    }

    private static boolean isWinograd(KernelReport kernel) {
        return kernel.algorithm().contains("Winograd");
    }

    private static float[] logits(CompileOptions options) throws IOException {
        CompileResult result = compile(options);
        Path jar = folder.resolve("m.jar");
        result.writeJar(jar);
        try (CompiledJar loaded = CompiledJar.open(jar);
                Session session = loaded.model().newSession()) {
            float[][] outputs = BenchArrays.outputs(result.info());
            session.run(BenchArrays.inputs(result.info()), outputs);
            session.run(BenchArrays.inputs(result.info()), outputs); // the zeros around images are still zeros
            return outputs[0];
        }
    }

    @Test
    void exact_leaves_winograd_out() {
        assertThat(count(compile(DEFAULTS), PlanOptionsTest::isWinograd)).isPositive();
        assertThat(count(compile(EXACT), PlanOptionsTest::isWinograd)).isZero();
    }

    @Test
    void without_memory_planning_every_tensor_has_its_own_memory() {
        MemoryPlan planned = compile(EXACT).memory();
        MemoryPlan unplanned =
                compile(EXACT.withoutFusions(Set.of("plan-memory"))).memory();

        assertThat(planned.buffers()).isLessThan(planned.tensors());
        assertThat(unplanned.buffers()).isEqualTo(unplanned.tensors()).isEqualTo(planned.tensors());
        assertThat(unplanned.bytes()).isGreaterThan(planned.bytes());
    }

    /**
     * On an OpenCL device the first stage's 13 × 13 tiles of F(2x2) take most, transformed, for 32 channels, and their products as much;
     * without them the last stage's sums do, of 4 × 4 pixels and 256 channels, each in 2304 / 128 parts.
     */
    @Test
    void the_memory_plan_tells_what_a_device_may_take_besides() {
        String filtered = "up to 692 kB more for convolutions, as the device chooses";
        assertThat(compile(DEFAULTS).memory().scratch()).isZero();
        assertThat(compile(DEFAULTS.withTarget("opencl")).memory().scratch()).isEqualTo(2 * 13 * 13 * 16 * 32 * 4);
        assertThat(compile(EXACT.withTarget("opencl")).memory().scratch()).isEqualTo(4 * 4 * 256 * 18 * 4);
        assertThat(Sardonyx.run("inspect", model, "--target", "opencl").out()).contains(filtered);
        assertThat(Sardonyx.run("inspect", model).out()).doesNotContain("more for convolutions");
    }

    @Test
    void without_layout_planning_every_image_is_converted() {
        CompileResult planned = compile(EXACT);
        CompileResult unplanned = compile(EXACT.withoutFusions(Set.of("plan-layouts")));
        Predicate<KernelReport> copies = kernel -> kernel.algorithm().startsWith("copy");

        // 20 convolutions and a pooling of images: in and out; 8 of them have a residual as well; the input is copied
        // anyway.
        assertThat(count(unplanned, copies) - count(planned, copies)).isEqualTo(2 * 21 + 8 - 1);
        assertThat(count(unplanned, copies.negate())).isEqualTo(count(planned, copies.negate()));
    }

    @Test
    void options_change_rounding_at_most() throws IOException {
        float[] exact = logits(EXACT);

        assertThat(logits(EXACT.withoutFusions(Set.of("plan-memory")))).isEqualTo(exact);
        // The mean over pixels is summed in another order.
        assertThat(shareOfTolerance(EXACT.withoutFusions(Set.of("plan-layouts")), exact))
                .isBetween(0.0, 0.01);
        assertThat(shareOfTolerance(DEFAULTS, exact)).isBetween(1e-6, 0.2);
    }

    private static double shareOfTolerance(CompileOptions options, float[] expected) throws IOException {
        return OutputError.of(logits(options), expected, Tolerance.DEFAULT).shareOfTolerance();
    }

    @Test
    void the_jar_and_its_source_tell_the_options() {
        Path jar = folder.resolve("told.jar");
        Path sources = folder.resolve("sources");

        Outcome compiled = Sardonyx.run(
                "compile", model, "-o", jar, "--exact", "--no-fuse", "plan-memory", "--emit-source", sources);

        String options = "--target simd --no-fuse plan-memory --exact";
        assertThat(compiled.out()).containsPattern("options +" + options + "\n");
        try (CompiledJar loaded = CompiledJar.open(jar)) {
            assertThat(loaded.model().info().options()).isEqualTo(options);
        }
        assertThat(sources.resolve("models/small/Small.java")).content().contains("Options: " + options);
        assertThat(sources.resolve("models/small/SmallSimd512.java")).content().contains("Options: " + options);
    }

    @Test
    void a_jar_is_exact_or_not_already() {
        Path jar = folder.resolve("made.jar");
        Sardonyx.run("compile", model, "-o", jar);

        Outcome outcome = Sardonyx.run("bench", jar, "--exact");

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains("is compiled already").contains("--exact");
    }
}
