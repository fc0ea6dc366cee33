package dev.sardonyx.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.codegen.interpreter.ProgramInterpreter;
import dev.sardonyx.codegen.program.Port;
import dev.sardonyx.codegen.program.Program;
import dev.sardonyx.codegen.simd.SimdTarget;
import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.Session;
import dev.sardonyx.runtime.SessionOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * Compares a compiled program with {@link ProgramInterpreter}: at every vector width and in plain Java, on one thread, on two, and on
 * a caller's executor.
 */
final class SimdCheck {

    private SimdCheck() {}

    /** Runs on random inputs; see {@link #check(Program, double, float[][]...)}. */
    static void check(Program program, double tolerance, Random random) throws Exception {
        check(program, tolerance, inputs(program, random));
    }

    /**
     * Runs on the given inputs, in every session one after another. Before each, it sees inputs of nothing but NaN, which may leave
     * no trace.
     *
     * @param tolerance largest error, as a part of an output's largest value
     */
    static void check(Program program, double tolerance, float[][]... inputs) throws Exception {
        check(program, new SimdTarget(), tolerance, inputs);
    }

    /** As {@link #check(Program, double, float[][]...)}, compiled for a certain target. */
    static void check(Program program, Target target, double tolerance, float[][]... inputs) throws Exception {
        List<List<float[]>> expected = Stream.of(inputs)
                .map(values -> ProgramInterpreter.run(program, List.of(values)))
                .toList();
        float[][] poison = program.inputs().stream()
                .map(port -> new float[port.buffer().elements()])
                .toArray(float[][]::new);
        for (float[] values : poison) {
            Arrays.fill(values, Float.NaN);
        }
        try (LoadedProgram loaded = new LoadedProgram(program, target);
                ExecutorService helpers = Executors.newCachedThreadPool()) {
            SessionOptions defaults = SessionOptions.defaults();
            List<SessionOptions> ways = List.of(
                    defaults, defaults.withThreads(2), defaults.withThreads(3).withExecutor(helpers));
            for (String simd : LoadedProgram.KERNELS) {
                try (CompiledModel model = loaded.load(simd)) {
                    for (SessionOptions way : ways) {
                        try (Session session = model.newSession(way)) {
                            for (int i = 0; i < inputs.length; i++) {
                                LoadedProgram.run(model, session, poison);
                                float[][] actual = LoadedProgram.run(model, session, inputs[i]);
                                String setting = "sardonyx.simd=" + simd + ", " + way;
                                compare(program, actual, expected.get(i), tolerance, setting);
                            }
                        }
                    }
                }
            }
        }
    }

    static float[][] inputs(Program program, Random random) {
        return program.inputs().stream()
                .map(port -> RandomCall.values(random, port.buffer().elements()))
                .toArray(float[][]::new);
    }

    private static void compare(
            Program program, float[][] actual, List<float[]> expected, double tolerance, String setting) {
        for (int output = 0; output < actual.length; output++) {
            float[] a = actual[output];
            float[] e = expected.get(output);
            double limit = tolerance * Math.max(1, largest(e));
            for (int i = 0; i < e.length; i++) {
                if (!agrees(a[i], e[i], limit)) {
                    Port port = program.outputs().get(output);
                    assertThat(a[i])
                            .as("%s, element %d of %s, limit %s, in %s", setting, i, port, limit, describe(program))
                            .isEqualTo(e[i]);
                }
            }
        }
    }

    private static boolean agrees(float actual, float expected, double limit) {
        return Float.compare(actual, expected) == 0 || Math.abs((double) actual - expected) <= limit;
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            if (Float.isFinite(value)) {
                largest = Math.max(largest, Math.abs(value));
            }
        }
        return largest;
    }

    private static String describe(Program program) {
        StringBuilder text = new StringBuilder();
        program.calls().forEach(call -> text.append("\n  ").append(call));
        return text.toString();
    }
}
