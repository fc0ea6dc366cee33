package dev.sardonyx.runtime.cli;

import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.LoadOptions;
import dev.sardonyx.runtime.ModelInfo;
import java.io.PrintStream;
import java.util.List;
import java.util.OptionalInt;

/**
 * The entry of a compiled jar's command line. The generated main class is
 *
 * <pre>{@code
 * public static void main(String[] args) {
 *     ModelMain.main(args, ResNet50.class, new Loader()); // Loader implements ModelLoader
 * }
 * }</pre>
 *
 * <p>{@code java -jar} cannot ask for the Vector API module. Where this JVM cannot add it by itself, {@link #main} starts a second one that
 * has it; until then it touches as few classes as it can.
 */
public final class ModelMain {

    private ModelMain() {}

    /**
     * Does what {@code args} say, in this JVM or in a second one, and ends the process with the exit code.
     *
     * @param mainClass the class whose {@code main} called this
     */
    public static void main(String[] args, Class<?> mainClass, ModelLoader loader) {
        ParentWatch.startIfRelaunched();
        main(args, mainClass, loader, true);
    }

    /** As {@link #main}, always in this JVM: for models that run on OpenCL devices only. */
    public static void mainWithoutVectors(String[] args, Class<?> mainClass, ModelLoader loader) {
        main(args, mainClass, loader, false);
    }

    private static void main(String[] args, Class<?> mainClass, ModelLoader loader, boolean vectors) {
        int code;
        try {
            Invocation invocation = Invocation.parse(args);
            OptionalInt child = vectors && invocation.kind() == Invocation.Kind.COMMAND
                    ? VectorApiRelaunch.relaunch(args, mainClass, System.err)
                    : OptionalInt.empty();
            code = child.isPresent() ? child.getAsInt() : execute(invocation, loader, Terminal.system());
        } catch (Throwable failure) {
            code = ErrorReport.report(failure, System.err, isDebug(args));
        }
        if (System.out.checkError() && code == ErrorReport.OK) {
            code = ErrorReport.USAGE; // results were lost; quiet, as it is mostly the reader of a pipe who had enough
        }
        System.exit(code);
    }

    /**
     * Does what {@code args} say in this JVM. Never throws.
     *
     * @param out takes results
     * @param err takes one line for an error
     * @return the exit code: 0 done, 1 the answer is "no", 2 bad usage or input, 3 the machine lacks something
     */
    public static int run(String[] args, ModelLoader loader, PrintStream out, PrintStream err) {
        try {
            return execute(Invocation.parse(args), loader, new Terminal(out, err, false));
        } catch (Throwable failure) {
            return ErrorReport.report(failure, err, isDebug(args));
        }
    }

    private static boolean isDebug(String[] args) {
        List<String> words = List.of(args);
        int end = words.contains("--") ? words.indexOf("--") : words.size();
        return words.subList(0, end).contains("--debug");
    }

    private static int execute(Invocation invocation, ModelLoader loader, Terminal terminal) {
        if (invocation.kind() == Invocation.Kind.HELP) {
            terminal.out().print(HelpText.of(invocation.topic()));
            return ErrorReport.OK;
        }
        if (invocation.kind() == Invocation.Kind.VERSION) {
            ModelInfo info = loader.info();
            terminal.out().println(Printable.line(info.name() + ", compiled by Sardonyx " + info.compilerVersion()));
            return ErrorReport.OK;
        }
        LoadOptions loading =
                invocation.loading().withWarmUp(warmUp(invocation)).withProgress(terminal::progress);
        try (CompiledModel model = loader.load(loading)) {
            terminal.progressDone();
            LoadWishes.check(loading, model);
            return invocation.command().orElseThrow().execute(model, terminal);
        }
    }

    private static LoadOptions.WarmUp warmUp(Invocation invocation) {
        return invocation.topic().equals("info") ? LoadOptions.WarmUp.NONE : LoadOptions.WarmUp.WAIT;
    }
}
