package dev.sardonyx.compiler.cli;

import dev.sardonyx.codegen.MemoryPlan;
import dev.sardonyx.compiler.driver.CompileResult;
import dev.sardonyx.compiler.onnx.ImportedModel.Metadata;
import dev.sardonyx.compiler.passes.PassReport;
import dev.sardonyx.runtime.cli.Printable;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What there is to say of a model, in pairs of a heading and a line; the terminal and the HTML report show the same. */
final class Facts {

    /** A line of text, not escaped. */
    record Fact(String name, String value) {}

    private Facts() {}

    /** The file and the network in it. */
    static List<Fact> model(CompileResult result) {
        List<Fact> facts = new ArrayList<>();
        facts.add(file(result.imported().metadata()));
        facts.add(new Fact("sha256", result.info().sourceSha256()));
        facts.addAll(tensors(result));
        facts.add(new Fact("parameters", Quantity.exact(result.info().parameters())));
        facts.add(new Fact("MACs", Quantity.count(result.info().multiplyAccumulates()) + " an inference"));
        return facts;
    }

    /** What the file says of itself. */
    static Fact file(Metadata file) {
        String producer = file.producer().isEmpty() ? "" : ", written by " + file.producer();
        return new Fact("file", "ONNX opset %d, IR version %d%s".formatted(file.opset(), file.irVersion(), producer));
    }

    /** The network's inputs and outputs. */
    static List<Fact> tensors(CompileResult result) {
        List<Fact> facts = new ArrayList<>();
        result.info().inputs().forEach(input -> facts.add(new Fact("input", input.toString())));
        result.info().outputs().forEach(output -> facts.add(new Fact("output", output.toString())));
        return facts;
    }

    /** What the passes did, a line for each that did something. */
    static List<String> fused(CompileResult result) {
        List<String> lines = result.passes().stream()
                .map(PassReport::summary)
                .flatMap(Optional::stream)
                .toList();
        return lines.isEmpty() ? List.of("nothing") : lines;
    }

    /** What was generated. */
    static List<Fact> code(CompileResult result) {
        Operators.Count total = Operators.total(result);
        MemoryPlan memory = result.memory();
        return List.of(
                new Fact(
                        "operators",
                        "%s in the file, %s as read, %s fused"
                                .formatted(
                                        Quantity.exact(total.inFile()),
                                        Quantity.exact(total.asRead()),
                                        Quantity.exact(total.fused()))),
                new Fact("kernels", Quantity.exact(result.kernels().size())),
                new Fact("weights", Quantity.bytes(result.weightBytes())),
                new Fact(
                        "memory plan",
                        "%s a session: %s share %s%s"
                                .formatted(
                                        Quantity.bytes(memory.bytes()),
                                        Quantity.of(memory.tensors(), "tensor"),
                                        Quantity.of(memory.buffers(), "buffer"),
                                        memory.scratch() == 0
                                                ? ""
                                                : "; up to %s more for convolutions, as the device chooses"
                                                        .formatted(Quantity.bytes(memory.scratch())))),
                new Fact("options", result.info().options()));
    }

    /** Prints what the passes did. */
    static void printFused(CompileResult result, PrintStream out) {
        List<String> lines = fused(result);
        for (int i = 0; i < lines.size(); i++) {
            print(List.of(new Fact(i == 0 ? "fused" : "", lines.get(i))), out);
        }
    }

    /** Prints facts as an aligned list. */
    static void print(List<Fact> facts, PrintStream out) {
        for (Fact fact : facts) {
            out.println(Printable.line(String.format(Locale.ROOT, "  %-11s %s", fact.name(), fact.value()))
                    .stripTrailing());
        }
    }
}
