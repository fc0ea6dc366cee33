package dev.sardonyx.compiler.lowering;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The ONNX nodes that a call covers. */
final class Origins {

    /** More than joined calls ever cover in a real model; keeps lowering linear whatever the length of a chain. */
    private static final int MAX_JOINED = 100;

    private Origins() {}

    static boolean mayJoin(List<String> first, List<String> second) {
        return first.size() + second.size() <= MAX_JOINED;
    }

    /** The elements of both without repetition, in order. */
    static List<String> union(List<String> first, List<String> second) {
        Set<String> union = new LinkedHashSet<>(first);
        union.addAll(second);
        return List.copyOf(union);
    }
}
