package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.LoadOptions.Tuning;
import dev.sardonyx.runtime.UnsupportedMachineException;
import dev.sardonyx.runtime.opencl.KernelChoice.Algorithm;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds the fastest algorithm, tile and split for convolutions by trying them on the device: each is compared with the plainest
 * kernel first, then timed by the device's own clock.
 */
final class Tuner {

    private static final System.Logger LOG = System.getLogger("dev.sardonyx");

    /** Direct products, and as many of each size of Winograd's tiles. */
    private static final int QUICK_CANDIDATES = 4;

    private static final int QUICK_RUNS = 3;
    private static final int FULL_RUNS = 10;

    private final Devices.Handle device;
    private final Precision precision;
    private final KernelChoice choice;
    private final Tuning tuning;
    private final Consumer<String> progress;

    Tuner(Devices.Handle device, Precision precision, Tuning tuning, Consumer<String> progress) {
        this.device = device;
        this.precision = precision;
        this.tuning = tuning;
        this.progress = progress;
        choice = new KernelChoice(device.device(), precision);
    }

    /** Tries the convolutions that {@code known} lacks, or all of them where tuning is full, and adds what is found to it. */
    void tune(Set<ConvolutionShape> shapes, TuningFile known) {
        List<ConvolutionShape> open = shapes.stream()
                .filter(shape -> choice.alternatives(shape, 2).size() > 1)
                .filter(shape ->
                        tuning == Tuning.FULL || known.find(shape, choice).isEmpty())
                .toList();
        for (int i = 0; i < open.size(); i++) {
            progress.accept("trying kernels for convolution " + (i + 1) + " of " + open.size());
            ConvolutionShape shape = open.get(i);
            fastest(shape)
                    .ifPresent(best -> known.add(Map.of(shape, best))); // now, for tuning takes long and may be cut off
        }
    }

    private Optional<Algorithm> fastest(ConvolutionShape shape) {
        List<Algorithm> candidates =
                choice.alternatives(shape, tuning == Tuning.QUICK ? QUICK_CANDIDATES : Integer.MAX_VALUE);
        Optional<Algorithm> best = Optional.empty();
        long shortest = Long.MAX_VALUE;
        Trial trial = new Trial(device, precision, shape);
        try {
            build(trial, candidates);
            Trial.Result expected = trial.run(new Algorithm.Direct(), 0);
            for (Algorithm candidate : candidates) {
                try {
                    Trial.Result result = trial.run(candidate, tuning == Tuning.QUICK ? QUICK_RUNS : FULL_RUNS);
                    boolean right = result.agrees(expected, Trial.allowedError(precision, candidate));
                    LOG.log(
                            System.Logger.Level.DEBUG,
                            "{0}: {1} ns{2}",
                            candidate,
                            Long.toString(result.nanoseconds()),
                            right ? "" : ", but wrong");
                    if (right && result.nanoseconds() < shortest) {
                        shortest = result.nanoseconds();
                        best = Optional.of(candidate);
                    }
                } catch (UnsupportedMachineException e) { // too much for the device: no candidate then
                    LOG.log(System.Logger.Level.DEBUG, "{0} is left out: {1}", candidate, e.getMessage());
                    abandon(trial); // a context in which a kernel has failed may be of no use any more
                    trial = new Trial(device, precision, shape);
                }
            }
        } finally {
            trial.close();
        }
        return best;
    }

    /** What has failed may not even be released; the next trial tells whether the device still works. */
    private static void abandon(Trial trial) {
        try {
            trial.close();
        } catch (UnsupportedMachineException e) {
            LOG.log(System.Logger.Level.DEBUG, "not all is released: {0}", e.getMessage());
        }
    }

    private static void build(Trial trial, List<Algorithm> candidates) {
        try {
            trial.build(candidates);
        } catch (UnsupportedMachineException e) { // to be met again by the candidate
            LOG.log(System.Logger.Level.DEBUG, "not all kernels can be built: {0}", e.getMessage());
        }
    }
}
