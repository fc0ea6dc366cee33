package dev.sardonyx.compiler.cli;

import dev.sardonyx.compiler.cli.Facts.Fact;
import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.driver.CompileResult;
import dev.sardonyx.compiler.driver.SardonyxCompiler;
import dev.sardonyx.runtime.cli.Destination;
import dev.sardonyx.runtime.cli.ErrorReport;
import dev.sardonyx.runtime.cli.Terminal;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sardonyx compile}. */
@Command(
        name = "compile",
        description = "Compiles an ONNX model into a jar that needs nothing but Java.",
        footer = {
            "Examples:",
            "  sardonyx compile resnet50.onnx -o resnet50.jar",
            "  sardonyx compile resnet50.onnx -o resnet50.jar --package com.acme --class ResNet50 --dim batch=8",
            "  sardonyx compile resnet50.onnx -o resnet50.jar --report resnet50.html --emit-source generated"
        })
final class Compile implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(paramLabel = "M.onnx", description = "The model.")
    private Path model;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "M.jar",
            description = "The jar to write.")
    private Path jar;

    @Option(
            names = "--package",
            paramLabel = "NAME",
            description =
                    "Java package of the model's class, and the jar's module (default: models.CLASS, in lower case).")
    private Optional<String> packageName = Optional.empty();

    @Option(
            names = "--class",
            paramLabel = "NAME",
            description = "Name of the model's class (default: from the file's name).")
    private Optional<String> className = Optional.empty();

    @Option(
            names = "--emit-source",
            paramLabel = "DIR",
            description = "Also write the sources there, Java and OpenCL C.")
    private Optional<Path> sources = Optional.empty();

    @Option(
            names = "--report",
            paramLabel = "R.html",
            description = "Also write a page on the model, its kernels and the jar.")
    private Optional<Path> report = Optional.empty();

    @ArgGroup(validate = false, heading = "%nHow to compile:%n")
    private ModelOptions options = new ModelOptions();

    @Option(names = "--dump", description = "Print the graph as read and after each pass.")
    private boolean dump;

    Compile(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        CompileOptions compileOptions = options.toCompileOptions(packageName, className);
        Destination.checkFile("-o", jar, model);
        sources.ifPresent(folder -> Destination.checkFolder("--emit-source", folder));
        report.ifPresent(file -> Destination.checkFile("--report", file, model, jar));
        CompileResult result;
        WrittenJar written;
        try (Progress progress = dump ? Progress.none() : Progress.ofCompilation(terminal, "compiling")) {
            result = SardonyxCompiler.compile(model, compileOptions, dump ? new Dump(terminal.out()) : progress);
            keepSources(result);
            written = WrittenJar.write(result, jar, progress);
        }
        sources.ifPresent(folder -> writeSources(result, folder));
        report.ifPresent(file -> HtmlReport.write(result, written, file));
        print(result, written);
        return ErrorReport.OK;
    }

    /** Not known before the model is read: which files hold its weights. */
    private void keepSources(CompileResult result) {
        Set<Path> read = result.imported().files();
        Destination.keep(read, "-o", jar);
        report.ifPresent(file -> Destination.keep(read, "--report", file));
        sources.ifPresent(folder ->
                result.sources(folder).keySet().forEach(file -> Destination.keep(read, "--emit-source", file)));
    }

    private static void writeSources(CompileResult result, Path folder) {
        try {
            result.writeSources(folder);
        } catch (IOException e) {
            throw Failures.usage(e);
        }
    }

    private void print(CompileResult result, WrittenJar written) {
        PrintStream out = terminal.out();
        Facts.print(Facts.tensors(result), out);
        Facts.printFused(result, out);
        Facts.print(Facts.code(result), out);
        Facts.print(written.facts(), out);
        Facts.print(List.of(new Fact("run it", written.command(result.info()))), out);
    }
}
