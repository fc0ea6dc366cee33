package dev.sardonyx.compiler.cli;

import dev.sardonyx.codegen.KernelReport;
import dev.sardonyx.codegen.simd.Roofline;
import dev.sardonyx.codegen.simd.SimdTarget;
import dev.sardonyx.codegen.winograd.ErrorBudget;
import dev.sardonyx.compiler.InvalidModelException;
import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.driver.CompileResult;
import dev.sardonyx.compiler.driver.SardonyxCompiler;
import dev.sardonyx.compiler.onnx.ImportOptions;
import dev.sardonyx.compiler.onnx.ImportedModel;
import dev.sardonyx.compiler.onnx.OnnxImporter;
import dev.sardonyx.compiler.passes.PassReport;
import dev.sardonyx.runtime.cli.ErrorReport;
import dev.sardonyx.runtime.cli.Printable;
import dev.sardonyx.runtime.cli.Table;
import dev.sardonyx.runtime.cli.Terminal;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sardonyx inspect}. */
@Command(
        name = "inspect",
        description =
                "Shows a model before and after fusion: operators, parameters, MACs, memory plan, kernels. Lists the"
                        + " nodes that are not supported, if there are any; exit code 2 then.",
        footer = {
            "Examples:",
            "  sardonyx inspect resnet50.onnx --kernels",
            "  sardonyx inspect detector.onnx --dim height=480,width=640 --dump"
        })
final class Inspect implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(paramLabel = "M.onnx", description = "The model.")
    private Path model;

    @Option(
            names = "--kernels",
            description =
                    "Also show each kernel on the widest vectors: multiply-accumulates (those that its definition asks"
                            + " for), bytes of tensors and weights, their quotient, the predicted share of a core's FMA"
                            + " peak (bench --profile measures it), algorithm and tile, and the estimated error of"
                            + " Winograd's filtering, with the reason where it was refused.")
    private boolean kernels;

    @Option(names = "--dump", description = "Also print the graph as read and after each pass.")
    private boolean dump;

    @ArgGroup(validate = false, heading = "%nHow to compile:%n")
    private ModelOptions options = new ModelOptions();

    Inspect(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        PrintStream out = terminal.out();
        CompileOptions compileOptions = options.toCompileOptions();
        CompileResult result;
        try (Progress progress = dump ? Progress.none() : Progress.ofCompilation(terminal, "inspecting")) {
            result = SardonyxCompiler.compile(model, compileOptions, dump ? new Dump(out) : progress);
        } catch (InvalidModelException unsupported) {
            printFile(OnnxImporter.readMetadata(model, ImportOptions.withDims(compileOptions.dims())), out);
            throw unsupported;
        }
        out.println(Printable.line(model.toString()));
        Facts.print(Facts.model(result), out);
        Facts.print(Facts.code(result), out);
        out.println();
        printOperators(result, out);
        out.println();
        printPasses(result, out);
        if (kernels) {
            out.println();
            printKernels(result, out);
        }
        return ErrorReport.OK;
    }

    /** What there is to say of a model that does not compile. */
    private void printFile(ImportedModel.Metadata file, PrintStream out) {
        out.println(Printable.line(model.toString()));
        Facts.print(List.of(Facts.file(file)), out);
        out.println();
        Table table = new Table("operator", ">in the file");
        file.operators().forEach(table::row);
        table.row("total", file.nodes());
        table.print(out);
    }

    private static void printOperators(CompileResult result, PrintStream out) {
        Table table = new Table("operator", ">in the file", ">as read", ">fused");
        Operators.of(result).forEach(count -> table.row(count.name(), count.inFile(), count.asRead(), count.fused()));
        Operators.Count total = Operators.total(result);
        table.row(total.name(), total.inFile(), total.asRead(), total.fused());
        table.print(out);
    }

    private static void printPasses(CompileResult result, PrintStream out) {
        Table table = new Table("pass", "effect");
        for (PassReport report : result.passes()) {
            table.row(report.pass().name(), report.summary().orElse(""));
        }
        table.print(out);
    }

    private static void printKernels(CompileResult result, PrintStream out) {
        Table table = new Table(">no.", ">MACs", ">bytes", ">MACs/byte", ">of peak", "algorithm", "error", "kernel");
        int number = 1;
        for (KernelReport kernel : result.kernels()) {
            table.row(
                    number++,
                    Quantity.count(kernel.multiplyAccumulates()),
                    Quantity.bytes(kernel.bytes()),
                    intensity(kernel.multiplyAccumulates(), kernel.bytes()),
                    kernel.predictedShare().stream().mapToObj(Inspect::percent).collect(Collectors.joining()),
                    kernel.algorithm(),
                    kernel.accuracy(),
                    kernel.name());
        }
        long multiplied = result.kernels().stream()
                .mapToLong(KernelReport::multiplyAccumulates)
                .sum();
        long bytes = result.kernels().stream().mapToLong(KernelReport::bytes).sum();
        double time = result.kernels().stream()
                .flatMapToDouble(kernel -> kernel.time().stream())
                .sum();
        boolean predicted = time > 0;
        table.row(
                "all",
                Quantity.count(multiplied),
                Quantity.bytes(bytes),
                intensity(multiplied, bytes),
                predicted ? percent(multiplied / time) : "",
                "",
                "",
                "");
        table.print(out);
        if (predicted) {
            int bits = SimdTarget.WIDTHS.getFirst();
            out.println("of peak: predicted for one core with " + bits
                    + "-bit vectors; above 100 % where Winograd saves multiplications. A core does "
                    + Quantity.fixed(Roofline.of(bits).macsPerByte(), 0)
                    + " MACs in the time of a byte from memory, and computes or waits. Narrower vectors wait for"
                    + " fewer, so their algorithms may differ; bench --profile shows those of this machine.");
        }
        if (result.kernels().stream().anyMatch(kernel -> !kernel.accuracy().isEmpty())) {
            out.println("error: estimated from the weights, by the scale of the kernel's output; refused is what would"
                    + " exceed the kernel's share of " + Quantity.fixed(1e6 * ErrorBudget.NETWORK, 0)
                    + "e-6 (docs/decisions/0004-winograd.md).");
        }
    }

    private static String intensity(long multiplied, long bytes) {
        return multiplied == 0 ? "" : Quantity.fixed((double) multiplied / bytes, 1);
    }

    private static String percent(double share) {
        return Quantity.fixed(100 * share, 0) + " %";
    }
}
