package dev.sardonyx.compiler.cli;

import dev.sardonyx.compiler.driver.CompileObserver;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.GraphPrinter;
import dev.sardonyx.compiler.passes.Pass;
import java.io.PrintStream;

/** Prints the graph after every step, and only the name of a pass that changed nothing. */
final class Dump implements CompileObserver {

    private final PrintStream out;
    private String last = "";

    Dump(PrintStream out) {
        this.out = out;
    }

    @Override
    public void read(Graph graph) {
        print("as read", graph);
    }

    @Override
    public void passed(Pass pass, Graph graph) {
        print("after " + pass.name(), graph);
    }

    private void print(String title, Graph graph) {
        String text = GraphPrinter.print(graph);
        if (text.equals(last)) {
            out.println("== " + title + ": unchanged");
        } else {
            out.println("== " + title);
            out.print(text);
        }
        last = text;
    }
}
