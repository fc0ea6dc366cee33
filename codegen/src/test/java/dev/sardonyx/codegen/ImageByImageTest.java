package dev.sardonyx.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Program;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.codegen.simd.SimdTarget;
import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.KernelProfile;
import dev.sardonyx.runtime.Session;
import dev.sardonyx.runtime.SessionOptions;
import dev.sardonyx.runtime.opencl.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Batches whose images go through several kernels one after another. */
class ImageByImageTest {

    /** As of chains of calls in {@link SimdEquivalenceTest}. */
    private static final double CHAIN = 5e-5;

    /** Nothing stays in such a cache, so batches are split wherever they can be. */
    private static final SimdTarget NO_CACHE = new SimdTarget(1);

    private static final Window PADDED = Window.of(3, 3).withPads(1, 1, 1, 1);

    @Example
    void large_maps_are_split_and_small_ones_are_not() {
        assertThat(algorithms(block(3, 32, 112))).allMatch(algorithm -> algorithm.endsWith(", for each of 3 images"));
        assertThat(algorithms(block(3, 32, 8))).noneMatch(algorithm -> algorithm.contains("images"));
        assertThat(algorithms(block(1, 32, 112))).noneMatch(algorithm -> algorithm.contains("images"));
    }

    @Example
    void many_weights_for_few_pixels_are_read_once() {
        assertThat(algorithms(block(16, 512, 7))).noneMatch(algorithm -> algorithm.contains("images"));
    }

    @Example
    void a_split_batch_computes_what_the_interpreter_does() throws Exception {
        Program program = block(3, 32, 24);
        assertThat(algorithms(program, NO_CACHE)).allMatch(algorithm -> algorithm.endsWith(", for each of 3 images"));

        SimdCheck.check(program, NO_CACHE, CHAIN, SimdCheck.inputs(program, new Random(1)));
    }

    @Example
    void the_profile_has_one_line_for_all_images() throws Exception {
        Program program = block(3, 32, 24);
        try (LoadedProgram loaded = new LoadedProgram(program, NO_CACHE);
                CompiledModel model = loaded.load("off");
                Session session = model.newSession(SessionOptions.defaults().withProfiling(true))) {
            LoadedProgram.run(model, session, SimdCheck.inputs(program, new Random(2)));

            assertThat(session.profile().stream()
                            .filter(kernel -> kernel.algorithm().contains("images"))
                            .mapToLong(KernelProfile::multiplyAccumulates)
                            .filter(multiplied -> multiplied > 0)) // not the pooling, packing or transforms
                    .containsExactlyInAnyOrder(3L * 24 * 24 * 32 * 32 * 9, 3L * 12 * 12 * 32 * 32);
        }
    }

    @Example
    void kernels_that_look_alike_have_lines_of_their_own() throws Exception {
        ProgramSketch sketch = new ProgramSketch();
        Buffer x = sketch.input(1, 4, 5, 5);
        Buffer y = sketch.input(1, 4, 5, 5);
        Program program = sketch.build(
                sketch.call(convolution(PADDED, 4, false), x.shape(), x),
                sketch.call(convolution(PADDED, 4, false), y.shape(), y));
        try (LoadedProgram loaded = new LoadedProgram(program);
                CompiledModel model = loaded.load("off");
                Session session = model.newSession(SessionOptions.defaults().withProfiling(true))) {
            assertThat(session.profile())
                    .filteredOn(kernel -> kernel.name().startsWith("Copy input"))
                    .hasSize(2);
        }
    }

    @Example
    void the_estimated_error_is_told() {
        assertThat(kernels(block(3, 32, 112), PlanOptions.DEFAULTS)).anySatisfy(kernel -> {
            assertThat(kernel.algorithm()).startsWith("Winograd").endsWith("images");
            assertThat(kernel.accuracy()).isNotEmpty();
        });
    }

    @Example
    void without_a_memory_plan_no_batch_is_split() {
        PlanOptions options = new PlanOptions(false, Set.of(Planning.MEMORY), Precision.FP32);

        assertThat(kernels(block(3, 32, 112), options))
                .noneMatch(kernel -> kernel.algorithm().contains("images"));
    }

    @Property(tries = 20, shrinking = ShrinkingMode.OFF)
    void random_graphs(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        ProgramSketch sketch = new ProgramSketch();
        RandomCall call = new RandomCall(sketch, random);
        List<Buffer> values = new ArrayList<>();
        values.add(sketch.input(2 + random.nextInt(2), 16, 7 + random.nextInt(6), 7 + random.nextInt(6)));
        for (int i = 0; i < 8; i++) {
            Buffer x = random.nextInt(3) > 0 ? values.getLast() : values.get(random.nextInt(values.size()));
            values.add(
                    switch (random.nextInt(10)) {
                        case 0 -> call.pointwise(x);
                        case 1, 2 -> call.pool(x);
                        default -> call.convolution(x);
                    });
        }
        Program program = sketch.build(values.getLast(), values.get(random.nextInt(values.size())));

        SimdCheck.check(program, NO_CACHE, CHAIN, SimdCheck.inputs(program, random));
    }

    /** A convolution, a pooling and a convolution that adds; what the first one leaves is an output too. */
    private static Program block(int images, int channels, int size) {
        ProgramSketch sketch = new ProgramSketch();
        Buffer x = sketch.input(images, channels, size, size);
        Buffer added = sketch.input(images, channels, size / 2, size / 2);
        Buffer y = sketch.call(convolution(PADDED, channels, false), x.shape(), x);
        Kernel pool =
                new Kernel.Pooling(Kernel.Pooling.Kind.MAX, Window.of(2, 2).withStrides(2, 2), false);
        Buffer z = sketch.call(pool, added.shape(), y);
        Buffer sum = sketch.call(convolution(Window.of(1, 1), channels, true), added.shape(), z, added);
        return sketch.build(y, sum);
    }

    private static Kernel convolution(Window window, int channels, boolean residual) {
        List<Integer> shape = List.of(channels, channels, window.kernelH(), window.kernelW());
        int count = channels * channels * window.kernelH() * window.kernelW();
        float[] weights = RandomCall.values(new Random(3), count);
        for (int i = 0; i < count; i++) {
            weights[i] /= (float) Math.sqrt((double) count / channels);
        }
        return new Kernel.Convolution(
                window, 1, new Constant(shape, weights), Optional.empty(), residual, new Activation.Relu());
    }

    private static List<String> algorithms(Program program) {
        return algorithms(program, new SimdTarget());
    }

    private static List<String> algorithms(Program program, SimdTarget target) {
        return kernels(program, target, PlanOptions.DEFAULTS).stream()
                .map(KernelReport::algorithm)
                .filter(algorithm -> !algorithm.equals("copy"))
                .toList();
    }

    private static List<KernelReport> kernels(Program program, PlanOptions options) {
        return kernels(program, new SimdTarget(), options);
    }

    private static List<KernelReport> kernels(Program program, SimdTarget target, PlanOptions options) {
        Compilation compilation = new Compilation(program, LoadedProgram.info(program), "models.test", options);
        return target.generate(compilation).kernels();
    }
}
