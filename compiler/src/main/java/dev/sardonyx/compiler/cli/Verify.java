package dev.sardonyx.compiler.cli;

import dev.sardonyx.runtime.cli.ModelCommand;
import dev.sardonyx.runtime.cli.Terminal;
import dev.sardonyx.runtime.cli.Tolerance;
import dev.sardonyx.runtime.cli.VerifyCommand;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sardonyx verify}. */
@Command(
        name = "verify",
        description = "Compares a model's outputs with expected ones. Exit code 1 if one of them is over the tolerance:"
                + " allowed is |a-b| <= ATOL + RTOL*|b| for value a and reference b.",
        footer = {
            "Examples:",
            "  sardonyx verify resnet50.onnx testdata",
            "  sardonyx verify resnet50.jar testdata --rtol 1e-2 --atol 1e-3"
        })
final class Verify implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "M.jar|M.onnx", description = "A compiled model, or one to compile first.")
    private Path model;

    @Parameters(
            index = "1",
            paramLabel = "DATA_DIR",
            description = "Holds test_data_set_*/input_K.pb and output_K.pb, as ONNX's own tests do.")
    private Path data;

    @Option(names = "--rtol", paramLabel = "R", description = "The relative part (default 0.001).")
    private Optional<Double> relative = Optional.empty();

    @Option(
            names = "--atol",
            paramLabel = "A",
            description = "The absolute part (default 0.0001 times the largest |b| of the output).")
    private Optional<Double> absolute = Optional.empty();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that work on one inference (default " + ModelCommand.DEFAULT_THREADS + ").")
    private int threads = ModelCommand.DEFAULT_THREADS;

    @Mixin
    private DeviceOptions device = new DeviceOptions();

    @ArgGroup(validate = false, heading = "%nFor an ONNX file:%n")
    private ModelOptions options = new ModelOptions();

    Verify(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Tolerance tolerance = new Tolerance(
                absolute.map(OptionalDouble::of).orElseGet(OptionalDouble::empty),
                relative.orElse(Tolerance.DEFAULT.relative()));
        return ModelRunner.run(new VerifyCommand(data, tolerance, threads), model, options, device, terminal);
    }
}
