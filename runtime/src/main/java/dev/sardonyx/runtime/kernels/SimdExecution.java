package dev.sardonyx.runtime.kernels;

import dev.sardonyx.runtime.Execution;
import dev.sardonyx.runtime.KernelProfile;
import dev.sardonyx.runtime.SessionOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

/** The slots of one session, and the loop over the steps. */
final class SimdExecution implements Execution {

    private final Step[] steps;
    private final float[][] slots;
    private final Team team;
    private final long[] nanoseconds;
    private final KernelEvents events;
    private long runs;

    SimdExecution(Step[] steps, int[] slotSizes, SessionOptions options) {
        this.steps = steps;
        slots = new float[slotSizes.length][];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = Arena.floats(slotSizes[i]);
        }
        int scratch = Arrays.stream(steps).mapToInt(Step::scratch).max().orElse(0);
        team = options.threads() == 1 ? Team.alone(slots, scratch) : new ThreadTeam(steps, slots, scratch, options);
        nanoseconds = new long[options.profiling() ? steps.length : 0];
        events = options.profiling() ? KernelEvents.recording() : KernelEvents.NONE;
    }

    @Override
    public void run(float[][] inputs, float[][] outputs) {
        System.arraycopy(inputs, 0, slots, 0, inputs.length);
        System.arraycopy(outputs, 0, slots, inputs.length, outputs.length);
        try {
            team.begin();
            if (nanoseconds.length == 0) {
                for (int i = 0; i < steps.length; i++) {
                    team.run(steps[i], i);
                }
            } else {
                runTimed();
            }
        } finally {
            team.end();
        }
    }

    private void runTimed() {
        for (int i = 0; i < steps.length; i++) {
            long start = System.nanoTime();
            events.begin();
            team.run(steps[i], i);
            long elapsed = System.nanoTime() - start;
            events.end(steps[i].info(), elapsed);
            nanoseconds[i] += elapsed;
        }
        runs++;
    }

    @Override
    public List<KernelProfile> profile() {
        IdentityHashMap<StepInfo, Long> times = new IdentityHashMap<>(); // a step's forms for each image share its info
        for (int i = 0; i < nanoseconds.length; i++) {
            times.merge(steps[i].info(), nanoseconds[i], Long::sum);
        }
        List<KernelProfile> profile = new ArrayList<>();
        for (Step step : steps) {
            Optional.ofNullable(times.remove(step.info())).ifPresent(time -> profile.add(profile(step.info(), time)));
        }
        return profile;
    }

    private KernelProfile profile(StepInfo info, long total) {
        return new KernelProfile(info.name(), info.algorithm(), runs, total, info.multiplyAccumulates(), info.bytes());
    }

    @Override
    public void close() {
        team.close();
    }
}
