package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.UnsupportedMachineException;
import dev.sardonyx.runtime.opencl.ConvolutionShape.Activation;
import dev.sardonyx.runtime.opencl.KernelChoice.Algorithm;
import java.util.Optional;

/** Whether a device has tensor cores that a kernel can reach, which is found out by trying. */
final class TensorCores {

    /** Computes what tensor cores would in plain OpenCL C, on any device: for tests, for it is slow. */
    private static final String EMULATE = "sardonyx.opencl.emulate";

    /** Several warps, fragments of a warp, pieces of a sum, and a last piece that is not full. */
    private static final Algorithm ON_TENSOR_CORES = new Algorithm.Product(new WarpTile(32, 32, 32, 16, 16), 1);

    private static final ConvolutionShape SHAPE = new ConvolutionShape(
            1, 5, 5, 8, 5, 5, 24, 3, 3, 1, 1, 1, 1, 1, 1, 1, true, false, Activation.of(Activation.Kind.RELU), 0);

    private TensorCores() {}

    static boolean emulated() {
        return Boolean.getBoolean(EMULATE);
    }

    /**
     * The precision itself, or the one that does without tensor cores where the device has none or they give wrong products; a
     * warning of the logger {@code dev.sardonyx} then says so.
     */
    static Precision supported(Devices.Handle device, Precision wanted) {
        if (!wanted.usesTensorCores()) {
            return wanted;
        }
        Optional<String> problem = problem(device, wanted);
        problem.ifPresent(reason -> System.getLogger("dev.sardonyx")
                .log(
                        System.Logger.Level.WARNING,
                        "{0} does not compute in {1}, so in {2} instead: {3}",
                        device.device().name(),
                        wanted.id(),
                        wanted.withoutTensorCores().id(),
                        reason));
        return problem.isEmpty() ? wanted : wanted.withoutTensorCores();
    }

    private static Optional<String> problem(Devices.Handle device, Precision wanted) {
        if (!emulated()
                && !device.device().platform().contains("NVIDIA")) { // whose compiler would say so on its own output
            return Optional.of("it is not one of NVIDIA's");
        }
        return problemOf(device, wanted);
    }

    /** What comes of trying; empty where products are right. */
    static Optional<String> problemOf(Devices.Handle device, Precision wanted) {
        try (Trial trial = new Trial(device, wanted, SHAPE)) {
            Trial.Result expected = trial.run(new Algorithm.Direct(), 0);
            return trial.run(ON_TENSOR_CORES, 0).agrees(expected, Trial.allowedError(wanted, ON_TENSOR_CORES))
                    ? Optional.empty()
                    : Optional.of("its tensor cores give wrong products");
        } catch (UnsupportedMachineException e) {
            return Optional.of("its driver takes no kernel for tensor cores");
        }
    }
}
