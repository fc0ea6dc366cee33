package dev.sardonyx.codegen;

import dev.sardonyx.codegen.program.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Random programs compute what the interpreter does. {@code -Dsardonyx.rounds=N} tries N programs instead of each one; compiling
 * them takes most of the time, so each holds several calls.
 */
class SimdEquivalenceTest {

    private static final int ROUNDS = Integer.getInteger("sardonyx.rounds", 1);

    /** Sums of up to some thousand products in another order; Winograd's F(4×4) loses a digit. */
    private static final double SINGLE = 2e-5;

    /** Errors add up along a chain of calls. */
    private static final double CHAIN = 5e-5;

    private static final int CALLS_OF_A_KIND = 6;
    private static final int MAX_ELEMENTS = 6000;

    @Property(tries = 30, shrinking = ShrinkingMode.OFF)
    void convolutions(@ForAll long seed) throws Exception {
        independent(seed, RandomCall::convolution);
    }

    @Property(tries = 6, shrinking = ShrinkingMode.OFF)
    void poolings(@ForAll long seed) throws Exception {
        independent(seed, RandomCall::pool);
    }

    @Property(tries = 6, shrinking = ShrinkingMode.OFF)
    void copies(@ForAll long seed) throws Exception {
        independent(seed, (call, x) -> call.movement(call.concat(x)));
    }

    @Property(tries = 6, shrinking = ShrinkingMode.OFF)
    void pointwise_expressions(@ForAll long seed) throws Exception {
        independent(seed, RandomCall::pointwise);
    }

    @Property(tries = 6, shrinking = ShrinkingMode.OFF)
    void matrix_products(@ForAll long seed) throws Exception {
        independent(seed, RandomCall::matrixProduct);
    }

    @Property(tries = 6, shrinking = ShrinkingMode.OFF)
    void reductions_and_normalisations(@ForAll long seed) throws Exception {
        independent(seed, (call, x) -> call.reduction(call.softmax(call.localResponseNormalization(x))));
    }

    @Property(tries = 15, shrinking = ShrinkingMode.OFF)
    void reshapes_between_convolutions(@ForAll long seed) throws Exception {
        independent(seed, (call, x) -> call.convolution(call.reshapeToImage(call.reshape(call.convolution(x)))));
    }

    @Property(tries = 60, shrinking = ShrinkingMode.OFF)
    void graphs_whose_values_have_several_readers(@ForAll long seed) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(seed + round);
            ProgramSketch sketch = new ProgramSketch();
            RandomCall call = new RandomCall(sketch, random);
            List<Buffer> values = new ArrayList<>();
            values.add(call.image());
            for (int i = 0; i < 10; i++) {
                Buffer x = random.nextInt(4) > 0 ? values.getLast() : values.get(random.nextInt(values.size()));
                Buffer y = call.any(x);
                if (y.elements() <= MAX_ELEMENTS) {
                    values.add(y);
                }
            }
            Buffer any = values.get(random.nextInt(values.size()));
            SimdCheck.check(sketch.build(values.getLast(), any, any), CHAIN, random);
        }
    }

    /** Adds calls to a program, from an image. */
    private interface Calls {
        Buffer add(RandomCall call, Buffer image);
    }

    private static void independent(long seed, Calls calls) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(seed + round);
            ProgramSketch sketch = new ProgramSketch();
            RandomCall call = new RandomCall(sketch, random);
            for (int i = 0; i < CALLS_OF_A_KIND; i++) {
                sketch.output(calls.add(call, call.image()));
            }
            SimdCheck.check(sketch.build(), SINGLE, random);
        }
    }
}
