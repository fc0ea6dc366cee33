package dev.sardonyx.runtime.cli;

import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.ModelInfo;
import dev.sardonyx.runtime.TensorInfo;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** {@code info}: what a compiled model says of itself. */
public record InfoCommand() implements ModelCommand {

    @Override
    public int execute(CompiledModel model, Terminal terminal) {
        ModelInfo info = model.info();
        PrintStream out = terminal.out();
        line(out, "model", info.name());
        tensors(out, "input", info.inputs());
        tensors(out, "output", info.outputs());
        line(out, "parameters", String.format(Locale.ROOT, "%,d", info.parameters()));
        line(out, "MACs", String.format(Locale.ROOT, "%,d", info.multiplyAccumulates()));
        line(out, "engine", model.engine().description());
        line(out, "options", info.options());
        line(out, "source", "sha256 " + info.sourceSha256());
        line(out, "compiler", "Sardonyx " + info.compilerVersion());
        return ErrorReport.OK;
    }

    private static void tensors(PrintStream out, String kind, List<TensorInfo> tensors) {
        for (TensorInfo tensor : tensors) {
            line(out, kind, tensor.toString());
        }
    }

    private static void line(PrintStream out, String key, String value) {
        out.println(Printable.line(String.format(Locale.ROOT, "%-11s %s", key, value))
                .stripTrailing());
    }
}
