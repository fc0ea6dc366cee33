package dev.sardonyx.compiler.cli;

import dev.sardonyx.compiler.driver.SardonyxCompiler;
import dev.sardonyx.runtime.cli.ErrorReport;
import dev.sardonyx.runtime.cli.InputFiles;
import dev.sardonyx.runtime.cli.Terminal;
import dev.sardonyx.runtime.cli.UsageException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The {@code sardonyx} command: what each word does lives in a class of its own. */
@Command(
        name = "sardonyx",
        description = "Compiles ResNet-style ONNX models into deployable jars.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        scope = ScopeType.INHERIT,
        sortOptions = false,
        usageHelpWidth = 110,
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%n",
        commandListHeading = "%nCommands:%n",
        footerHeading = "%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:ran, and the answer is \"no\" (verify)",
            "2:bad usage or bad input",
            "3:the machine lacks something"
        },
        footer = {
            "Examples:",
            "  sardonyx demo",
            "  sardonyx compile resnet50.onnx -o resnet50.jar",
            "  java -jar resnet50.jar run --image cat.jpg --labels imagenet-labels.txt",
            "  sardonyx COMMAND --help"
        })
public final class Main implements Runnable {

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("UnusedVariable") // for the help; it is looked for in the arguments, since parsing them may fail
    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show the stack trace of an error.")
    private boolean debug;

    private Main() {}

    /**
     * Runs one command line and exits with its code.
     *
     * @param args the words after {@code sardonyx}
     */
    public static void main(String[] args) {
        int code = run(args, Terminal.system());
        if (System.out.checkError() && code == ErrorReport.OK) {
            code = ErrorReport.USAGE; // results were lost; quiet, as it is mostly the reader of a pipe who had enough
        }
        System.exit(code);
    }

    /**
     * Runs one command line. Never throws.
     *
     * @param args the words after {@code sardonyx}
     * @return the exit code
     */
    public static int run(String[] args, Terminal terminal) {
        CommandLine main = new CommandLine(new Main());
        for (Object command : List.of(
                new Demo(terminal),
                new Compile(terminal),
                new Run(terminal),
                new Verify(terminal),
                new Inspect(terminal),
                new Bench(terminal),
                new DevicesCommand(terminal),
                new Generate(terminal))) {
            main.addSubcommand(command);
        }
        boolean debug = List.of(args).contains("--debug");
        main.setExpandAtFiles(false)
                .setOut(new PrintWriter(terminal.out(), true, terminal.out().charset()))
                .setErr(new PrintWriter(terminal.err(), true, terminal.err().charset()))
                .setParameterExceptionHandler((failure, _) -> Failures.report(failure, terminal.err(), debug))
                .setExecutionExceptionHandler((failure, _, _) -> Failures.report(failure, terminal.err(), debug))
                .setExecutionStrategy(Main::execute)
                .registerConverter(Path.class, Main::path);
        try {
            return main.execute(args);
        } catch (Throwable failure) { // picocli leaves errors, as of memory, to its caller
            return Failures.report(failure, terminal.err(), debug);
        }
    }

    /** Refuses a second value where one counts, which picocli lets pass in groups of options, losing what came before. */
    private static int execute(ParseResult parsed) {
        ParseResult command = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
        for (OptionSpec option : command.matchedOptions()) {
            if (!option.isMultiValue() && option.originalStringValues().size() > 1) {
                throw new ParameterException(
                        command.commandSpec().commandLine(),
                        "option '" + option.longestName() + "' should be specified only once");
            }
        }
        return new RunLast().execute(parsed);
    }

    private static Path path(String text) {
        try {
            return InputFiles.path(text);
        } catch (UsageException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    /** Called when no command was named. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command is given");
    }

    /** The version in the jar's manifest, where Maven writes it. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"sardonyx " + SardonyxCompiler.version()};
        }
    }
}
