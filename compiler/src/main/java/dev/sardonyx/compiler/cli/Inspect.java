package dev.sardonyx.compiler.cli;

import dev.sardonyx.codegen.KernelReport;
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

    @Option(names = "--kernels", description = "Also show each kernel, with the algorithm for the widest vectors.")
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
        Table table = new Table(">no.", ">MACs", ">bytes", "algorithm", "kernel");
        int number = 1;
        for (KernelReport kernel : result.kernels()) {
            table.row(
                    number++,
                    Quantity.count(kernel.multiplyAccumulates()),
                    Quantity.bytes(kernel.bytes()),
                    kernel.algorithm(),
                    kernel.name());
        }
        table.print(out);
    }
}
