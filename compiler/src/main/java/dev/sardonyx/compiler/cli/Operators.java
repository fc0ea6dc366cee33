package dev.sardonyx.compiler.cli;

import dev.sardonyx.compiler.driver.CompileResult;
import dev.sardonyx.compiler.graph.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** How many nodes of each operator there are, stage by stage. */
final class Operators {

    /**
     * One operator, or all of them.
     *
     * @param name the operator
     * @param inFile its nodes in the ONNX file
     * @param asRead its nodes once what is constant is computed
     * @param fused its nodes after the passes
     */
    record Count(String name, int inFile, int asRead, int fused) {}

    private Operators() {}

    /** All operators by name. */
    static List<Count> of(CompileResult result) {
        Map<String, Integer> inFile = result.imported().metadata().operators();
        Map<String, Integer> asRead = count(result.before());
        Map<String, Integer> fused = count(result.after());
        SortedSet<String> names = new TreeSet<>(inFile.keySet());
        names.addAll(asRead.keySet());
        names.addAll(fused.keySet());
        List<Count> counts = new ArrayList<>();
        for (String name : names) {
            counts.add(new Count(
                    name, inFile.getOrDefault(name, 0), asRead.getOrDefault(name, 0), fused.getOrDefault(name, 0)));
        }
        return counts;
    }

    /** The sum of them. */
    static Count total(CompileResult result) {
        return new Count(
                "total",
                result.imported().metadata().nodes(),
                result.before().nodes().size(),
                result.after().nodes().size());
    }

    private static SortedMap<String, Integer> count(Graph graph) {
        SortedMap<String, Integer> counts = new TreeMap<>();
        graph.nodes().forEach(node -> counts.merge(node.op().name(), 1, Integer::sum));
        return counts;
    }
}
